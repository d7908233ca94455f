#include "drivers/embedded/search/facets.hpp"

#include <algorithm>
#include <utility>

namespace oficio::embedded {

facet_counter::facet_counter(const columns& data, const layout& fields,
                             const std::vector<search::facet_request>& asked, const filters& by)
    : data_(data), asked_(asked) {
  for (const auto& one : asked_) {
    auto at = std::ranges::find(by.names(), one.field);
    auto filter =
        at == by.names().end() ? filters::none : static_cast<std::size_t>(at - by.names().begin());
    if (one.boundaries.empty()) {
      auto number = fields.number_of(one.field, search::field_kind::keyword);
      keywords_.push_back({&one, number, filter, data.sets(number),
                           std::vector<std::int64_t>(data.set_count(number))});
    } else {
      auto number = fields.number_of(one.field, search::field_kind::number);
      numbers_.push_back(
          {&one, filter, data.numbers(number), std::vector<std::int64_t>(one.boundaries.size())});
    }
  }
}

void facet_counter::count(std::uint32_t row, const filters::answer& passed) {
  if (passed.verdict == filters::verdict::fails) return;
  bool all = passed.verdict == filters::verdict::passes;
  for (auto& f : keywords_) {
    if (all || f.filter == passed.field) count(f, row);
  }
  for (auto& f : numbers_) {
    if (all || f.filter == passed.field) count(f, row);
  }
}

// Without a branch for each boundary: this runs for every document. What is absent reaches none.
void facet_counter::count(number_facet& f, std::uint32_t row) {
  auto value = f.numbers[row];
  for (std::size_t i = 0; i < f.reached.size(); ++i) {
    f.reached[i] += value >= f.asked->boundaries[i] ? 1 : 0;
  }
}

std::vector<search::facet> facet_counter::take() const {
  std::vector<search::facet> out;
  for (const auto& one : asked_) {
    search::facet next{one.field, {}};
    for (const auto& f : keywords_) {
      if (f.asked == &one) next.buckets = buckets(f);
    }
    for (const auto& f : numbers_) {
      if (f.asked == &one) next.buckets = buckets(f);
    }
    out.push_back(std::move(next));
  }
  return out;
}

std::vector<search::bucket> facet_counter::buckets(const keyword_facet& f) const {
  const auto& terms = data_.terms(f.number);
  std::vector<std::int64_t> of_term(terms.size());
  for (std::uint32_t set = 0; set < f.of_set.size(); ++set) {
    if (f.of_set[set] == 0) continue;
    for (auto term : data_.terms_in(f.number, set)) of_term[term] += f.of_set[set];
  }
  std::vector<std::pair<std::int64_t, std::string_view>> all;
  for (std::uint32_t term = 0; term < of_term.size(); ++term) {
    if (of_term[term] > 0) all.emplace_back(-of_term[term], terms.text(term));
  }
  auto kept = std::min(all.size(), f.asked->limit);
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(kept));
  std::vector<search::bucket> out;
  for (std::size_t i = 0; i < kept; ++i) {
    out.push_back({.value = std::string(all[i].second), .count = -all[i].first});
  }
  return out;
}

std::vector<search::bucket> facet_counter::buckets(const number_facet& f) {
  std::vector<search::bucket> out;
  const auto& edges = f.asked->boundaries;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    search::bucket next{.from = edges[i], .count = f.reached[i]};
    if (i + 1 < edges.size()) {
      next.to = edges[i + 1];
      next.count -= f.reached[i + 1];
    }
    out.push_back(std::move(next));
  }
  return out;
}

}  // namespace oficio::embedded
