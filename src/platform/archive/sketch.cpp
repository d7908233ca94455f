#include "platform/archive/sketch.hpp"

#include <algorithm>
#include <cmath>

namespace oficio::archive {
namespace {

constexpr double base = 1.02;
constexpr std::int64_t longest = 3'600'000'000;

std::size_t bucket_of(std::int64_t microseconds) {
  auto bounded = static_cast<double>(std::clamp<std::int64_t>(microseconds, 1, longest));
  return static_cast<std::size_t>(std::lround(std::log(bounded) / std::log(base)));
}

}  // namespace

void sketch::add(std::int64_t microseconds) {
  auto bucket = bucket_of(microseconds);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
}

std::optional<double> sketch::at(double share) const {
  if (count_ == 0) return std::nullopt;
  auto wanted =
      std::max<std::int64_t>(std::llround(std::ceil(share * static_cast<double>(count_))), 1);
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::pow(base, static_cast<double>(i)) / 1'000;
  }
  return std::nullopt;
}

}  // namespace oficio::archive
