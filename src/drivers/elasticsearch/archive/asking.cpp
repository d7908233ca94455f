#include "drivers/elasticsearch/archive/asking.hpp"

#include <algorithm>
#include <cmath>

namespace oficio::elasticsearch {
namespace {

boost::json::string_view text(std::string_view from) {
  return {from.data(), from.size()};
}

const json::array& no_items() {
  static const json::array none;
  return none;
}

json::object sum_of_weights(const std::string& what) {
  // What says nothing of it stands for itself.
  return {{"sum", {{"field", what + ".representative_count"}, {"missing", 1}}}};
}

// What the weights say, but never less than there are documents.
std::int64_t estimate(const json::value* weights, const json::value* documents) {
  return std::max(static_cast<std::int64_t>(std::llround(number_of(weights))),
                  integer_of(documents));
}

// A call that was refused (4xx) is a failure to who called, but not of what was called.
json::object failures_of(const std::string& what) {
  json::object out{{"filter", json::array{term("event.outcome", "failure")}}};
  if (what == "span") {
    out["must_not"] =
        json::array{{{"range", {{"http.response.status_code", {{"gte", 400}, {"lt", 500}}}}}}};
  }
  return {{"bool", std::move(out)}};
}

}  // namespace

json::object within(archive::time_range when) {
  return {{"range",
           {{"@timestamp",
             {{"gte", when.from.time_since_epoch().count()},
              {"lt", when.to.time_since_epoch().count()},
              {"format", "epoch_millis"}}}}}};
}

json::object term(std::string_view field, const std::string& value) {
  json::object one;
  one[field] = value;
  return {{"term", std::move(one)}};
}

json::object terms(std::string_view field, const std::vector<std::string>& any_of) {
  json::array values;
  for (const auto& v : any_of) values.emplace_back(text(v));
  json::object one;
  one[field] = std::move(values);
  return {{"terms", std::move(one)}};
}

json::object all_of(json::array filters) {
  return {{"bool", {{"filter", std::move(filters)}}}};
}

json::object count_by(std::string_view field, std::size_t most, json::object within_each) {
  return {{"terms", {{"field", text(field)}, {"size", most}}}, {"aggs", std::move(within_each)}};
}

json::object only(json::object filter, json::object within_it) {
  return {{"filter", std::move(filter)}, {"aggs", std::move(within_it)}};
}

json::object percentiles(std::string_view field, std::initializer_list<double> percents) {
  json::array list;
  for (auto p : percents) list.emplace_back(p);
  return {
      {"percentiles", {{"field", text(field)}, {"percents", std::move(list)}, {"keyed", false}}}};
}

json::object figures_of(const std::string& what) {
  return {{"done", sum_of_weights(what)},
          {"failed", only(failures_of(what), {{"done", sum_of_weights(what)}})},
          {"took", percentiles(what + ".duration.us", {50, 95, 99})}};
}

figures read_figures(const json::value& in) {
  auto ms = [&](std::size_t number) -> std::optional<double> {
    auto us = read_percentile(in, "took", number);
    if (!us) return std::nullopt;
    return *us / 1'000;
  };
  return {
      .done = estimate(find(in, {"done", "value"}), find(in, {"doc_count"})),
      .failed = estimate(find(in, {"failed", "done", "value"}), find(in, {"failed", "doc_count"})),
      .latency = {ms(0), ms(1), ms(2)}};
}

std::optional<double> read_percentile(const json::value& in, std::string_view name,
                                      std::size_t number) {
  const auto* list = find(in, {name, "values"});
  const auto* values = list ? list->if_array() : nullptr;
  if (!values || number >= values->size()) return std::nullopt;
  const auto* value = find((*values)[number], {"value"});
  // Of nothing it is null, or the text "NaN".
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

const json::array& buckets(const json::value& in, std::string_view name) {
  const auto* list = find(in, {name, "buckets"});
  return list && list->is_array() ? list->get_array() : no_items();
}

time_point time_in(const json::value& in, std::string_view name) {
  return time_point(std::chrono::milliseconds(std::llround(number_of(find(in, {name, "value"})))));
}

const json::array& hits(const json::value& in) {
  const auto* list = find(in, {"hits", "hits"});
  return list && list->is_array() ? list->get_array() : no_items();
}

json::object source_of(const json::value& hit) {
  const auto* source = find(hit, {"_source"});
  return source && source->is_object() ? source->get_object() : json::object{};
}

}  // namespace oficio::elasticsearch
