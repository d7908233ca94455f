#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>
#include <boost/json/object.hpp>

#include "platform/base/result.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders {

struct package_terms {
  std::string name;
  std::int64_t price = 0;  // minor units of gig_terms::currency
  std::int64_t delivery_days = 0;
  std::int64_t revisions = 0;
};
BOOST_DESCRIBE_STRUCT(package_terms, (), (name, price, delivery_days, revisions))

// What an order needs to know of a gig: our own copy, kept up by the gig's events. One that cannot
// be ordered any more (paused or removed) stays, so that an older event cannot bring it back.
struct gig_terms {
  std::string id;
  std::int64_t version = 0;   // of the event that told it
  std::int64_t revision = 0;  // the seller's edits
  bool orderable = false;
  party seller;
  std::string title;
  std::string currency;
  std::vector<package_terms> packages;

  const package_terms* find_package(const std::string& name) const;
};
BOOST_DESCRIBE_STRUCT(gig_terms, (),
                      (id, version, revision, orderable, seller, title, currency, packages))

// Reads `gig` of a gigs.gig.* event. Errors: internal `unreadable_document`.
result<gig_terms> read_terms(const std::string& type, std::int64_t version,
                             const boost::json::object& data);

}  // namespace oficio::orders
