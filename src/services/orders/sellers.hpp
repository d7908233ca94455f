#pragma once

#include <cstdint>
#include <string>

#include <boost/describe.hpp>
#include <boost/json/object.hpp>

#include "platform/base/result.hpp"

namespace oficio::orders {

// That an account sells: all that orders needs to know of a seller.
struct known_seller {
  std::string id;
  std::int64_t version = 0;  // of the event that told it
};
BOOST_DESCRIBE_STRUCT(known_seller, (), (id, version))

// Reads a users.seller.* event. Errors: internal `unreadable_document`.
result<known_seller> read_seller(std::int64_t version, const boost::json::object& data);

}  // namespace oficio::orders
