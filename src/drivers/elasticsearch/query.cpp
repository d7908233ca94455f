#include "drivers/elasticsearch/query.hpp"

#include <algorithm>

#include "drivers/elasticsearch/indexes.hpp"
#include "drivers/elasticsearch/server.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t most_hits = 10'000;         // index.max_result_window
constexpr std::int64_t most_counted = 1'000'000;  // beyond it a total is that number

bool is_counted(const search::query& q, const std::string& field) {
  return std::ranges::any_of(q.facets, [&](const auto& f) { return f.field == field; });
}

// The filters on fields for which `wanted` is true.
template <class Wanted>
json::array filters(const layout& fields, const search::query& q, Wanted wanted) {
  json::array out;
  for (const auto& f : q.terms) {
    if (wanted(f.field)) out.push_back(clause_of(fields, f));
  }
  for (const auto& f : q.ranges) {
    if (wanted(f.field)) out.push_back(clause_of(fields, f));
  }
  return out;
}

json::object counting(const layout& fields, const search::facet_request& f) {
  if (f.boundaries.empty()) {
    json::array order{json::object{{"_count", "desc"}}, json::object{{"_key", "asc"}}};
    return {{"terms",
             {{"field", fields.keyword(f.field)},
              {"size", std::int64_t(std::max<std::size_t>(f.limit, 1))},
              {"order", std::move(order)}}}};
  }
  json::array ranges;
  for (std::size_t i = 0; i < f.boundaries.size(); ++i) {
    json::object one{{"from", f.boundaries[i]}};
    if (i + 1 < f.boundaries.size()) one["to"] = f.boundaries[i + 1];
    ranges.push_back(std::move(one));
  }
  return {{"range", {{"field", fields.number(f.field)}, {"ranges", std::move(ranges)}}}};
}

// Each facet feels all filters but those on its own field.
json::object facets(const layout& fields, const search::query& q) {
  json::object out;
  for (std::size_t i = 0; i < q.facets.size(); ++i) {
    const auto& f = q.facets[i];
    auto others = filters(fields, q, [&](const std::string& field) {
      return field != f.field && is_counted(q, field);
    });
    out["f" + std::to_string(i)] = json::object{{"filter", filter_of(std::move(others))},
                                                {"aggs", {{"v", counting(fields, f)}}}};
  }
  return out;
}

// log(1 + value) * weight of each signal is added. The first function is for documents that have
// no signal at all, to which the server would otherwise add 1.
json::object with_signals(const layout& fields, json::object query) {
  if (fields.signals().empty()) return query;
  json::array functions{json::object{{"weight", 0}}};
  for (const auto& s : fields.signals()) {
    json::object value{{"field", s.path}, {"modifier", "ln1p"}, {"missing", 0}};
    functions.push_back(json::object{{"filter", {{"range", {{s.path, {{"gte", 0}}}}}}},
                                     {"field_value_factor", std::move(value)},
                                     {"weight", s.weight}});
  }
  return {{"function_score",
           {{"query", std::move(query)},
            {"functions", std::move(functions)},
            {"score_mode", "sum"},
            {"boost_mode", "sum"}}}};
}

json::object found_by(const layout& fields, const search::query& q, const understood* words) {
  auto all = filters(fields, q, [&](const std::string& field) { return !is_counted(q, field); });
  all.push_back(shown());
  if (!words) return filter_of(std::move(all));
  auto meant = with_meanings(fields, words->meanings, words->least);
  if (!q.sort.field.empty()) {
    all.push_back(std::move(meant));
    return filter_of(std::move(all));
  }
  json::object query{
      {"bool", {{"filter", std::move(all)}, {"must", json::array{std::move(meant)}}}}};
  return with_signals(fields, std::move(query));
}

search::facet read_facet(const search::facet_request& asked, const json::value* said) {
  search::facet out{asked.field, {}};
  const auto* buckets = said ? find(*said, {"v", "buckets"}) : nullptr;
  if (!buckets || !buckets->is_array()) return out;
  for (const auto& b : buckets->get_array()) {
    search::bucket one;
    one.count = integer_of(find(b, {"doc_count"}));
    if (asked.boundaries.empty()) {
      one.value = text_of(find(b, {"key"}));
      if (out.buckets.size() == asked.limit) break;
    } else {
      if (const auto* from = find(b, {"from"})) one.from = integer_of(from);
      if (const auto* to = find(b, {"to"})) one.to = integer_of(to);
    }
    out.buckets.push_back(std::move(one));
  }
  return out;
}

}  // namespace

result<json::object> search_request(const layout& fields, const search::query& q,
                                    const understood* words) {
  auto by = order_of(q, q.sort.field.empty() ? "" : fields.number(q.sort.field));
  auto size = std::min(q.limit, most_hits);
  json::object out{{"size", std::int64_t(size)},
                   {"track_total_hits", most_counted},
                   {"_source", json::array{"body"}},
                   {"version", true},
                   {"query", found_by(fields, q, words)}};
  if (q.after) {
    TRY(auto values, read_position(by, *q.after));
    if (size > 0) out["search_after"] = std::move(values);
  }
  if (size > 0) out["sort"] = std::move(by.sort);
  if (!q.facets.empty()) {
    out["post_filter"] = filter_of(
        filters(fields, q, [&](const std::string& field) { return is_counted(q, field); }));
    out["aggs"] = facets(fields, q);
  }
  return out;
}

result<void> check_whole(const json::value& said) {
  if (const auto* late = find(said, {"timed_out"}); late && late->is_bool() && late->get_bool()) {
    return error{errc::timeout, "deadline_exceeded", "The search took too long."};
  }
  if (integer_of(find(said, {"_shards", "failed"})) > 0) {
    return search_unavailable("A part of the search index does not answer.");
  }
  return {};
}

search::hit read_hit(const json::value& found) {
  search::hit out;
  out.body = text_of(find(found, {"_source", "body"}));
  out.version = inner_version(integer_of(find(found, {"_version"})));
  return out;
}

result<search::page> read_page(const layout& fields, const search::query& q,
                               const json::value& said) {
  TRY_VOID(check_whole(said));
  search::page out;
  out.total = integer_of(find(said, {"hits", "total", "value"}));
  auto by = order_of(q, q.sort.field.empty() ? "" : fields.number(q.sort.field));
  const auto* hits = find(said, {"hits", "hits"});
  if (hits && hits->is_array()) {
    for (const auto& h : hits->get_array()) {
      out.hits.push_back(read_hit(h));
      if (const auto* values = find(h, {"sort"}); values && values->is_array()) {
        out.hits.back().position = write_position(by, values->get_array());
      }
    }
  }
  for (std::size_t i = 0; i < q.facets.size(); ++i) {
    auto name = "f" + std::to_string(i);
    out.facets.push_back(read_facet(q.facets[i], find(said, {"aggregations", name})));
  }
  return out;
}

}  // namespace oficio::elasticsearch
