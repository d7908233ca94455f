#include "drivers/embedded/search/weights.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

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

const std::vector<weighed_stem>& scales::weigh(const boost::json::object& texts,
                                               const stem_numbers& stem) {
  out_.clear();
  for (std::size_t field = 0; field < fields_.texts().size(); ++field) {
    auto* list = texts.if_contains(fields_.texts()[field]);
    if (list) add_field(field, list->as_array(), stem);
  }
  for (auto& w : out_) {
    auto sum = static_cast<double>(std::exchange(sums_[w.stem], 0.0F));
    auto impact = std::lround(255 * sum / (sum + half_way));
    w.impact = static_cast<std::uint8_t>(std::clamp(impact, 1L, 255L));
  }
  return out_;
}

void scales::add_field(std::size_t field, const boost::json::array& texts,
                       const stem_numbers& stem) {
  stems_of_field_.clear();
  for (const auto& v : texts) {
    std::string_view text(v.as_string().data(), v.as_string().size());
    for (const auto& w : search::words_of(text, max_words)) {
      if (auto number = stem(w, text)) stems_of_field_.push_back(*number);
    }
  }
  auto count = static_cast<double>(stems_of_field_.size());
  auto length = std::min(count, most_words) / usual_words;
  auto weight = fields_.boosts()[field] / (1 - length_share + length_share * length);
  for (auto number : stems_of_field_) {
    if (number >= sums_.size()) sums_.resize(number + 1);
    if (sums_[number] == 0) out_.push_back({number, 0});
    sums_[number] += static_cast<float>(weight);
  }
}

}  // namespace oficio::embedded
