#pragma once

#include <cstdint>
#include <string>

#include <boost/describe.hpp>

namespace oficio {

// An amount in minor units (cents) of one currency (ISO 4217).
struct money {
  std::int64_t amount = 0;
  std::string currency;

  friend bool operator==(const money&, const money&) = default;
};
BOOST_DESCRIBE_STRUCT(money, (), (amount, currency))

// `amount` times `basis_points` / 10,000, rounded half up (away from zero): 5.5 % is 550.
std::int64_t share_of(std::int64_t amount, std::int64_t basis_points);

}  // namespace oficio
