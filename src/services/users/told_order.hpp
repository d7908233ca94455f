#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/users/notice.hpp"

namespace oficio::users {

struct told_party {
  std::string id;
  std::string username;
};
BOOST_DESCRIBE_STRUCT(told_party, (), (id, username))

struct told_cancellation {
  std::string by;  // "buyer", "seller", "system"
  std::string reason;
  std::string status;  // "requested", "approved", "rejected"
};
BOOST_DESCRIBE_STRUCT(told_cancellation, (), (by, reason, status))

struct told_extension {
  std::int64_t days = 0;
  std::string reason;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(told_extension, (), (days, reason, status))

// A delivery, or what a buyer wants changed.
struct told_words {
  std::string message;
};
BOOST_DESCRIBE_STRUCT(told_words, (), (message))

struct told_step {
  std::string type;
};
BOOST_DESCRIBE_STRUCT(told_step, (), (type))

// What users needs of an order in an event.
struct told_order {
  std::string id;
  told_party buyer;
  told_party seller;
  std::string gig_id;
  std::string gig_title;
  money price;
  money total;
  std::optional<time_point> due_at;
  std::optional<time_point> completed_at;
  std::optional<told_extension> extension;
  std::optional<told_cancellation> cancellation;
  std::vector<told_words> deliveries;
  std::vector<told_words> revision_requests;
  std::vector<told_step> timeline;
};
BOOST_DESCRIBE_STRUCT(told_order, (),
                      (id, buyer, seller, gig_id, gig_title, price, total, due_at, completed_at,
                       extension, cancellation, deliveries, revision_requests, timeline))

// Who should hear what of an order's event: account ids with what to tell them.
std::vector<std::pair<std::string, notice>> notices_of(const events::envelope& e,
                                                       const told_order& o);

}  // namespace oficio::users
