#include "drivers/embedded/search/weights.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "drivers/embedded/search/stems.hpp"

namespace oficio::embedded {
namespace {

// A field of this many words counts as it is; shorter ones count more, longer ones less. Fixed,
// where bm25 takes the average of all documents: what a document weighs never changes.
constexpr double usual_words = 100;
constexpr double length_share = 0.6;
constexpr double most_words = 4 * usual_words;
constexpr double half_way = 3;  // the weight that gives half of the impact that there is
constexpr std::size_t max_words = 20'000;

}  // namespace

std::vector<weighed_stem> weigh(const layout& fields, const boost::json::object& texts,
                                const stem_numbers& stem) {
  std::vector<std::pair<std::uint32_t, double>> all;
  for (std::size_t field = 0; field < fields.texts().size(); ++field) {
    auto* list = texts.if_contains(fields.texts()[field]);
    if (!list) continue;
    auto first = all.size();
    double count = 0;
    for (const auto& v : list->as_array()) {
      std::string_view text(v.as_string().data(), v.as_string().size());
      for (const auto& w : search::words_of(text, max_words)) {
        if (is_stop_word(w.folded)) continue;
        ++count;
        if (auto number = stem(w, text)) all.emplace_back(*number, 0.0);
      }
    }
    auto length = std::min(count, most_words) / usual_words;
    auto weight = fields.boosts()[field] / (1 - length_share + length_share * length);
    for (auto i = first; i < all.size(); ++i) all[i].second = weight;
  }
  std::ranges::sort(all);
  std::vector<weighed_stem> out;
  for (std::size_t i = 0; i < all.size();) {
    auto now = all[i].first;
    double sum = 0;
    for (; i < all.size() && all[i].first == now; ++i) sum += all[i].second;
    auto impact = std::lround(255 * sum / (sum + half_way));
    out.push_back({now, static_cast<std::uint8_t>(std::clamp(impact, 1L, 255L))});
  }
  return out;
}

}  // namespace oficio::embedded
