#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "drivers/embedded/archive/queries.hpp"
#include "drivers/embedded/archive/source.hpp"
#include "platform/archive/sketch.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t most_routes = 100;
constexpr std::size_t most_keys = 2'000;  // in memory; what comes later is not told of

struct tally {
  double requests = 0;
  double errors = 0;
  std::int64_t recorded_errors = 0;
  archive::sketch durations;

  void add(std::int64_t us, double weight, bool failed) {
    requests += weight;
    if (failed) {
      errors += weight;
      ++recorded_errors;
    }
    durations.add(us);
  }
  template <class Row>
  void tell(Row& to) const {
    to.requests = std::max(static_cast<std::int64_t>(std::llround(requests)), durations.count());
    to.errors = std::max(static_cast<std::int64_t>(std::llround(errors)), recorded_errors);
    to.latency = durations.latency();
  }
};

template <class Key>
tally* find(std::map<Key, tally>& in, const Key& key) {
  auto found = in.find(key);
  if (found != in.end()) return &found->second;
  return in.size() < most_keys ? &in[key] : nullptr;
}

using route_key = std::pair<std::string, std::string>;

std::vector<archive::traffic> rows_of(const std::map<route_key, tally>& from) {
  std::vector<archive::traffic> out;
  for (const auto& [key, of] : from) {
    archive::traffic row{.service = key.first, .route = key.second};
    of.tell(row);
    out.push_back(std::move(row));
  }
  return out;
}

class counting {
 public:
  explicit counting(const archive::overview_query& q)
      : q_(q), from_(microseconds(q.when.from)), step_(q.step.count() * 1'000'000) {
    auto steps = (microseconds(q.when.to) - from_ + step_ - 1) / step_;
    series_.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(steps, 0, 500)));
  }

  void add(const statement& row) {
    auto service = row.text(1);
    bool failed = row.text(3) == "failure";
    auto us = row.integer(4);
    auto weight = row.real(5);
    if (auto* all = find(services_, route_key(service, ""))) all->add(us, weight, failed);
    if (!q_.service.empty() && service != q_.service) return;
    auto step = static_cast<std::size_t>((row.integer(0) - from_) / step_);
    if (step < series_.size()) series_[step].add(us, weight, failed);
    if (auto* one = find(routes_, route_key(service, row.text(2)))) one->add(us, weight, failed);
  }

  archive::overview done() const {
    archive::overview out;
    auto at = q_.when.from;
    for (const auto& one : series_) {
      archive::moment m{.at = at};
      one.tell(m);
      out.series.push_back(m);
      at += q_.step;
    }
    out.services = rows_of(services_);
    out.routes = rows_of(routes_);
    std::ranges::sort(out.routes, [](const archive::traffic& a, const archive::traffic& b) {
      return std::tuple(b.requests, std::string_view(a.service), std::string_view(a.route)) <
             std::tuple(a.requests, std::string_view(b.service), std::string_view(b.route));
    });
    if (out.routes.size() > most_routes) out.routes.resize(most_routes);
    return out;
  }

 private:
  const archive::overview_query& q_;
  std::int64_t from_;
  std::int64_t step_;
  std::vector<tally> series_;
  std::map<route_key, tally> services_;
  std::map<route_key, tally> routes_;
};

}  // namespace

archive::overview read_overview(connection& from, const archive::overview_query& q) {
  counting count(q);
  auto s = from.prepare(
      "SELECT time_us, service, name, outcome, duration_us, weight FROM records "
      "INDEXED BY records_of_requests "
      "WHERE kind = 'transaction' AND time_us >= ? AND time_us < ? AND status IS NOT NULL");
  s.bind(1, microseconds(q.when.from)).bind(2, microseconds(q.when.to));
  while (s.step()) count.add(s);
  return count.done();
}

}  // namespace oficio::embedded
