#include "drivers/embedded/search/filters.hpp"

#include <algorithm>

namespace oficio::embedded {

filters::filters(const columns& data, const layout& fields,
                 const std::vector<search::term_filter>& terms,
                 const std::vector<search::range_filter>& ranges,
                 const std::vector<search::facet_request>& counted) {
  for (const auto& f : terms) {
    auto number = fields.number_of(f.field, search::field_kind::keyword);
    terms_.push_back({place_of(f.field), data.sets(number), sets_with(data, number, f.any_of)});
  }
  for (const auto& f : ranges) {
    auto number = fields.number_of(f.field, search::field_kind::number);
    if (!f.min && !f.max) continue;
    range_test test{place_of(f.field), data.numbers(number)};
    if (f.min) test.min = std::max(test.min, *f.min);
    if (f.max) test.max = *f.max;
    ranges_.push_back(test);
  }
  for (const auto& name : names_) {
    counted_.push_back(std::ranges::any_of(
        counted, [&](const search::facet_request& r) { return r.field == name; }));
  }
}

filters::answer filters::ask(std::uint32_t row) const {
  answer out;
  auto fails = [&](std::size_t field) {
    if (counted_[field] == 0 || (out.field != none && out.field != field)) {
      out.verdict = verdict::fails;
      return true;
    }
    out = {verdict::fails_one_field, field};
    return false;
  };
  for (const auto& t : ranges_) {
    auto value = t.numbers[row];
    if ((value < t.min || value > t.max) && fails(t.field)) return out;
  }
  for (const auto& t : terms_) {
    if (t.good[t.sets[row]] == 0 && fails(t.field)) return out;
  }
  return out;
}

std::size_t filters::place_of(const std::string& name) {
  auto found = std::ranges::find(names_, name);
  if (found == names_.end()) found = names_.insert(names_.end(), name);
  return static_cast<std::size_t>(found - names_.begin());
}

std::vector<char> sets_with(const columns& data, std::size_t keyword_field,
                            const std::vector<std::string>& terms) {
  std::vector<std::uint32_t> wanted;
  for (const auto& text : terms) {
    if (auto term = data.terms(keyword_field).find(text)) wanted.push_back(*term);
  }
  std::vector<char> out(data.set_count(keyword_field), 0);
  if (wanted.empty()) return out;
  for (std::uint32_t set = 0; set < out.size(); ++set) {
    auto members = data.terms_in(keyword_field, set);
    out[set] = std::ranges::any_of(members, [&](std::uint32_t term) {
      return std::ranges::find(wanted, term) != wanted.end();
    });
  }
  return out;
}

}  // namespace oficio::embedded
