#pragma once

#include <cstdint>
#include <string>

#include <boost/describe.hpp>

#include "services/orders/rules.hpp"

namespace oficio::orders {

// How far something is that one side asks and the other answers.
enum class agreement {
  open,
  approved,
  rejected,
  lapsed  // the order went on or ended before anybody answered
};
BOOST_DESCRIBE_ENUM(agreement, open, approved, rejected, lapsed)

inline constexpr std::int64_t longest_extension_days = 30;
// How often each can be asked for in one order.
inline constexpr std::size_t max_extensions = 10;
inline constexpr std::size_t max_cancellation_requests = 10;  // of each side

// More time, asked for by the seller. The last one that was asked for.
struct order_extension {
  std::int64_t days = 0;
  std::string reason;
  agreement status = agreement::open;
};
BOOST_DESCRIBE_STRUCT(order_extension, (), (days, reason, status))

// One that a side may make alone is approved at once.
struct order_cancellation {
  side by = side::buyer;
  std::string reason;
  agreement status = agreement::open;
};
BOOST_DESCRIBE_STRUCT(order_cancellation, (), (by, reason, status))

}  // namespace oficio::orders
