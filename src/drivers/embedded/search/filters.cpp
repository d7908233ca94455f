#include "drivers/embedded/search/filters.hpp"

#include <algorithm>

namespace oficio::embedded {

filters::filters(const columns& data, const layout& fields, const search::query& q) : data_(data) {
  for (const auto& f : q.terms) {
    auto number = fields.number_of(f.field, search::field_kind::keyword);
    term_test test{place_of(f.field), {}};
    for (const auto& text : f.any_of) {
      if (auto term = data.term(number, text)) test.terms.push_back(*term);
    }
    terms_.push_back(std::move(test));
  }
  for (const auto& f : q.ranges) {
    auto number = fields.number_of(f.field, search::field_kind::number);
    if (!f.min && !f.max) continue;
    range_test test{place_of(f.field), number};
    if (f.min) test.min = *f.min;
    if (f.max) test.max = *f.max;
    ranges_.push_back(test);
  }
}

filters::answer filters::ask(std::size_t row) const {
  answer out;
  auto fail = [&](std::size_t field) {
    bool another = out.verdict == verdict::fails_one_field && out.field != field;
    out = {another ? verdict::fails : verdict::fails_one_field, field};
    return another;
  };
  for (const auto& t : ranges_) {
    if (!holds(t, row) && fail(t.field)) return out;
  }
  for (const auto& t : terms_) {
    if (!holds(t, row) && fail(t.field)) return out;
  }
  return out;
}

std::size_t filters::place_of(const std::string& name) {
  auto found = std::ranges::find(names_, name);
  if (found == names_.end()) found = names_.insert(names_.end(), name);
  return static_cast<std::size_t>(found - names_.begin());
}

bool filters::holds(const term_test& t, std::size_t row) const {
  return std::ranges::any_of(data_.keywords(row), [&](const columns::keyword& k) {
    return std::ranges::find(t.terms, k.term) != t.terms.end();
  });
}

bool filters::holds(const range_test& t, std::size_t row) const {
  auto value = data_.number(row, t.number);
  return value != columns::absent && value >= t.min && value <= t.max;
}

}  // namespace oficio::embedded
