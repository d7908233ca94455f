#include "drivers/embedded/search/columns.hpp"

#include <algorithm>
#include <utility>

#include "drivers/embedded/search/postings.hpp"

namespace oficio::embedded {

columns::keyword_column::keyword_column() {
  learn({});
}

std::uint32_t columns::keyword_column::learn(const std::vector<std::uint32_t>& set) {
  std::string_view bytes(reinterpret_cast<const char*>(set.data()), set.size() * sizeof(set[0]));
  auto number = known.learn(bytes);
  if (number + 1 == begins.size()) {
    members.insert(members.end(), set.begin(), set.end());
    begins.push_back(static_cast<std::uint32_t>(members.size()));
  }
  return number;
}

columns::columns(const layout& fields)
    : keywords_(fields.keyword_count()), numbers_(fields.number_count()), fields_(fields) {}

std::uint32_t columns::add() {
  visible_.push_back(0);
  for (auto& k : keywords_) k.set_of_row.push_back(0);
  for (auto& n : numbers_) n.push_back(absent);
  return size() - 1;
}

void columns::set(std::uint32_t row, bool visible, const boost::json::object& values) {
  visible_[row] = visible ? 1 : 0;
  for (auto& k : keywords_) k.set_of_row[row] = 0;
  for (auto& n : numbers_) n[row] = absent;
  for (const auto& [name, list] : values) {
    auto* to = fields_.find({name.data(), name.size()});
    if (!to) continue;
    if (to->kind == search::field_kind::number) {
      for (const auto& v : list.as_array()) numbers_[to->number][row] = v.to_number<std::int64_t>();
      continue;
    }
    auto& column = keywords_[to->number];
    std::vector<std::uint32_t> set;
    for (const auto& v : list.as_array()) {
      const auto& text = v.as_string();
      set.push_back(column.terms.learn({text.data(), text.size()}));
    }
    std::ranges::sort(set);
    auto twice = std::ranges::unique(set);
    set.erase(twice.begin(), twice.end());
    column.set_of_row[row] = column.learn(set);
  }
}

void columns::renumber(std::span<const std::uint32_t> to, std::uint32_t rows) {
  std::vector<char> visible(rows, 0);
  for (std::uint32_t row = 0; row < to.size(); ++row) {
    if (to[row] != postings::gone) visible[to[row]] = visible_[row];
  }
  visible_ = std::move(visible);
  for (auto& n : numbers_) {
    std::vector<std::int64_t> kept(rows, absent);
    for (std::uint32_t row = 0; row < to.size(); ++row) {
      if (to[row] != postings::gone) kept[to[row]] = n[row];
    }
    n = std::move(kept);
  }
  for (auto& k : keywords_) {
    keyword_column kept;
    kept.set_of_row.resize(rows, 0);
    std::vector<std::uint32_t> set;
    for (std::uint32_t row = 0; row < to.size(); ++row) {
      if (to[row] == postings::gone) continue;
      set.clear();
      auto from = k.set_of_row[row];
      for (auto at = k.begins[from]; at < k.begins[from + 1]; ++at) {
        set.push_back(kept.terms.learn(k.terms.text(k.members[at])));
      }
      std::ranges::sort(set);
      kept.set_of_row[to[row]] = kept.learn(set);
    }
    k = std::move(kept);
  }
}

void columns::shrink() {
  visible_.shrink_to_fit();
  for (auto& n : numbers_) n.shrink_to_fit();
  for (auto& k : keywords_) {
    k.set_of_row.shrink_to_fit();
    k.begins.shrink_to_fit();
    k.members.shrink_to_fit();
    k.terms.shrink();
    k.known.shrink();
  }
}

}  // namespace oficio::embedded
