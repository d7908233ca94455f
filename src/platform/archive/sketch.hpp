#pragma once

#include <cstdint>
#include <vector>

#include "platform/archive/archive.hpp"

namespace oficio::archive {

// Percentiles of many durations in little memory: each is kept as the power of 1.02 that it is
// nearest to, so what is told is within one per cent. Up to an hour; longer ones count as that.
class sketch {
 public:
  void add(std::int64_t microseconds);
  std::int64_t count() const { return count_; }
  // Of a share (0.95), in milliseconds; nothing if nothing was added.
  std::optional<double> at(double share) const;
  archive::latency latency() const { return {at(0.5), at(0.95), at(0.99)}; }

 private:
  std::vector<std::uint32_t> buckets_;
  std::int64_t count_ = 0;
};

}  // namespace oficio::archive
