#include "drivers/embedded/search/facets.hpp"

#include <algorithm>

namespace oficio::embedded {

facet_counter::facet_counter(const columns& data, const layout& fields, const search::query& q,
                             const filters& by)
    : data_(data) {
  for (const auto& asked : q.facets) {
    auto kind = asked.boundaries.empty() ? search::field_kind::keyword : search::field_kind::number;
    auto filter = std::ranges::find(by.names(), asked.field);
    facets_.push_back({&asked, kind, fields.number_of(asked.field, kind),
                       filter == by.names().end()
                           ? unfiltered
                           : static_cast<std::size_t>(filter - by.names().begin()),
                       std::vector<std::int64_t>(asked.boundaries.size())});
  }
  bool keywords = std::ranges::any_of(
      facets_, [](const one& f) { return f.kind == search::field_kind::keyword; });
  if (keywords) terms_.resize(data.terms());
  wanted_.resize(fields.keyword_count());
  for (const auto& f : facets_) {
    if (f.kind == search::field_kind::keyword) wanted_[f.number] = 1;
  }
}

void facet_counter::count(std::size_t row, const filters::answer& passed) {
  if (passed.verdict == filters::verdict::fails) return;
  if (passed.verdict == filters::verdict::fails_one_field) {
    for (auto& f : facets_) {
      if (f.filter == passed.field) count(f, row);
    }
    return;
  }
  // All keyword facets at once: a document's keywords are read once.
  if (!terms_.empty()) {
    for (const auto& k : data_.keywords(row)) {
      if (wanted_[k.field] != 0) ++terms_[k.term];
    }
  }
  for (auto& f : facets_) {
    if (f.kind == search::field_kind::number) count(f, row);
  }
}

void facet_counter::count(one& f, std::size_t row) {
  if (f.kind == search::field_kind::keyword) {
    for (const auto& k : data_.keywords(row)) {
      if (k.field == f.number) ++terms_[k.term];
    }
    return;
  }
  auto value = data_.number(row, f.number);
  if (value == columns::absent) return;
  const auto& edges = f.asked->boundaries;
  auto above = std::ranges::upper_bound(edges, value);
  if (above != edges.begin()) ++f.between[static_cast<std::size_t>(above - edges.begin() - 1)];
}

std::vector<search::facet> facet_counter::take() const {
  std::vector<search::facet> out;
  for (const auto& f : facets_) {
    out.push_back({f.asked->field,
                   f.kind == search::field_kind::keyword ? keyword_buckets(f) : number_buckets(f)});
  }
  return out;
}

std::vector<search::bucket> facet_counter::keyword_buckets(const one& f) const {
  std::vector<search::bucket> out;
  for (const auto& [text, term] : data_.terms_of(f.number)) {
    if (terms_[term] > 0) out.push_back({.value = text, .count = terms_[term]});
  }
  auto kept = std::min(out.size(), f.asked->limit);
  auto middle = out.begin() + static_cast<std::ptrdiff_t>(kept);
  std::ranges::partial_sort(out, middle, [](const search::bucket& a, const search::bucket& b) {
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  });
  out.resize(kept);
  return out;
}

std::vector<search::bucket> facet_counter::number_buckets(const one& f) const {
  std::vector<search::bucket> out;
  const auto& edges = f.asked->boundaries;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    search::bucket next{.from = edges[i], .count = f.between[i]};
    if (i + 1 < edges.size()) next.to = edges[i + 1];
    out.push_back(std::move(next));
  }
  return out;
}

}  // namespace oficio::embedded
