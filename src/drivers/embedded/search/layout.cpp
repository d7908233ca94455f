#include "drivers/embedded/search/layout.hpp"

#include <stdexcept>

namespace oficio::embedded {

layout::layout(const search::schema& s) {
  for (const auto& f : s.fields) {
    std::size_t number = 0;
    switch (f.kind) {
      case search::field_kind::text:
        number = texts_.size();
        texts_.push_back(f.name);
        boosts_.push_back(f.boost);
        break;
      case search::field_kind::keyword:
        number = keywords_++;
        break;
      case search::field_kind::number:
        number = numbers_++;
        break;
    }
    if (!columns_.emplace(f.name, column{f.kind, number}).second) {
      throw std::invalid_argument("search schema " + s.name + " names a field twice: " + f.name);
    }
    fingerprint_ += f.name + ":" + std::to_string(static_cast<int>(f.kind)) + "\n";
  }
  if (texts_.empty()) throw std::invalid_argument("search schema " + s.name + " has no text");
  for (const auto& one : s.signals) {
    signals_.push_back({number_of(one.field, search::field_kind::number), one.weight});
  }
}

const layout::column* layout::find(std::string_view name) const {
  auto found = columns_.find(std::string(name));
  return found == columns_.end() ? nullptr : &found->second;
}

std::size_t layout::number_of(const std::string& name, search::field_kind kind) const {
  auto* found = find(name);
  if (!found || found->kind != kind) {
    throw std::invalid_argument("no search field of that kind: " + name);
  }
  return found->number;
}

}  // namespace oficio::embedded
