#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/base/time.hpp"

namespace oficio::events {

// A fact that an aggregate raised, before it is known when and with which id it is told.
// `data` is the aggregate's absolute state as others may know it, without `version` and `concerns`.
struct raised {
  std::string type;  // "gigs.gig.published"
  boost::json::object data;
  std::vector<std::string> concerns;  // account ids of the people that it is about
};

// A CloudEvents 1.0 envelope. `data` holds {version, concerns, …}.
struct envelope {
  std::string id;      // UUIDv5 of (aggregate id, write version, index)
  std::string source;  // "/oficio/gigs"
  std::string type;
  std::string subject;  // the aggregate's id: order is kept per subject
  time_point time;
  std::string traceparent;
  bool republished = false;
  boost::json::object data;

  std::int64_t version() const;  // data.version, 0 if absent
};

// The envelope of the `index`-th event that `aggregate_id` raised in its write number
// `write_version`.
envelope seal(const raised& r, std::string_view source, std::string_view aggregate_id,
              std::int64_t write_version, std::size_t index, time_point now, const context& ctx);

boost::json::object to_json(const envelope& e);
// Errors: bad_request `malformed_event`.
result<envelope> from_json(const boost::json::value& v);

}  // namespace oficio::events
