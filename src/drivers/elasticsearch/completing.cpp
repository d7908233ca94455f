#include "drivers/elasticsearch/completing.hpp"

#include "drivers/elasticsearch/clauses.hpp"
#include "drivers/elasticsearch/server.hpp"
#include "platform/search/words.hpp"

namespace oficio::elasticsearch {
namespace {

// Values that documents with the words have: those that do not fit are taken out here.
constexpr std::int64_t values_looked_at = 500;
constexpr std::size_t max_words = 32;

json::array filters_of(const layout& fields, const std::vector<search::term_filter>& terms) {
  json::array out{shown()};
  for (const auto& f : terms) out.push_back(clause_of(fields, f));
  return out;
}

}  // namespace

json::object completion_request(const layout& fields, const search::completion_query& q,
                                const std::string& field, std::string_view text) {
  auto path = fields.keyword(field);
  auto all = filters_of(fields, q.terms);
  for (const auto& w : search::words_of(text, max_words)) {
    all.push_back(term(fields.starts(field), start_of(w.folded)));
  }
  json::array order{json::object{{"_count", "desc"}}, json::object{{"_key", "asc"}}};
  json::object values{{"field", path}, {"size", values_looked_at}, {"order", std::move(order)}};
  return {{"size", 0},
          {"track_total_hits", false},
          {"query", filter_of(std::move(all))},
          {"aggs", {{"values", {{"terms", std::move(values)}}}}}};
}

std::vector<std::string> read_completions(const json::value& said, std::string_view text) {
  std::vector<std::string> out;
  search::typing wanted(text);
  const auto* buckets = find(said, {"aggregations", "values", "buckets"});
  if (!buckets || !buckets->is_array()) return out;
  for (const auto& b : buckets->get_array()) {
    auto value = text_of(find(b, {"key"}));
    if (wanted.stands_in(value)) out.push_back(std::move(value));
  }
  return out;
}

}  // namespace oficio::elasticsearch
