#include "drivers/elasticsearch/archive/asking.hpp"
#include "drivers/elasticsearch/archive/questions.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t most_pages = 50;
constexpr std::string_view lcp = "transaction.marks.agent.largestContentfulPaint";
constexpr std::string_view fcp = "transaction.marks.agent.firstContentfulPaint";
constexpr std::string_view ttfb = "transaction.marks.agent.timeToFirstByte";
constexpr std::string_view cls = "transaction.experience.cls";
constexpr std::string_view inp = "transaction.experience.inp";

void add_vital(json::object& to, const std::string& name, std::string_view field) {
  to[name] = percentiles(field, {75});
  to[name + "_count"] = json::object{
      {"value_count", {{"field", boost::json::string_view(field.data(), field.size())}}}};
}

archive::vital vital_in(const json::value& in, const std::string& name) {
  return {name, read_percentile(in, name), integer_of(find(in, {name + "_count", "value"}))};
}

// What is known at the end of a visit says more than what its first moments did.
archive::vital later_or_first(const json::value& ends, const json::value& loads,
                              const std::string& name) {
  auto later = vital_in(ends, name);
  return later.count > 0 ? later : vital_in(loads, name);
}

}  // namespace

json::object ask_browsers(archive::time_range when) {
  json::object loads;
  add_vital(loads, "lcp", lcp);
  add_vital(loads, "cls", cls);
  add_vital(loads, "fcp", fcp);
  add_vital(loads, "ttfb", ttfb);
  loads["pages"] = count_by(
      "transaction.name", most_pages,
      {{"took", percentiles("transaction.duration.us", {75})}, {"lcp", percentiles(lcp, {75})}});
  json::object ends;
  add_vital(ends, "lcp", lcp);
  add_vital(ends, "cls", cls);
  add_vital(ends, "inp", inp);
  return {{"size", 0},
          {"query", all_of({within(when)})},
          {"aggs",
           {{"loads", only(term("transaction.type", "page-load"), std::move(loads))},
            {"ends", only(term("transaction.type", "page-exit"), std::move(ends))}}}};
}

archive::browser_figures read_browsers(const json::value& said) {
  static const json::value nothing;
  const auto* found_loads = find(said, {"aggregations", "loads"});
  const auto* found_ends = find(said, {"aggregations", "ends"});
  const auto& loads = found_loads ? *found_loads : nothing;
  const auto& ends = found_ends ? *found_ends : nothing;
  archive::browser_figures out;
  out.loads = integer_of(find(loads, {"doc_count"}));
  out.vitals = {later_or_first(ends, loads, "lcp"), vital_in(ends, "inp"),
                later_or_first(ends, loads, "cls"), vital_in(loads, "fcp"),
                vital_in(loads, "ttfb")};
  for (const auto& bucket : buckets(loads, "pages")) {
    auto took = read_percentile(bucket, "took");
    if (took) *took /= 1'000;
    out.pages.push_back({.page = text_of(find(bucket, {"key"})),
                         .loads = integer_of(find(bucket, {"doc_count"})),
                         .load_p75_ms = took,
                         .lcp_p75_ms = read_percentile(bucket, "lcp")});
  }
  return out;
}

}  // namespace oficio::elasticsearch
