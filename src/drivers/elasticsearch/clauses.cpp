#include "drivers/elasticsearch/clauses.hpp"

#include "platform/base/unicode.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr double of_beginning = 0.55;
// How much of its boost a field gives a word that stands in it once, as far as can be said without
// its length.
constexpr double usual_share = 1.25;

json::object best_of(json::array queries) {
  if (queries.size() == 1) return queries[0].as_object();
  return {{"dis_max", {{"queries", std::move(queries)}}}};
}

json::object weighed(const std::string& path, const std::string& text, double boost) {
  return {{"term", {{path, {{"value", text}, {"boost", boost}}}}}};
}

bool is_utf8(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    auto [code, bytes] = code_point(text, at);
    if (code == 0xFFFF) return false;
    at += bytes;
  }
  return true;
}

json::object with_alternative(const alternative& a, double worth) {
  auto boost = worth * a.quality / static_cast<double>(a.stems.size());
  if (a.stems.size() == 1) return with_stem(a.stems.front(), boost);
  json::array all;
  for (const auto& stem : a.stems) all.push_back(with_stem(stem, boost));
  return {{"bool", {{"must", std::move(all)}}}};
}

}  // namespace

json::object term(const std::string& path, json::value v) {
  return {{"term", {{path, {{"value", std::move(v)}}}}}};
}

json::object term(const std::string& path, const std::string& text) {
  return term(path, json::value(text));
}

json::object filter_of(json::array all) {
  return {{"bool", {{"filter", std::move(all)}}}};
}

json::object nothing() {
  return {{"match_none", json::object{}}};
}

json::object shown() {
  return term("shown", true);
}

json::object with_stem(const std::string& stem, double boost) {
  return {{"rank_feature",
           {{"field", stem_path(stem)}, {"saturation", {{"pivot", half_way}}}, {"boost", boost}}}};
}

json::object with_beginning(const layout& fields, const std::string& folded, double boost) {
  auto start = start_of(folded);
  json::array queries;
  for (const auto& f : fields.texts()) {
    auto weight = usual_share * f.boost;
    queries.push_back(weighed(f.starts, start, boost * weight / (weight + half_way)));
  }
  return best_of(std::move(queries));
}

json::object with_meaning(const layout& fields, const meaning& m) {
  json::array queries;
  for (const auto& a : m.alternatives) queries.push_back(with_alternative(a, m.worth));
  if (!m.beginning.empty()) {
    queries.push_back(with_beginning(fields, m.beginning, of_beginning * m.worth));
  }
  return best_of(std::move(queries));
}

json::object with_meanings(const layout& fields, const std::vector<meaning>& all,
                           std::size_t least) {
  if (all.empty()) return nothing();
  json::array should;
  for (const auto& m : all) should.push_back(with_meaning(fields, m));
  return {{"bool", {{"should", std::move(should)}, {"minimum_should_match", std::int64_t(least)}}}};
}

bool is_id(const std::string& text) {
  constexpr std::size_t most = 512;
  return !text.empty() && text.size() <= most && is_utf8(text);
}

json::object clause_of(const layout& fields, const search::term_filter& f) {
  json::array values;
  for (const auto& text : f.any_of) {
    if (is_utf8(text)) values.emplace_back(text);
  }
  auto path = fields.keyword(f.field);
  if (values.empty()) return nothing();
  return {{"terms", {{path, std::move(values)}}}};
}

json::object clause_of(const layout& fields, const search::range_filter& f) {
  auto path = fields.number(f.field);
  if (!f.min && !f.max) return {{"match_all", json::object{}}};
  json::object range;
  if (f.min) range["gte"] = *f.min;
  if (f.max) range["lte"] = *f.max;
  return {{"range", {{path, std::move(range)}}}};
}

}  // namespace oficio::elasticsearch
