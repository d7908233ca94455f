#include "platform/base/money.hpp"

namespace oficio {

std::int64_t share_of(std::int64_t amount, std::int64_t basis_points) {
  std::int64_t scaled = amount * basis_points;
  return (scaled + (scaled < 0 ? -5'000 : 5'000)) / 10'000;
}

}  // namespace oficio
