#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe.hpp>

#include "platform/base/money.hpp"
#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/json/reader.hpp"

namespace oficio::chat {

inline constexpr std::chrono::seconds shortest_offer{60};
inline constexpr std::chrono::seconds usual_offer{std::chrono::days(7)};
inline constexpr std::chrono::seconds longest_offer{std::chrono::days(30)};

enum class offer_status { open, declined, withdrawn, expired, ordered };
BOOST_DESCRIBE_ENUM(offer_status, open, declined, withdrawn, expired, ordered)

// Work on own terms that a seller offers to one person. It lives in its message, whose id it
// shares. It is accepted by ordering it.
struct offer {
  std::string id;
  std::string gig_id;
  std::string seller_id;
  std::string buyer_id;
  std::string title;
  std::string description;
  money price;
  std::int64_t delivery_days = 0;
  std::int64_t revisions = 0;
  time_point expires_at;
  offer_status status = offer_status::open;
  std::optional<std::string> order_id;  // what it became, once that is known

  // As it is by that time, whether or not somebody has written it down yet.
  offer_status status_at(time_point now) const {
    return status == offer_status::open && expires_at <= now ? offer_status::expired : status;
  }
  // The same terms, whatever became of it since.
  bool same_terms(const offer& other) const;
};
BOOST_DESCRIBE_STRUCT(offer, (),
                      (id, gig_id, seller_id, buyer_id, title, description, price, delivery_days,
                       revisions, expires_at, status, order_id))

// Declines or withdraws (`to`) the offer. False if that was done before. Errors: not_found for
// strangers; forbidden `not_your_turn` for the other side; conflict `offer_closed` unless it is
// open.
result<bool> close(offer& o, offer_status to, const std::string& account_id, time_point now);

// What a seller says to make one. Without a title it has its gig's; at most one of `expires_in`
// (seconds) and `expires_at`.
struct new_offer {
  std::string gig_id;
  std::optional<std::string> title;
  std::string description;
  money price;
  std::int64_t delivery_days = 0;
  std::int64_t revisions = 0;
  std::optional<std::int64_t> expires_in;
  std::optional<time_point> expires_at;
  std::optional<std::string> client_id;
};
BOOST_DESCRIBE_STRUCT(new_offer, (),
                      (gig_id, title, description, price, delivery_days, revisions, expires_in,
                       expires_at, client_id))
void check(const new_offer& input, json::violations& out);
// What depends on the installation and on the time of the day: its currency, and that the offer
// ends neither too soon nor too late. Gives the time when it ends.
result<time_point> end_of(const new_offer& input, const std::string& currency, time_point now);

// What chat knows of a gig: its own copy, fed by events. A removed one stays, so that an older
// event cannot bring it back.
struct known_gig {
  std::string id;
  std::int64_t version = 0;
  std::string seller_id;
  std::string title;
  bool removed = false;
};
BOOST_DESCRIBE_STRUCT(known_gig, (), (id, version, seller_id, title, removed))

}  // namespace oficio::chat
