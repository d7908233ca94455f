#include "services/reviews/schema.hpp"

#include <string_view>

#include "platform/sql/outbox.hpp"

namespace oficio::reviews {
namespace {

// The index of the rows where something is so holds those alone where that can be said; on MySQL it
// begins with what is so.
struct by_dialect {
  const char* partial;
  const char* whole;

  std::string_view in(sql::dialect d) const { return d == sql::dialect::mysql ? whole : partial; }
};

// Times are milliseconds since 1970, UTC.
constexpr auto first_tables = R"(
CREATE TABLE orders (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  gig_id VARCHAR(36) NOT NULL,
  buyer_id VARCHAR(36) NOT NULL,
  buyer_username VARCHAR(64) NOT NULL,
  seller_id VARCHAR(36) NOT NULL,
  seller_username VARCHAR(64) NOT NULL,
  completed_at BIGINT NOT NULL
);
CREATE TABLE reviews (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  order_id VARCHAR(36) NOT NULL REFERENCES orders (id),
  gig_id VARCHAR(36) NOT NULL,
  side VARCHAR(6) NOT NULL,
  from_id VARCHAR(36) NOT NULL,
  from_username VARCHAR(64) NOT NULL,
  about_id VARCHAR(36) NOT NULL,
  about_username VARCHAR(64) NOT NULL,
  rating SMALLINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
  body TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  published_at BIGINT,
  version BIGINT NOT NULL,
  request_key VARCHAR(100),
  request_digest VARCHAR(64) NOT NULL
);
CREATE UNIQUE INDEX reviews_side ON reviews (order_id, side);
CREATE UNIQUE INDEX reviews_request ON reviews (from_id, request_key);
)";
constexpr by_dialect first_indexes{
    R"(CREATE INDEX reviews_due ON reviews (due_at) WHERE published_at IS NULL;
CREATE INDEX reviews_gig ON reviews (gig_id, published_at, id) WHERE side = 'buyer';
CREATE INDEX reviews_seller ON reviews (about_username, published_at, id) WHERE side = 'buyer';
)",
    R"(CREATE INDEX reviews_due ON reviews (published_at, due_at);
CREATE INDEX reviews_gig ON reviews (gig_id, side, published_at, id);
CREATE INDEX reviews_seller ON reviews (about_username, side, published_at, id);
)"};
constexpr auto first_ratings = R"(CREATE TABLE ratings (
  subject VARCHAR(60) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  n1 BIGINT NOT NULL,
  n2 BIGINT NOT NULL,
  n3 BIGINT NOT NULL,
  n4 BIGINT NOT NULL,
  n5 BIGINT NOT NULL
);
)";

// Orders that are not completed yet, sellers by their names in lower case, and replies.
constexpr auto second_tables = R"(
ALTER TABLE reviews ADD COLUMN reply_body TEXT;
ALTER TABLE reviews ADD COLUMN replied_at BIGINT;
ALTER TABLE reviews ADD COLUMN reply_key VARCHAR(100);
ALTER TABLE reviews ADD COLUMN reply_digest VARCHAR(64);
CREATE TABLE placed_orders (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  buyer_id VARCHAR(36) NOT NULL,
  seller_id VARCHAR(36) NOT NULL
);
CREATE TABLE sellers (
  handle VARCHAR(64) NOT NULL PRIMARY KEY,
  id VARCHAR(36) NOT NULL
);
INSERT INTO sellers SELECT DISTINCT lower(seller_username), seller_id FROM orders;
)";
constexpr by_dialect second_indexes{
    R"(DROP INDEX reviews_seller;
CREATE INDEX reviews_about ON reviews (about_id, published_at, id) WHERE side = 'buyer';
CREATE INDEX reviews_about_mark ON reviews (about_id, rating, published_at, id)
  WHERE side = 'buyer';
CREATE INDEX reviews_gig_mark ON reviews (gig_id, rating, published_at, id) WHERE side = 'buyer';
CREATE UNIQUE INDEX reviews_reply ON reviews (about_id, reply_key);
)",
    R"(DROP INDEX reviews_seller ON reviews;
CREATE INDEX reviews_about ON reviews (about_id, side, published_at, id);
CREATE INDEX reviews_about_mark ON reviews (about_id, side, rating, published_at, id);
CREATE INDEX reviews_gig_mark ON reviews (gig_id, side, rating, published_at, id);
CREATE UNIQUE INDEX reviews_reply ON reviews (about_id, reply_key);
)"};

// The pictures of the people who write, as their profiles tell.
constexpr auto third_tables = R"(
CREATE TABLE people (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  avatar VARCHAR(100),
  version BIGINT NOT NULL
);
)";

template <class... Parts>
std::string joined(const Parts&... parts) {
  std::string all;
  ((all += parts), ...);
  return all;
}

}  // namespace

std::vector<sql::migration> schema(sql::dialect d) {
  return {{1, "orders, reviews, ratings",
           joined(first_tables, first_indexes.in(d), first_ratings, sql::outbox_table(d))},
          {2, "replies, orders under way, sellers", joined(second_tables, second_indexes.in(d))},
          {3, "people's pictures", third_tables}};
}

}  // namespace oficio::reviews
