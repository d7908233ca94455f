#include "drivers/embedded/search/completing.hpp"

#include <algorithm>
#include <utility>

#include "drivers/embedded/search/filters.hpp"

namespace oficio::embedded {

std::vector<std::string> complete_keyword(const contents& all, const layout& fields,
                                          const search::completion_query& q,
                                          const std::string& field, std::string_view typed) {
  auto number = fields.number_of(field, search::field_kind::keyword);
  const auto& terms = all.values.terms(number);
  auto sets = all.values.sets(number);
  filters by(all.values, fields, q.terms);
  std::vector<std::int64_t> of_set(all.values.set_count(number));
  for (std::uint32_t row = 0; row < sets.size(); ++row) {
    if (all.values.visible(row) && by.pass(row)) ++of_set[sets[row]];
  }
  std::vector<std::int64_t> of_term(terms.size());
  for (std::uint32_t set = 0; set < of_set.size(); ++set) {
    for (auto term : all.values.terms_in(number, set)) of_term[term] += of_set[set];
  }
  search::typing wanted(typed);
  std::vector<std::pair<std::int64_t, std::string_view>> found;
  for (std::uint32_t term = 0; term < of_term.size(); ++term) {
    if (of_term[term] == 0) continue;
    auto text = terms.text(term);
    if (wanted.stands_in(text)) found.emplace_back(-of_term[term], text);
  }
  auto kept = std::min(q.limit, found.size());
  std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(kept));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kept; ++i) out.emplace_back(found[i].second);
  return out;
}

}  // namespace oficio::embedded
