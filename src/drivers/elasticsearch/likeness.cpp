#include "drivers/elasticsearch/likeness.hpp"

#include <algorithm>

#include "drivers/elasticsearch/indexes.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t counted_stems = 64;  // the heaviest, whose documents are counted
constexpr std::size_t max_stems = 16;      // of which the most distinctive are looked for

struct weighed {
  double weight;
  std::string stem;
};

double impact(double weight) {
  return weight / (weight + half_way);
}

// The heaviest first.
std::vector<weighed> heaviest(const json::value& source) {
  std::vector<weighed> out;
  const auto* stems = find(source, {"stems"});
  if (!stems || !stems->is_object()) return out;
  for (const auto& one : stems->get_object()) {
    out.push_back({number_of(&one.value()), std::string(one.key())});
  }
  std::ranges::sort(out, [](const weighed& a, const weighed& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.stem < b.stem;
  });
  if (out.size() > counted_stems) out.resize(counted_stems);
  return out;
}

json::object request_for(json::array should, json::array filter, const std::string& id,
                         std::size_t limit) {
  json::object query{{"bool",
                      {{"filter", std::move(filter)},
                       {"must_not", json::array{term("id", id)}},
                       {"should", std::move(should)},
                       {"minimum_should_match", 1}}}};
  json::array sort{json::object{{"_score", "desc"}}, json::object{{"id", "desc"}}};
  return {{"size", std::int64_t(limit)},    {"track_total_hits", false},
          {"_source", json::array{"body"}}, {"version", true},
          {"sort", std::move(sort)},        {"query", std::move(query)}};
}

}  // namespace

awaitable<result<json::array>> likeness::distinctive(const context& ctx,
                                                     const json::value& source) {
  auto heavy = heaviest(source);
  json::array out;
  if (heavy.empty()) co_return out;
  std::vector<std::string> stems;
  json::array any;
  for (const auto& w : heavy) {
    stems.push_back(w.stem);
    any.push_back(with_stem(w.stem, 1));
  }
  json::object aggs;
  add_counts(stems, aggs);
  json::object query{{"bool",
                      {{"filter", json::array{shown()}},
                       {"should", std::move(any)},
                       {"minimum_should_match", 1}}}};
  json::object request{{"size", 0},
                       {"track_total_hits", false},
                       {"query", std::move(query)},
                       {"aggs", std::move(aggs)}};
  CO_TRY(auto said, accepted(co_await at_.get(ctx, "/" + alias_ + "/_search",
                                              within(ctx, std::move(request)))));
  CO_TRY_VOID(check_whole(said.body));
  counted counts;
  read_counts(said.body, stems, counts);
  std::erase_if(heavy, [&](const weighed& w) { return counts.of(w.stem) < 2; });  // nobody else
  auto worth = [&](const std::string& stem) { return rarity(counts.documents, counts.of(stem)); };
  std::ranges::sort(heavy, {}, [&](const weighed& w) {
    return std::pair(-impact(w.weight) * worth(w.stem), w.stem);
  });
  if (heavy.size() > max_stems) heavy.resize(max_stems);
  for (const auto& w : heavy) out.push_back(with_stem(w.stem, worth(w.stem)));
  co_return out;
}

awaitable<result<json::value>> likeness::find_like(const context& ctx,
                                                   const search::likeness_query& q,
                                                   const json::value& source) {
  CO_TRY(auto should, co_await distinctive(ctx, source));
  for (const auto& f : q.fields) {
    auto path = fields_.keyword(f.name);
    const auto* own = find(source, {"keywords", std::string_view(path).substr(path.find('.') + 1)});
    if (!own || !own->is_array() || f.weight <= 0) continue;
    should.push_back(json::object{
        {"constant_score", {{"filter", {{"terms", {{path, *own}}}}}, {"boost", f.weight}}}});
  }
  json::array filter{shown()};
  for (const auto& f : q.terms) filter.push_back(clause_of(fields_, f));
  if (should.empty()) should.push_back(nothing());
  auto request = request_for(std::move(should), std::move(filter), q.id, q.limit);
  CO_TRY(auto said, accepted(co_await at_.get(ctx, search_target(alias_, q.id),
                                              within(ctx, std::move(request)))));
  CO_TRY_VOID(check_whole(said.body));
  co_return std::move(said.body);
}

}  // namespace oficio::elasticsearch
