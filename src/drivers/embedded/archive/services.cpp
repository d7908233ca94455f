#include <algorithm>
#include <cmath>
#include <map>

#include "drivers/embedded/archive/queries.hpp"
#include "drivers/embedded/archive/source.hpp"
#include "platform/archive/documents.hpp"
#include "platform/archive/sketch.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t most_nodes = 100;
constexpr std::size_t most_edges = 200;

struct work {
  double done = 0;
  double failed = 0;
  std::int64_t recorded_failures = 0;
  std::int64_t last_us = 0;
  std::int64_t last_row = 0;
  archive::sketch durations;

  void add(const statement& row, int first, bool has_failed) {
    auto weight = row.real(first + 3);
    done += weight;
    if (has_failed) {
      failed += weight;
      ++recorded_failures;
    }
    durations.add(row.integer(first + 2));
    last_us = std::max(last_us, row.integer(0));
  }
  std::int64_t all() const {
    return std::max(static_cast<std::int64_t>(std::llround(done)), durations.count());
  }
  std::int64_t failures() const {
    return std::max(static_cast<std::int64_t>(std::llround(failed)), recorded_failures);
  }
};

std::vector<archive::node> read_nodes(connection& from, archive::time_range when) {
  std::map<std::string, work> known;
  auto s = from.prepare(
      "SELECT time_us, service, outcome, duration_us, weight FROM records "
      "INDEXED BY records_of_requests "
      "WHERE kind = 'transaction' AND time_us >= ? AND time_us < ?");
  s.bind(1, microseconds(when.from)).bind(2, microseconds(when.to));
  while (s.step()) {
    auto service = s.text(1);
    if (known.size() < most_nodes || known.contains(service)) {
      known[service].add(s, 1, s.text(2) == "failure");
    }
  }
  std::vector<archive::node> out;
  for (const auto& [service, of] : known) {
    out.push_back({.service = service,
                   .requests = of.all(),
                   .errors = of.failures(),
                   .latency = of.durations.latency(),
                   .last_at = time_of(of.last_us)});
  }
  return out;
}

std::string type_of(connection& from, std::int64_t row) {
  auto s = from.prepare("SELECT document FROM records WHERE seq = ?");
  s.bind(1, row);
  return s.step() ? archive::text_in(parse_document(s.text(0)), "span.type") : std::string();
}

std::vector<archive::edge> read_edges(connection& from, archive::time_range when) {
  std::map<std::pair<std::string, std::string>, work> known;
  auto s = from.prepare(
      "SELECT time_us, service, outcome, duration_us, weight, target, seq, "
      "CASE outcome WHEN 'failure' THEN (SELECT status FROM records of WHERE of.seq = records.seq) "
      "END FROM records "
      "INDEXED BY records_of_calls "
      "WHERE target IS NOT NULL AND time_us >= ? AND time_us < ?");
  s.bind(1, microseconds(when.from)).bind(2, microseconds(when.to));
  while (s.step()) {
    std::pair key(s.text(1), s.text(5));
    if (known.size() >= most_edges && !known.contains(key)) continue;
    auto& one = known[key];
    auto status = s.integer(7);  // 0: no answer, or no HTTP
    one.add(s, 1, s.text(2) == "failure" && (status < 400 || status >= 500));
    one.last_row = s.integer(6);
  }
  std::vector<archive::edge> out;
  for (const auto& [key, of] : known) {
    out.push_back({.from = key.first,
                   .to = key.second,
                   .type = type_of(from, of.last_row),
                   .calls = of.all(),
                   .errors = of.failures(),
                   .latency = of.durations.latency()});
  }
  return out;
}

}  // namespace

archive::service_map read_services(connection& from, archive::time_range when) {
  return {read_nodes(from, when), read_edges(from, when)};
}

}  // namespace oficio::embedded
