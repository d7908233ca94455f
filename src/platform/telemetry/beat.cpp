#include "platform/telemetry/beat.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <thread>
#include <utility>

namespace oficio::telemetry {
namespace {

constexpr std::size_t most_documents = 1'000;  // of one beat

std::string without(std::string_view name, std::string_view prefix, std::string_view suffix) {
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return std::string(name);
}

std::string own_field(std::string_view name, std::string_view suffix) {
  return "oficio." + without(name, "oficio_", suffix);
}

// {total, available} in bytes, as the kernel tells.
std::pair<double, double> system_memory() {
  std::ifstream in("/proc/meminfo");
  double total = 0;
  double available = 0;
  for (std::string name; in >> name;) {
    double kilobytes = 0;
    if (!(in >> kilobytes)) break;
    if (name == "MemTotal:") total = kilobytes * 1'024;
    if (name == "MemAvailable:") available = kilobytes * 1'024;
    in.ignore(64, '\n');
  }
  return {total, available};
}

// {busy, all} of the machine's processors since it began, in ticks.
std::pair<double, double> system_processor() {
  std::ifstream in("/proc/stat");
  std::string name;
  in >> name;  // "cpu": user nice system idle iowait irq softirq steal
  double all = 0;
  double idle = 0;
  double value = 0;
  for (int i = 0; i < 8 && in >> value; ++i) {
    all += value;
    if (i == 3 || i == 4) idle += value;
  }
  return {all - idle, all};
}

}  // namespace

class metric_documents::gathering final : public reading {
 public:
  gathering(metric_documents& of, std::chrono::seconds interval) : of_(of), interval_(interval) {}

  void count(std::string_view name, std::string_view help, const labels& by,
             double value) override {
    static_cast<void>(help);
    if (name == "process_cpu_seconds_total") return processor(value);
    add_more(counted(own_field(name, "_total")), by, value);
  }

  void level(std::string_view name, std::string_view help, const labels& by,
             double value) override {
    static_cast<void>(help);
    if (name == "process_resident_memory_bytes") {
      return add("system.process.memory.rss.bytes", by, value);
    }
    if (name == "process_virtual_memory_bytes") {
      return add("system.process.memory.size", by, value);
    }
    if (name == "process_open_fds") return add("system.process.fd.open", by, value);
    if (name == "process_threads") return add("system.process.threads", by, value);
    if (name.starts_with("process_")) return;
    auto field = own_field(name, "");
    if (of_.counted_.contains(field)) field += ".now";
    auto& before = of_.before_[key(field, by)];
    // Without labels there is a document for it in any case, and 0 may be what somebody waits for.
    if (value != 0 || before != 0 || by.empty()) add(field, by, value);
    before = value;
  }

  void durations(std::string_view name, const labels& by, const histogram& value) override {
    double count = 0;
    for (std::size_t i = 0; i <= histogram::bounds.size(); ++i) {
      count += static_cast<double>(value.count(i));
    }
    auto field = own_field(name, "_seconds");
    if (add_more(counted(field), by, count)) {
      add_more(field + ".sum_us", by, value.sum() * 1e6);
    }
  }

  std::map<labels, std::vector<std::pair<std::string, double>>> samples;

 private:
  std::string counted(const std::string& field) {
    of_.counted_.insert(field);
    return field + ".count";
  }

  static std::string key(const std::string& field, const labels& by) {
    std::string out = field;
    for (const auto& [name, value] : by) out.append("\n").append(name).append("=").append(value);
    return out;
  }

  void add(std::string_view field, const labels& by, double value) {
    samples[by].emplace_back(field, value);
  }

  bool add_more(const std::string& field, const labels& by, double value) {
    auto& before = of_.before_[key(field, by)];
    auto more = value - std::exchange(before, value);
    if (more <= 0) return false;
    add(field, by, more);
    return true;
  }

  void processor(double seconds) {
    auto before = std::exchange(of_.cpu_before_, seconds);
    if (before < 0 || interval_.count() <= 0) return;
    auto cores = std::max(1U, std::thread::hardware_concurrency());
    add("system.process.cpu.total.norm.pct", {},
        std::clamp((seconds - before) / static_cast<double>(interval_.count()) / cores, 0.0, 1.0));
  }

  metric_documents& of_;
  const std::chrono::seconds interval_;
};

std::vector<record> metric_documents::make(const metrics& of, std::int64_t time_us,
                                           std::chrono::seconds interval) {
  gathering now(*this, interval);
  of.tell(now);
  auto [total, available] = system_memory();
  now.samples[{}].emplace_back("system.memory.total", total);
  now.samples[{}].emplace_back("system.memory.actual.free", available);
  auto [busy, all] = system_processor();
  if (all > all_before_ && all_before_ > 0) {
    now.samples[{}].emplace_back("system.cpu.total.norm.pct",
                                 (busy - busy_before_) / (all - all_before_));
  }
  busy_before_ = busy;
  all_before_ = all;
  std::vector<record> out;
  for (auto& [by, samples] : now.samples) {
    if (out.size() == most_documents) break;
    metric_facts facts{.service = service_,
                       .labels = by,
                       .samples = std::move(samples),
                       .time_us = time_us,
                       .interval_s = interval.count()};
    auto own =
        std::ranges::find(facts.labels, "service", &std::pair<std::string, std::string>::first);
    if (own != facts.labels.end()) {
      facts.service = own->second;
      facts.labels.erase(own);
    }
    out.push_back(metric_record(from_, facts));
  }
  return out;
}

beat::beat(const metrics& of, intake& to, origin from, std::string service, besides also,
           std::chrono::seconds interval)
    : of_(of),
      to_(to),
      interval_(interval),
      also_(std::move(also)),
      documents_(std::move(from), std::move(service)),
      thread_([this] { run(); }) {}

beat::~beat() {
  {
    std::lock_guard lock(guard_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void beat::tell(std::int64_t until_us) {
  for (auto& r : documents_.make(of_, now_us(), interval_)) to_.offer(std::move(r));
  if (also_) also_(until_us);
}

void beat::run() {
  std::unique_lock lock(guard_);
  while (!changed_.wait_for(lock, interval_, [this] { return stop_; })) {
    lock.unlock();
    tell(now_us());
    lock.lock();
  }
  lock.unlock();
  tell(std::numeric_limits<std::int64_t>::max());
}

}  // namespace oficio::telemetry
