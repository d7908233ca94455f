#pragma once

#include <cstdint>
#include <string>

#include <boost/describe.hpp>
#include <boost/json/object.hpp>

#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders {

// What a seller offered to one buyer: our own copy, kept up by the offer's events.
struct offer_terms {
  std::string id;
  std::int64_t version = 0;  // of the event that told it
  bool open = false;         // neither declined nor withdrawn; that it expired is not told
  std::string gig_id;
  party seller;
  std::string buyer_id;
  std::string title;
  std::string currency;
  std::int64_t price = 0;  // minor units of `currency`
  std::int64_t delivery_days = 0;
  std::int64_t revisions = 0;
  time_point expires_at;

  bool can_be_ordered(time_point now) const { return open && now < expires_at; }
};
BOOST_DESCRIBE_STRUCT(offer_terms, (),
                      (id, version, open, gig_id, seller, buyer_id, title, currency, price,
                       delivery_days, revisions, expires_at))

// Reads a chat.offer.* event. Errors: internal `unreadable_document`.
result<offer_terms> read_offer(const std::string& type, std::int64_t version,
                               const boost::json::object& data);

}  // namespace oficio::orders
