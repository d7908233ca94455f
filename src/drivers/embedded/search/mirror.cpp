#include "drivers/embedded/search/mirror.hpp"

#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "drivers/embedded/search/storage.hpp"
#include "platform/json/json.hpp"

namespace oficio::embedded {

mirror::mirror(const layout& fields)
    : fields_(fields), scales_(fields), now_(std::make_unique<contents>(fields)) {}

void mirror::catch_up(connection& c) {
  auto latest = last_change(c);
  {
    auto held = hold();
    if (latest <= seen_) return;
  }
  std::unique_lock lock(guard_);
  start_anew_if_purged(c);
  constexpr int many = 10'000;
  int count = 0;
  {
    auto changed = c.prepare(
        "SELECT doc, id, removed, hidden, vals, texts, seq FROM documents WHERE seq > ? "
        "ORDER BY seq");
    changed.bind(1, seen_);
    for (; changed.step(); ++count) {
      take({changed.integer(0), changed.text(1), changed.integer(2) != 0, changed.integer(3) != 0,
            changed.text(4), changed.text(5)});
      seen_ = changed.integer(6);
    }
  }
  now_->language.settle();
  if (now_->dead > 4'096 && now_->dead > now_->rows.size() / 2) compact();
  if (count > many) {
    now_->values.shrink();
    now_->words.shrink();
  }
}

// Tombstones that were purged before they were seen here took something away unseen.
void mirror::start_anew_if_purged(connection& c) {
  if (seen_ == 0 || last_purged(c) <= seen_) return;
  now_ = std::make_unique<contents>(fields_);
  seen_ = 0;
}

void mirror::take(const change& ch) {
  auto key = static_cast<std::size_t>(ch.document);
  if (key >= now_->row_of_document.size()) {
    now_->row_of_document.resize(key + 1, postings::gone);
  }
  if (ch.removed) {
    drop(now_->row_of_document[key]);
    now_->row_of_document[key] = postings::gone;
    return;
  }
  auto texts = std::hash<std::string>{}(ch.texts) | 1;
  auto row = row_for(ch, texts);
  now_->values.set(row, !ch.hidden, json::parse(ch.values).value().as_object());
  now_->rows[row].signal = signal_of(row);
  if (!ch.hidden && now_->rows[row].texts == 0) {
    index_words(row, ch);
    now_->rows[row].texts = texts;
  }
}

// The row that the document has, or a new one if other words of it are to be found: what stands in
// postings is never changed, and only the newest row can be added to them.
std::uint32_t mirror::row_for(const change& ch, std::size_t texts) {
  auto& mine = now_->row_of_document[static_cast<std::size_t>(ch.document)];
  if (mine != postings::gone) {
    auto known = now_->rows[mine].texts;
    if (known == texts || (known == 0 && ch.hidden)) return mine;
    drop(mine);
  }
  mine = now_->values.add();
  now_->rows.push_back({now_->ids.learn(ch.id), 0, ch.document, 0});
  return mine;
}

void mirror::drop(std::uint32_t row) {
  if (row == postings::gone) return;
  now_->values.hide(row);
  ++now_->dead;
}

float mirror::signal_of(std::uint32_t row) const {
  double sum = 0;
  for (const auto& s : fields_.signals()) {
    auto value = now_->values.numbers(s.number)[row];
    if (value > 0) sum += s.weight * std::log1p(static_cast<double>(value));
  }
  return static_cast<float>(sum);
}

void mirror::index_words(std::uint32_t row, const change& ch) {
  auto texts = json::parse(ch.texts).value();
  auto learn = [this](const search::word& w, std::string_view text) {
    return now_->language.learn(w, text);
  };
  for (const auto& w : scales_.weigh(texts.as_object(), learn)) {
    now_->words.add(w.stem, row, w.impact);
  }
}

void mirror::compact() {
  std::vector<std::uint32_t> to(now_->rows.size(), postings::gone);
  std::vector<contents::row> kept;
  string_table ids;
  for (std::uint32_t row = 0; row < now_->rows.size(); ++row) {
    auto& mine = now_->row_of_document[static_cast<std::size_t>(now_->rows[row].document)];
    if (mine != row) continue;
    to[row] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(now_->rows[row]);
    kept.back().id = ids.learn(now_->id(row));
  }
  for (std::uint32_t row = 0; row < to.size(); ++row) {
    auto& mine = now_->row_of_document[static_cast<std::size_t>(now_->rows[row].document)];
    if (mine == row) mine = to[row];
  }
  auto rows = static_cast<std::uint32_t>(kept.size());
  now_->words.renumber(to);
  now_->values.renumber(to, rows);
  now_->rows = std::move(kept);
  now_->ids = std::move(ids);
  now_->dead = 0;
}

}  // namespace oficio::embedded
