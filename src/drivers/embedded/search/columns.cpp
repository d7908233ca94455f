#include "drivers/embedded/search/columns.hpp"

#include <algorithm>

#include "platform/json/json.hpp"

namespace oficio::embedded {

void columns::catch_up(connection& c) {
  std::int64_t latest = 0;
  {
    auto ask = c.prepare("SELECT max(seq) FROM docs");
    if (ask.step()) latest = ask.integer(0);
  }
  {
    auto held = hold();
    if (latest <= seen_) return;
  }
  std::unique_lock lock(guard_);
  auto changed = c.prepare(
      "SELECT doc, id, removed = 0 AND hidden = 0, vals, seq FROM docs WHERE seq > ? ORDER BY seq");
  changed.bind(1, seen_);
  while (changed.step()) {
    set(static_cast<std::size_t>(changed.integer(0)), changed.text(1), changed.integer(2) != 0,
        changed.text(3));
    seen_ = changed.integer(4);
  }
  if (unused_keywords_ > 4'096 && unused_keywords_ > keywords_.size() / 2) compact();
}

std::optional<std::uint32_t> columns::term(std::size_t field, const std::string& text) const {
  auto found = dictionary_[field].find(text);
  if (found == dictionary_[field].end()) return std::nullopt;
  return found->second;
}

void columns::set(std::size_t number, std::string id, bool visible, std::string_view values) {
  if (number >= rows_.size()) {
    rows_.resize(number + 1);
    numbers_.resize((number + 1) * fields_.number_count(), absent);
  }
  auto& r = rows_[number];
  unused_keywords_ += r.count;
  r = {std::move(id), visible, keywords_.size(), 0};
  std::fill_n(numbers_.begin() + static_cast<std::ptrdiff_t>(number * fields_.number_count()),
              fields_.number_count(), absent);
  if (!visible) return;
  auto stored = json::parse(values).value();
  for (const auto& [name, list] : stored.as_object()) {
    auto* to = fields_.find({name.data(), name.size()});
    if (!to) continue;  // the schema had this field once
    for (const auto& v : list.as_array()) set_value(number, *to, v);
  }
}

void columns::set_value(std::size_t number, const layout::column& to, const boost::json::value& v) {
  if (to.kind == search::field_kind::number) {
    if (auto* i = v.if_int64()) numbers_[number * fields_.number_count() + to.number] = *i;
  } else if (auto* s = v.if_string(); s && to.kind == search::field_kind::keyword) {
    keyword next{static_cast<std::uint32_t>(to.number), learn(to.number, {s->data(), s->size()})};
    auto& r = rows_[number];
    auto mine = std::span(keywords_).subspan(r.first);
    bool known = std::ranges::any_of(mine, [&](const keyword& k) { return k.term == next.term; });
    if (known) return;  // said twice, counted once
    keywords_.push_back(next);
    ++r.count;
  }
}

std::uint32_t columns::learn(std::size_t field, std::string_view text) {
  auto [at, added] =
      dictionary_[field].try_emplace(std::string(text), static_cast<std::uint32_t>(terms_.size()));
  if (added) terms_.push_back(&at->first);
  return at->second;
}

void columns::compact() {
  std::vector<keyword> kept;
  kept.reserve(keywords_.size() - unused_keywords_);
  for (auto& r : rows_) {
    auto from = keywords_.begin() + static_cast<std::ptrdiff_t>(r.first);
    r.first = kept.size();
    kept.insert(kept.end(), from, from + r.count);
  }
  keywords_ = std::move(kept);
  unused_keywords_ = 0;
}

}  // namespace oficio::embedded
