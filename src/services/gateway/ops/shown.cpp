#include "services/gateway/ops/shown.hpp"

#include <map>

namespace oficio::gateway {
namespace {

json::value or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value or_null(std::int64_t number) {
  return number < 0 ? json::value(nullptr) : json::value(number);
}

service_shown shown(const archive::node& of) {
  return {.service = of.service,
          .health = "unknown",
          .requests = of.requests,
          .errors = of.errors,
          .latency = of.latency,
          .last_at = of.last_at};
}

}  // namespace

json::value shown(const archive::log_page& page, std::optional<std::string> next_cursor) {
  json::array items;
  for (const auto& line : page.items) {
    items.push_back(json::object{{"at", format_time(line.at)},
                                 {"service", line.service},
                                 {"level", line.level},
                                 {"message", line.message},
                                 {"trace_id", or_null(line.trace_id)},
                                 {"fields", line.document}});
  }
  return json::object{{"items", std::move(items)},
                      {"next_cursor", or_null(next_cursor.value_or(""))}};
}

json::value shown(const std::string& trace_id, archive::trace of) {
  json::array entries;
  auto begin = of.entries.empty() ? 0 : of.entries.front().at_us;
  for (auto& e : of.entries) {
    entries.push_back(
        json::object{{"kind", e.kind},
                     {"id", or_null(e.id)},
                     {"parent_id", or_null(e.parent_id)},
                     {"transaction_id", or_null(e.transaction_id)},
                     {"service", e.service},
                     {"name", e.name},
                     {"type", or_null(e.type)},
                     {"outcome", or_null(e.outcome)},
                     {"level", or_null(e.level)},
                     {"status", or_null(e.status)},
                     {"at", format_time(time_point(std::chrono::milliseconds(e.at_us / 1'000)))},
                     {"start_us", e.at_us - begin},
                     {"duration_us", or_null(e.duration_us)},
                     {"fields", std::move(e.document)}});
  }
  return json::object{{"trace_id", trace_id}, {"entries", std::move(entries)}, {"cut", of.cut}};
}

map_shown shown(const archive::service_map& map, const std::map<std::string, std::string>& health) {
  std::map<std::string, service_shown> all;
  for (const auto& node : map.nodes) all[node.service] = shown(node);
  for (const auto& [service, state] : health) {
    auto& one = all[service];
    one.service = service;
    one.health = state;
  }
  // Browsers handle nothing, they only call.
  for (const auto& edge : map.edges) {
    auto& one = all[edge.from];
    if (one.service.empty()) one = {.service = edge.from, .health = "unknown"};
  }
  map_shown out;
  for (auto& [name, one] : all) out.services.push_back(std::move(one));
  for (const auto& edge : map.edges) {
    // A service is named alone, a server with what is kept there: "http/orders", "mongodb/orders".
    constexpr std::string_view by_http = "http/";
    auto to = edge.to.starts_with(by_http) ? edge.to.substr(by_http.size()) : edge.to;
    out.dependencies.push_back({.from = edge.from,
                                .to = std::move(to),
                                .type = edge.type,
                                .calls = edge.calls,
                                .errors = edge.errors,
                                .latency = edge.latency});
  }
  return out;
}

}  // namespace oficio::gateway
