#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe.hpp>

#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/json/check.hpp"

namespace oficio::reviews {

// How long after its completion an order can be reviewed, and a review that waits for the other
// side's stays hidden at most.
constexpr std::chrono::hours review_window{14 * 24};

// Who wrote a review.
enum class side { buyer, seller };
BOOST_DESCRIBE_ENUM(side, buyer, seller)

constexpr side other(side s) {
  return s == side::buyer ? side::seller : side::buyer;
}

struct person {
  std::string id;
  std::string username;

  friend bool operator==(const person&, const person&) = default;
};
BOOST_DESCRIBE_STRUCT(person, (), (id, username))

// The picture that somebody has now, or had when that version of their profile was told.
struct known_face {
  std::string id;  // of the account
  std::optional<std::string> avatar;
  std::int64_t version = 0;
};

// What reviews knows of a completed order. It never changes.
struct completed_order {
  std::string id;
  std::string gig_id;
  person buyer;
  person seller;
  time_point completed_at;

  std::optional<side> side_of(const std::string& account_id) const;
  const person& on(side s) const { return s == side::buyer ? buyer : seller; }
  time_point closes_at() const { return completed_at + review_window; }
};

// An order that is on its way; of one that is not completed nothing else matters.
struct placed_order {
  std::string id;
  std::string buyer_id;
  std::string seller_id;

  bool has(const std::string& account_id) const {
    return buyer_id == account_id || seller_id == account_id;
  }
};

// What a person writes.
struct review_request {
  std::int64_t rating = 0;  // 1 to 5
  std::string text;
};
BOOST_DESCRIBE_STRUCT(review_request, (), (rating, text))

void check(const review_request& r, json::violations& out);

struct reply_request {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(reply_request, (), (text))

void check(const reply_request& r, json::violations& out);

// What the one whom a review is about answers to it, once and for all to see.
struct reply {
  std::string text;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(reply, (), (text, created_at))

// A request that may come twice: the Idempotency-Key (empty: none) and a digest of what was asked.
struct request_mark {
  std::string key;
  std::string digest;
};

struct review {
  std::string id;
  std::string order_id;
  std::string gig_id;
  reviews::side side = reviews::side::buyer;
  person from;
  person about;
  std::int64_t rating = 0;
  std::string text;
  time_point written_at;
  time_point due_at;  // when it is published at the latest
  std::optional<time_point> published_at;
  std::optional<reviews::reply> reply;
  std::int64_t version = 1;
};

// A user name as it is looked for: without regard to case.
std::string handle_of(std::string_view username);
// Can an account have this user name? What cannot be is not waited for.
bool may_be_username(std::string_view text);

// A new, hidden review of `o` by that side.
review write_review(const completed_order& o, side by, const review_request& what, time_point now);

// The marks that a gig, or a person as seller or as buyer, has got in published reviews.
struct rating_sum {
  std::string id;                           // of the gig or account
  std::int64_t version = 0;                 // grows with every mark
  std::array<std::int64_t, 5> histogram{};  // how many of 1, 2, … 5

  std::int64_t count() const;
  double average() const;  // to two decimals; 0 without marks
};

}  // namespace oficio::reviews
