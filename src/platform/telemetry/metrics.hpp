#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oficio::telemetry {

// {{"route", "/gigs/{id}"}}: values come from sets that are known beforehand, never from a client.
using labels = std::vector<std::pair<std::string, std::string>>;

// Only grows. All three kinds are safe from any thread, and cheap: no lock.
class counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class gauge {
 public:
  void set(double v) { value_.store(v, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

// How often a duration was at most so long, in seconds.
class histogram {
 public:
  static constexpr std::array<double, 12> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                 0.1,   0.25,   0.5,   1,    2.5,   10};

  void observe(double seconds);
  void observe(std::chrono::nanoseconds time) {
    observe(std::chrono::duration<double>(time).count());
  }

  std::uint64_t count(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};  // the last: longer than all
  std::atomic<double> sum_{0};
};

// Given to those who tell their figures only when asked.
class reading {
 public:
  virtual ~reading() = default;
  virtual void count(std::string_view name, std::string_view help, const labels& of,
                     double value) = 0;
  virtual void level(std::string_view name, std::string_view help, const labels& of,
                     double value) = 0;
  // Only metrics::tell() has these.
  virtual void durations(std::string_view name, const labels& of, const histogram& value) {
    static_cast<void>(name);
    static_cast<void>(of);
    static_cast<void>(value);
  }
};

// All figures of a process, as Prometheus reads them. Thread-safe. What it gives out lives as long
// as it does; ask once and keep it, asking takes a lock. A name has at most `max_series` sets of
// labels: what comes later is counted together under "other".
class metrics {
 public:
  static constexpr std::size_t max_series = 2'000;

  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  counter& count(std::string_view name, std::string_view help, const labels& of = {});
  gauge& level(std::string_view name, std::string_view help, const labels& of = {});
  histogram& durations(std::string_view name, std::string_view help, const labels& of = {});

  // `tell` is called by each text(), on its thread; it must not block. It is forgotten with the
  // handle that it comes with.
  using handle = std::shared_ptr<void>;
  [[nodiscard]] handle on_read(std::function<void(reading&)> tell);

  // Prometheus' text format, version 0.0.4.
  std::string text() const;
  // The same figures one by one.
  void tell(reading& to) const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

// How long calls of that part take ("mongodb/orders"; `what`: query, or change), as
// oficio_call_duration_seconds. Null if there are no figures.
histogram* call_durations(metrics* in, const std::string& part, std::string_view what);

// Memory, processor time, open files and age of this process, under the names that Prometheus'
// own libraries use.
void tell_process(reading& to);

}  // namespace oficio::telemetry
