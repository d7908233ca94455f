#include "services/gateway/ops/range.hpp"

#include <algorithm>
#include <array>

namespace oficio::gateway {
namespace {

using std::chrono::seconds;

constexpr std::chrono::hours usual{1};
constexpr std::chrono::hours longest{24 * 31};

}  // namespace

result<archive::time_range> read_range(http::query_reader& query, time_point now) {
  std::vector<violation> wrong;
  auto read = [&](const char* name) -> std::optional<time_point> {
    auto text = query.text(name, 40);
    if (!text) return std::nullopt;
    auto parsed = parse_time(*text);
    if (!parsed) {
      wrong.push_back(
          {"?" + std::string(name), "type", "must be a time such as 2026-01-31T09:30:00Z"});
    }
    return parsed;
  };
  auto from = read("from");
  auto to = read("to");
  // What happens now is in it.
  auto end = to.value_or(now + seconds(1));
  archive::time_range out{from.value_or(end - usual), end};
  if (out.to - out.from < seconds(1)) {
    wrong.push_back({"?from", "range", "must be at least a second before `to`"});
  } else if (out.to - out.from > longest) {
    wrong.push_back({"?from", "range", "must be at most 31 days before `to`"});
  }
  if (!wrong.empty()) return invalid(std::move(wrong));
  return out;
}

archive::time_range around(time_point at) {
  return {at - seconds(5), at + std::chrono::minutes(1)};
}

seconds step_of(archive::time_range when) {
  constexpr std::array<int, 13> steps{1,     5,     10,    30,     60,     300,   600,
                                      1'800, 3'600, 7'200, 14'400, 43'200, 86'400};
  auto wanted = std::chrono::duration_cast<seconds>(when.to - when.from).count() / 75;
  auto found = std::ranges::find_if(steps, [&](int s) { return s >= wanted; });
  return seconds(found == steps.end() ? steps.back() : *found);
}

}  // namespace oficio::gateway
