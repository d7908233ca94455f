#include "drivers/embedded/search/matching.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace oficio::embedded {
namespace {

struct entry {
  std::uint32_t row;
  float impact;
};

// Everything that a walk over meanings notes of documents.
class tally {
 public:
  explicit tally(const contents& all)
      : all_(all), score_(all.rows.size()), best_(all.rows.size()), had_(all.rows.size()) {}

  // Adds what documents have of it. `only_complete`: of those that had everything before alone.
  // True if there were any.
  bool add(const meaning& m, bool only_complete) {
    touched_.clear();
    auto worth = rarity(all_, most_frequent(m)) / 255;
    for (const auto& a : m.alternatives) {
      each(a, [&](std::uint32_t row, float impact) {
        if (only_complete && had_[row] != added_) return;
        auto now = impact * worth * a.quality;
        if (best_[row] == 0) touched_.push_back(row);
        best_[row] = std::max(best_[row], now);
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

  // Those that had at least so many.
  matches with(std::size_t least) const {
    matches out;
    for (auto row : seen_) {
      if (had_[row] < least || !all_.values.visible(row)) continue;
      out.rows.push_back(row);
      out.scores.push_back(score_[row]);
    }
    return out;
  }

  std::size_t most_had() const {
    std::size_t most = 0;
    for (auto row : seen_) {
      if (all_.values.visible(row)) most = std::max<std::size_t>(most, had_[row]);
    }
    return most;
  }

 private:
  std::uint32_t most_frequent(const meaning& m) const {
    std::uint32_t most = 0;
    for (const auto& a : m.alternatives) {
      std::uint32_t least = postings::gone;
      for (auto stem : a.stems) least = std::min(least, all_.words.count(stem));
      most = std::max(most, least);
    }
    return most;
  }

  template <class Each>
  void each(const alternative& a, Each what) const {
    if (a.stems.size() == 1) {
      all_.words.read(a.stems.front(), [&](std::uint32_t row, std::uint8_t impact) {
        what(row, static_cast<float>(impact));
      });
      return;
    }
    auto share = 1.0F / static_cast<float>(a.stems.size());
    for (const auto& e : in_all(a.stems)) what(e.row, e.impact * share);
  }

  // Documents with all stems, and the sum of their impacts.
  std::vector<entry> in_all(const std::vector<std::uint32_t>& stems) const {
    std::vector<entry> out;
    all_.words.read(stems.front(), [&](std::uint32_t row, std::uint8_t impact) {
      out.push_back({row, static_cast<float>(impact)});
    });
    for (std::size_t i = 1; i < stems.size(); ++i) {
      std::size_t at = 0;
      std::size_t kept = 0;
      all_.words.read(stems[i], [&](std::uint32_t row, std::uint8_t impact) {
        while (at < out.size() && out[at].row < row) ++at;
        if (at == out.size() || out[at].row != row) return;
        auto found = out[at++];
        found.impact += static_cast<float>(impact);
        out[kept++] = found;
      });
      out.resize(kept);
    }
    return out;
  }

  const contents& all_;
  std::vector<float> score_;
  std::vector<float> best_;
  std::vector<std::uint8_t> had_;  // how many meanings; there are at most 32
  std::vector<std::uint32_t> seen_;
  std::vector<std::uint32_t> touched_;
  std::uint8_t added_ = 0;
};

// How much there is to read for it.
std::uint64_t size_of(const contents& all, const meaning& m) {
  std::uint64_t sum = 0;
  for (const auto& a : m.alternatives) {
    for (auto stem : a.stems) sum += all.words.count(stem);
  }
  return sum;
}

}  // namespace

matches match_all(const contents& all, const std::vector<meaning>& meanings) {
  std::vector<std::pair<std::uint64_t, const meaning*>> order;  // the rarest first: it drops most
  for (const auto& m : meanings) order.emplace_back(size_of(all, m), &m);
  std::ranges::sort(order);
  tally complete(all);
  bool any = !order.empty();
  for (const auto& [size, m] : order) any = any && complete.add(*m, true);
  auto out = any ? complete.with(meanings.size()) : matches{};
  if (!out.rows.empty() || meanings.size() < 3) return out;
  tally most(all);
  for (const auto& [size, m] : order) most.add(*m, false);
  auto least = std::max(most.most_had(), (meanings.size() * 3 + 4) / 5);
  return most.with(least);
}

matches match_any(const contents& all, const std::vector<meaning>& meanings) {
  tally some(all);
  for (const auto& m : meanings) some.add(m, false);
  return some.with(1);
}

float rarity(const contents& all, std::uint32_t documents_with_it) {
  constexpr float step = 0.125F;
  auto count = static_cast<float>(all.rows.size() - all.dead);
  auto with = std::min(static_cast<float>(documents_with_it), count);
  auto value = std::log1p((count - with + 0.5F) / (with + 0.5F));
  return std::max(step, std::round(value / step) * step);
}

}  // namespace oficio::embedded
