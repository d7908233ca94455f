#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace oficio::telemetry {

// Which traces are kept. The trace's own id decides, so that all processes with the same share keep
// the same traces whole, without telling each other. A process that would keep more than
// `per_second` keeps half, a quarter … of them for as long as that is so: always a part of what the
// others keep. Thread-safe.
class sampler {
 public:
  using clock_time = std::chrono::steady_clock::time_point;

  // `share`: 0 to 1. per_second 0: no limit.
  sampler(double share, double per_second) : share_(share), per_second_(per_second) {}

  // To be asked once for each piece of work: for how many it stands if it is kept, else 0. Counts
  // those that are kept.
  double keep(std::string_view trace_id, clock_time now);
  // The same without counting: for what is a part of work that was asked for already.
  double weight_of(std::string_view trace_id) const;

 private:
  void turn(clock_time now);
  void thin_out();

  const double share_;
  const double per_second_;
  std::atomic<int> halvings_{0};
  std::atomic<std::uint64_t> kept_{0};  // since the second began
  std::atomic<std::int64_t> second_{0};
  std::mutex turning_;
};

// Some in each second, and no more. Thread-safe.
class allowance {
 public:
  explicit allowance(std::uint64_t per_second) : per_second_(per_second) {}
  bool take(std::chrono::steady_clock::time_point now);

 private:
  const std::uint64_t per_second_;
  std::atomic<std::int64_t> second_{0};
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace oficio::telemetry
