#include "drivers/embedded/search/completing.hpp"

#include <algorithm>
#include <utility>

#include "drivers/embedded/search/filters.hpp"

namespace oficio::embedded {
namespace {

struct ranked {
  std::int64_t rank;  // the smallest first
  std::uint32_t term;
  auto operator<=>(const ranked&) const = default;
};

// The first `limit` terms that fit. Most of what is begun is found among the frequent ones: the
// many others are read only when it is not.
std::vector<std::string> fitting(const string_table& terms, std::vector<ranked> from,
                                 const search::typing& wanted, std::size_t limit) {
  constexpr std::size_t frequent = 10'000;
  auto middle = from.begin() + static_cast<std::ptrdiff_t>(std::min(frequent, from.size()));
  if (middle != from.end()) std::ranges::nth_element(from, middle);
  std::vector<std::pair<std::int64_t, std::string_view>> found;
  auto look = [&](auto first, auto last) {
    for (auto at = first; at != last; ++at) {
      auto text = terms.text(at->term);
      if (wanted.stands_in(text)) found.emplace_back(at->rank, text);
    }
  };
  look(from.begin(), middle);
  if (found.size() < limit) look(middle, from.end());
  auto kept = std::min(limit, found.size());
  std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(kept));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kept; ++i) out.emplace_back(found[i].second);
  return out;
}

}  // namespace

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
  std::vector<ranked> all_terms;
  for (std::uint32_t term = 0; term < of_term.size(); ++term) {
    if (of_term[term] > 0) all_terms.push_back({-of_term[term], term});
  }
  return fitting(terms, std::move(all_terms), search::typing(typed), q.limit);
}

}  // namespace oficio::embedded
