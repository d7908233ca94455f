#include <algorithm>
#include <tuple>

#include "drivers/elasticsearch/archive/asking.hpp"
#include "drivers/elasticsearch/archive/questions.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t most_services = 100;
constexpr std::size_t most_routes = 100;
constexpr std::size_t most_targets = 200;

const json::value nothing;

const json::value& aggregations(const json::value& said) {
  const auto* found = find(said, {"aggregations"});
  return found ? *found : nothing;
}

std::string key_of(const json::value& bucket) {
  return text_of(find(bucket, {"key"}));
}

archive::traffic traffic_of(const json::value& bucket, std::string service, std::string route) {
  auto read = read_figures(bucket);
  return {.service = std::move(service),
          .route = std::move(route),
          .requests = read.done,
          .errors = read.failed,
          .latency = read.latency};
}

// Empty steps, too: the server leaves out those at the ends.
std::vector<archive::moment> series_of(const json::value& from, const archive::overview_query& q) {
  std::vector<archive::moment> out;
  for (auto at = q.when.from; at < q.when.to && out.size() < 500; at += q.step) {
    out.push_back({.at = at});
  }
  for (const auto& bucket : buckets(from, "series")) {
    auto at = time_point(std::chrono::milliseconds(integer_of(find(bucket, {"key"}))));
    auto number = (at - q.when.from) / q.step;
    if (number < 0 || static_cast<std::size_t>(number) >= out.size()) continue;
    auto read = read_figures(bucket);
    auto& to = out[static_cast<std::size_t>(number)];
    to.requests = read.done;
    to.errors = read.failed;
    to.latency = read.latency;
  }
  return out;
}

}  // namespace

json::object ask_overview(const archive::overview_query& q) {
  auto step = std::chrono::milliseconds(q.step).count();
  // Steps begin where the range does.
  auto offset = q.when.from.time_since_epoch().count() % step;
  json::object series{{"date_histogram",
                       {{"field", "@timestamp"},
                        {"fixed_interval", std::to_string(step) + "ms"},
                        {"offset", std::to_string(offset) + "ms"},
                        {"min_doc_count", 1}}},
                      {"aggs", figures_of("transaction")}};
  auto routes =
      count_by("service.name", most_services,
               {{"routes", count_by("transaction.name", most_routes, figures_of("transaction"))}});
  json::array chosen;
  if (!q.service.empty()) chosen.emplace_back(term("service.name", q.service));
  return {{"size", 0},
          {"query", all_of({within(q.when), term("transaction.type", "request")})},
          {"aggs",
           {{"services", count_by("service.name", most_services, figures_of("transaction"))},
            {"chosen", only(all_of(std::move(chosen)),
                            {{"series", std::move(series)}, {"services", std::move(routes)}})}}}};
}

archive::overview read_overview(const json::value& said, const archive::overview_query& q) {
  const auto& from = aggregations(said);
  archive::overview out;
  for (const auto& bucket : buckets(from, "services")) {
    out.services.push_back(traffic_of(bucket, key_of(bucket), ""));
  }
  std::ranges::sort(out.services, std::less{}, &archive::traffic::service);
  const auto* chosen = find(from, {"chosen"});
  const auto& within_chosen = chosen ? *chosen : nothing;
  out.series = series_of(within_chosen, q);
  for (const auto& service : buckets(within_chosen, "services")) {
    for (const auto& route : buckets(service, "routes")) {
      out.routes.push_back(traffic_of(route, key_of(service), key_of(route)));
    }
  }
  std::ranges::sort(out.routes, [](const archive::traffic& a, const archive::traffic& b) {
    return std::tuple(b.requests, std::string_view(a.service), std::string_view(a.route)) <
           std::tuple(a.requests, std::string_view(b.service), std::string_view(b.route));
  });
  if (out.routes.size() > most_routes) out.routes.resize(most_routes);
  return out;
}

json::object ask_nodes(archive::time_range when) {
  auto figures = figures_of("transaction");
  figures["last"] = json::object{{"max", {{"field", "@timestamp"}}}};
  return {{"size", 0},
          {"query", all_of({within(when), term("processor.event", "transaction")})},
          {"aggs", {{"services", count_by("service.name", most_services, std::move(figures))}}}};
}

std::vector<archive::node> read_nodes(const json::value& said) {
  std::vector<archive::node> out;
  for (const auto& bucket : buckets(aggregations(said), "services")) {
    auto read = read_figures(bucket);
    out.push_back({.service = key_of(bucket),
                   .requests = read.done,
                   .errors = read.failed,
                   .latency = read.latency,
                   .last_at = time_in(bucket, "last")});
  }
  std::ranges::sort(out, std::less{}, &archive::node::service);
  return out;
}

json::object ask_edges(archive::time_range when) {
  auto figures = figures_of("span");
  figures["type"] = json::object{{"terms", {{"field", "span.type"}, {"size", 1}}}};
  auto targets = count_by("span.destination.service.resource", most_targets, std::move(figures));
  return {
      {"size", 0},
      {"query",
       all_of({within(when), {{"exists", {{"field", "span.destination.service.resource"}}}}})},
      {"aggs",
       {{"services", count_by("service.name", most_services, {{"targets", std::move(targets)}})}}}};
}

std::vector<archive::edge> read_edges(const json::value& said) {
  std::vector<archive::edge> out;
  for (const auto& service : buckets(aggregations(said), "services")) {
    for (const auto& target : buckets(service, "targets")) {
      auto read = read_figures(target);
      const auto& types = buckets(target, "type");
      out.push_back({.from = key_of(service),
                     .to = key_of(target),
                     .type = types.empty() ? "" : key_of(types.front()),
                     .calls = read.done,
                     .errors = read.failed,
                     .latency = read.latency});
    }
  }
  std::ranges::sort(out, [](const archive::edge& a, const archive::edge& b) {
    return std::tie(a.from, a.to) < std::tie(b.from, b.to);
  });
  if (out.size() > most_targets) out.resize(most_targets);
  return out;
}

}  // namespace oficio::elasticsearch
