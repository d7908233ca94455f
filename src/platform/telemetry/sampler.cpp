#include "platform/telemetry/sampler.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace oficio::telemetry {
namespace {

constexpr int most_halvings = 20;

std::int64_t second_of(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

// A number in [0, 1) that is the trace's own: its last 52 bits, which W3C wants to be random, mixed
// for those who do not care.
double place_of(std::string_view trace_id) {
  std::uint64_t bits = 0;
  auto tail = trace_id.substr(trace_id.size() > 16 ? trace_id.size() - 16 : 0);
  std::from_chars(tail.data(), tail.data() + tail.size(), bits, 16);
  bits ^= bits >> 33U;
  bits *= 0xff51afd7ed558ccdULL;
  bits ^= bits >> 33U;
  return static_cast<double>(bits >> 12U) / static_cast<double>(1ULL << 52U);
}

}  // namespace

double sampler::weight_of(std::string_view trace_id) const {
  auto halvings = halvings_.load(std::memory_order_relaxed);
  if (place_of(trace_id) >= std::ldexp(share_, -halvings)) return 0;
  return std::ldexp(1 / share_, halvings);
}

double sampler::keep(std::string_view trace_id, clock_time now) {
  if (second_.load(std::memory_order_relaxed) != second_of(now)) turn(now);
  auto weight = weight_of(trace_id);
  if (weight <= 0) return 0;
  auto kept = kept_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (per_second_ > 0 && static_cast<double>(kept) >= 2 * per_second_) thin_out();
  return weight;
}

// The second in which a rush begins: half of what was kept, from here on.
void sampler::thin_out() {
  std::lock_guard lock(turning_);
  auto kept = kept_.load(std::memory_order_relaxed);
  if (static_cast<double>(kept) < 2 * per_second_) return;  // another thread was here
  auto halvings = halvings_.load(std::memory_order_relaxed);
  if (halvings < most_halvings) halvings_.store(halvings + 1, std::memory_order_relaxed);
  kept_.fetch_sub(kept / 2, std::memory_order_relaxed);
}

void sampler::turn(clock_time now) {
  std::lock_guard lock(turning_);
  auto second = second_of(now);
  auto before = second_.load(std::memory_order_relaxed);
  if (second <= before) return;
  auto kept = static_cast<double>(kept_.exchange(0, std::memory_order_relaxed)) /
              static_cast<double>(std::min<std::int64_t>(second - before, 10));
  second_.store(second, std::memory_order_relaxed);
  if (per_second_ <= 0) return;
  auto halvings = halvings_.load(std::memory_order_relaxed);
  // As many at once as the rush needs; back step by step.
  while (kept > per_second_ && halvings < most_halvings) {
    ++halvings;
    kept /= 2;
  }
  if (kept < per_second_ * 0.4 && halvings > 0) --halvings;
  halvings_.store(halvings, std::memory_order_relaxed);
}

bool allowance::take(std::chrono::steady_clock::time_point now) {
  auto second = second_of(now);
  if (second_.exchange(second, std::memory_order_relaxed) != second) {
    taken_.store(0, std::memory_order_relaxed);
  }
  return taken_.fetch_add(1, std::memory_order_relaxed) < per_second_;
}

}  // namespace oficio::telemetry
