#include "platform/telemetry/destinations.hpp"

#include <algorithm>
#include <cmath>

namespace oficio::telemetry {
namespace {

constexpr std::int64_t minute_us = 60'000'000;

}  // namespace

void destinations::add(const span_facts& call) {
  if (call.target.empty() || !(call.weight > 0)) return;
  auto minute = call.time_us - call.time_us % minute_us;
  key of{minute,
         call.service,
         call.target,
         std::string(call.type),
         std::string(call.subtype),
         std::string(call.outcome)};
  std::lock_guard lock(guard_);
  auto found = sums_.find(of);
  if (found == sums_.end()) {
    if (sums_.size() == most) return;
    found = sums_.emplace(std::move(of), sums{}).first;
  }
  found->second.count += call.weight;
  found->second.us += call.weight * static_cast<double>(call.duration_us);
}

std::vector<destination_facts> destinations::take(std::int64_t time_us) {
  std::vector<destination_facts> out;
  std::lock_guard lock(guard_);
  while (!sums_.empty()) {
    auto& [of, added] = *sums_.begin();
    const auto& [minute, service, target, type, subtype, outcome] = of;
    if (minute > time_us - minute_us) break;
    out.push_back({.service = service,
                   .target = target,
                   .type = type,
                   .subtype = subtype,
                   .outcome = outcome,
                   .minute_us = minute,
                   .count = std::max<std::int64_t>(1, std::llround(added.count)),
                   .sum_us = std::llround(added.us)});
    sums_.erase(sums_.begin());
  }
  return out;
}

}  // namespace oficio::telemetry
