#include "drivers/embedded/search/likeness.hpp"

#include <algorithm>
#include <tuple>

#include "drivers/embedded/search/filters.hpp"
#include "drivers/embedded/search/weights.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t max_stems = 16;

// The stems that tell the most of a document.
std::vector<meaning> distinctive(const contents& all, const layout& fields,
                                 const boost::json::object& texts) {
  auto known = [&](const search::word& w, std::string_view) {
    return all.language.stem_of_word(w.folded);
  };
  std::vector<std::pair<float, std::uint32_t>> ranked;
  scales weighing(fields);
  for (const auto& w : weighing.weigh(texts, known)) {
    auto documents = all.words.count(w.stem);
    if (documents < 2) continue;  // nobody else has it
    ranked.emplace_back(-static_cast<float>(w.impact) * rarity(all, documents), w.stem);
  }
  std::ranges::sort(ranked);
  if (ranked.size() > max_stems) ranked.resize(max_stems);
  std::vector<meaning> out;
  for (const auto& [worth, stem] : ranked) out.push_back({{{{stem}, 1}}});
  return out;
}

struct affinity {
  std::span<const std::uint32_t> sets;
  std::vector<char> good;
  float weight;
};

std::vector<affinity> affinities(const contents& all, const layout& fields,
                                 const search::likeness_query& q, std::uint32_t row) {
  std::vector<affinity> out;
  for (const auto& f : q.fields) {
    auto number = fields.number_of(f.name, search::field_kind::keyword);
    auto sets = all.values.sets(number);
    std::vector<std::string> terms;
    for (auto term : all.values.terms_in(number, sets[row])) {
      terms.emplace_back(all.values.terms(number).text(term));
    }
    out.push_back({sets, sets_with(all.values, number, terms), static_cast<float>(f.weight)});
  }
  return out;
}

}  // namespace

std::vector<std::int64_t> find_similar(const contents& all, const layout& fields,
                                       const search::likeness_query& q, std::uint32_t row,
                                       const boost::json::object& texts, tally& scratch) {
  std::vector<float> scores(all.rows.size());
  match_any(all, distinctive(all, fields, texts), scratch);
  scratch.read(1, [&](std::uint32_t other, float score) { scores[other] = score; });
  auto near = affinities(all, fields, q, row);
  filters by(all.values, fields, q.terms);
  std::vector<std::pair<float, std::uint32_t>> best;
  for (std::uint32_t other = 0; other < scores.size(); ++other) {
    if (other == row || !all.values.visible(other)) continue;
    for (const auto& a : near) {
      if (a.good[a.sets[other]] != 0) scores[other] += a.weight;
    }
    if (scores[other] > 0 && by.pass(other)) best.emplace_back(scores[other], other);
  }
  auto kept = std::min(q.limit, best.size());
  std::ranges::partial_sort(best, best.begin() + static_cast<std::ptrdiff_t>(kept),
                            [&](const auto& a, const auto& b) {
                              if (a.first != b.first) return a.first > b.first;
                              return all.id(a.second) > all.id(b.second);
                            });
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < kept; ++i) out.push_back(all.rows[best[i].second].document);
  return out;
}

}  // namespace oficio::embedded
