#include "drivers/embedded/search/matching.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace oficio::embedded {
namespace {

// How much there is to read for it.
std::uint64_t size_of(const contents& all, const meaning& m) {
  std::uint64_t sum = 0;
  for (const auto& a : m.alternatives) {
    for (auto stem : a.stems) sum += all.words.count(stem);
  }
  return sum;
}

}  // namespace

void tally::begin(const contents& all) {
  clear();
  all_ = &all;
  if (score_.size() >= all.rows.size()) return;
  auto size = all.rows.size() + all.rows.size() / 8;
  score_.resize(size);
  best_.resize(size);
  had_.resize(size);
}

void tally::clear() {
  for (auto row : seen_) {
    score_[row] = 0;
    had_[row] = 0;
  }
  seen_.clear();
  added_ = 0;
}

bool tally::add(const meaning& m, bool only_complete) {
  touched_.clear();
  auto worth = rarity(*all_, most_frequent(m)) / 255;
  for (const auto& a : m.alternatives) {
    auto share = worth * a.quality / static_cast<float>(a.stems.size());
    each_of(a, [&](std::uint32_t row, float impact) {
      if (only_complete && had_[row] != added_) return;
      if (best_[row] == 0) touched_.push_back(row);
      best_[row] = std::max(best_[row], impact * share);
    });
  }
  ++added_;
  for (auto row : touched_) {
    if (had_[row] == 0) seen_.push_back(row);
    ++had_[row];
    score_[row] += best_[row];
    best_[row] = 0;
  }
  return !touched_.empty();
}

std::size_t tally::most_had() const {
  std::size_t most = 0;
  for (auto row : seen_) {
    if (all_->values.visible(row)) most = std::max<std::size_t>(most, had_[row]);
  }
  return most;
}

std::uint32_t tally::most_frequent(const meaning& m) const {
  std::uint32_t most = 0;
  for (const auto& a : m.alternatives) {
    std::uint32_t least = postings::gone;
    for (auto stem : a.stems) least = std::min(least, all_->words.count(stem));
    most = std::max(most, least);
  }
  return most;
}

template <class Each>
void tally::each_of(const alternative& a, Each what) {
  if (a.stems.size() == 1) {
    all_->words.read(a.stems.front(), [&](std::uint32_t row, std::uint8_t impact) {
      what(row, static_cast<float>(impact));
    });
    return;
  }
  find_all(a.stems);
  for (const auto& e : in_all_) what(e.row, e.impact);
}

// Documents with all stems, and the sum of their impacts.
void tally::find_all(const std::vector<std::uint32_t>& stems) {
  in_all_.clear();
  all_->words.read(stems.front(), [&](std::uint32_t row, std::uint8_t impact) {
    in_all_.push_back({row, static_cast<float>(impact)});
  });
  for (std::size_t i = 1; i < stems.size(); ++i) {
    std::size_t at = 0;
    std::size_t kept = 0;
    all_->words.read(stems[i], [&](std::uint32_t row, std::uint8_t impact) {
      while (at < in_all_.size() && in_all_[at].row < row) ++at;
      if (at == in_all_.size() || in_all_[at].row != row) return;
      auto found = in_all_[at++];
      found.impact += static_cast<float>(impact);
      in_all_[kept++] = found;
    });
    in_all_.resize(kept);
  }
}

tallies::loan::loan(tallies& from) : from_(from) {
  std::lock_guard lock(from_.guard_);
  if (from_.idle_.empty()) {
    lent_ = std::make_unique<tally>();
  } else {
    lent_ = std::move(from_.idle_.back());
    from_.idle_.pop_back();
  }
}

tallies::loan::~loan() {
  std::lock_guard lock(from_.guard_);
  from_.idle_.push_back(std::move(lent_));
}

std::size_t match_all(const contents& all, const std::vector<meaning>& meanings, tally& into) {
  constexpr auto nobody = static_cast<std::size_t>(-1);
  std::vector<std::pair<std::uint64_t, const meaning*>> order;  // the rarest first: it drops most
  for (const auto& m : meanings) order.emplace_back(size_of(all, m), &m);
  std::ranges::sort(order);
  into.begin(all);
  bool any = !order.empty();
  for (const auto& [size, m] : order) any = any && into.add(*m, true);
  if (any && into.most_had() == meanings.size()) return meanings.size();
  if (meanings.size() < 2) return nobody;
  into.begin(all);
  for (const auto& [size, m] : order) into.add(*m, false);
  return std::max(into.most_had(), (meanings.size() + 1) / 2);
}

void match_any(const contents& all, const std::vector<meaning>& meanings, tally& into) {
  into.begin(all);
  for (const auto& m : meanings) into.add(m, false);
}

float rarity(const contents& all, std::uint32_t documents_with_it) {
  constexpr float step = 0.125F;
  auto count = static_cast<float>(all.rows.size() - all.dead);
  auto with = std::min(static_cast<float>(documents_with_it), count);
  auto value = std::log1p((count - with + 0.5F) / (with + 0.5F));
  return std::max(step, std::round(value / step) * step);
}

}  // namespace oficio::embedded
