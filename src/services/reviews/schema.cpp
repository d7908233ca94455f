#include "services/reviews/schema.hpp"

#include "platform/sql/outbox.hpp"

namespace oficio::reviews {
namespace {

// Times are milliseconds since 1970, UTC.
constexpr auto tables = R"(
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
CREATE INDEX reviews_due ON reviews (due_at) WHERE published_at IS NULL;
CREATE INDEX reviews_gig ON reviews (gig_id, published_at, id) WHERE side = 'buyer';
CREATE INDEX reviews_seller ON reviews (about_username, published_at, id) WHERE side = 'buyer';
CREATE TABLE ratings (
  subject VARCHAR(60) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  n1 BIGINT NOT NULL,
  n2 BIGINT NOT NULL,
  n3 BIGINT NOT NULL,
  n4 BIGINT NOT NULL,
  n5 BIGINT NOT NULL
);
)";

}  // namespace

std::vector<sql::migration> schema(sql::dialect d) {
  return {{1, "orders, reviews, ratings", tables + sql::outbox_table(d)}};
}

}  // namespace oficio::reviews
