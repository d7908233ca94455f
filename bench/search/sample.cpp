#include "search/sample.hpp"

#include <algorithm>
#include <cmath>

#include "platform/search/words.hpp"
#include "services/gigs/catalogue.hpp"
#include "services/gigs/synonyms.hpp"

namespace oficio::bench {
namespace {

constexpr std::size_t vocabulary = 60'000;

double share(std::mt19937& chance) {
  return static_cast<double>(chance()) / 4294967296.0;
}

std::size_t below(std::mt19937& chance, std::size_t limit) {
  return chance() % limit;
}

// A word that could be one, never the same for two numbers.
std::string made_up(std::size_t number) {
  static const std::vector<std::string> parts{"ba",  "ce",  "di", "fo", "gu", "lan", "mer", "nis",
                                              "por", "qui", "ra", "se", "ti", "von", "zu",  "tra"};
  std::string out;
  do {
    out += parts[number % parts.size()];
    number /= parts.size();
  } while (number > 0);
  return out + "l";
}

std::string uuid_of(std::uint32_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "01900000-%04x-7000-8000-%012x", number >> 16, number);
  return text;
}

}  // namespace

sample::sample() {
  std::vector<std::string> known;
  for (const auto& group : gigs::market_synonyms()) {
    for (const auto& phrase : group) {
      for (auto& w : search::words_of(phrase)) {
        if (std::ranges::find(known, w.folded) == known.end()) known.push_back(w.folded);
      }
    }
  }
  std::mt19937 chance(7);
  std::shuffle(known.begin(), known.end(), chance);
  // A real word at every second rank, as far as they go.
  std::size_t made = 100;
  for (std::size_t rank = 0; words_.size() < vocabulary; ++rank) {
    bool real = rank % 2 == 0 && rank / 2 < known.size();
    words_.push_back(real ? known[rank / 2] : made_up(made++));
  }
  double sum = 0;
  for (std::size_t rank = 0; rank < words_.size(); ++rank) {
    sum += 1 / std::pow(static_cast<double>(rank) + 3, 1.05);
    reached_.push_back(sum);
  }
  for (auto& r : reached_) r /= sum;
}

const std::string& sample::word(dice& chance) const {
  auto at = std::ranges::lower_bound(reached_, share(chance));
  auto rank = std::min(static_cast<std::size_t>(at - reached_.begin()), words_.size() - 1);
  return words_[rank];
}

std::string sample::text(dice& chance, std::size_t words) const {
  std::string out;
  for (std::size_t i = 0; i < words; ++i) {
    if (i > 0) out += i % 12 == 0 ? ". " : " ";
    out += word(chance);
  }
  return out;
}

gigs::kept_gig sample::gig(std::uint32_t number) const {
  dice chance(number + 1);
  gigs::kept_gig out;
  auto& g = out.gig;
  out.id = g.id = uuid_of(number);
  auto seller = static_cast<std::uint32_t>(std::pow(share(chance), 2) * 20'000);
  static const std::vector<std::string> countries{"ES", "MX", "AR", "US", "GB", "CO", "DE", "FR",
                                                  "IN", "PT", "IT", "CL", "PE", "PL", "UA", "BR"};
  g.seller = {uuid_of(1'000'000 + seller),
              "seller" + std::to_string(seller),
              std::nullopt,
              {},
              countries[static_cast<std::size_t>(std::pow(share(chance), 2) * 16)]};
  const auto& all = gigs::catalogue();
  const auto& c =
      all[static_cast<std::size_t>(std::pow(share(chance), 1.5) * static_cast<double>(all.size()))];
  const auto& s = c.subcategories[below(chance, c.subcategories.size())];
  g.category = c.id;
  g.subcategory = s.id;
  g.title = s.name.en + " " + text(chance, 4 + below(chance, 4));
  g.title.resize(std::min<std::size_t>(g.title.size(), 80));
  g.description = text(chance, 90 + below(chance, 120));
  auto tags = 1 + below(chance, 5);
  for (std::size_t i = 0; i < tags; ++i) g.tags.push_back(word(chance) + " " + word(chance));
  auto price = static_cast<std::int64_t>(500 * std::exp(share(chance) * 5));
  for (auto tier : {gigs::tier::basic, gigs::tier::standard, gigs::tier::premium}) {
    g.packages.push_back({tier,
                          "Package",
                          text(chance, 20),
                          {price, "USD"},
                          1 + static_cast<int>(below(chance, 30)),
                          2});
    price = price * 2;
  }
  g.faq = {{text(chance, 8), text(chance, 25)}};
  if (below(chance, 3) == 0) {
    auto count = static_cast<std::int64_t>(std::exp(share(chance) * 6));
    g.rating = {3.5 + share(chance) * 1.5, count, {0, 0, 1, count / 3, count}};
    g.sales = count * 2;
  }
  g.created_at = g.updated_at = time_point(std::chrono::seconds(1'750'000'000 + number * 60));
  out.languages =
      below(chance, 2) == 0 ? std::vector<std::string>{"es", "en"} : std::vector<std::string>{"en"};
  return out;
}

}  // namespace oficio::bench
