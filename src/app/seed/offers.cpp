#include "app/seed/offers.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "app/seed/wording.hpp"

namespace oficio::sample {
namespace {

constexpr std::array<std::string_view, 3> tiers{"basic", "standard", "premium"};
constexpr std::size_t shortest_title = 15;
constexpr std::size_t longest_title = 80;
constexpr int titles_to_try = 24;
constexpr std::int64_t longest_delivery = 90;

// Prices end in 0 or 5, as people like them.
std::int64_t round_price(double units) {
  return std::max<std::int64_t>(5, static_cast<std::int64_t>(units / 5.0 + 0.5) * 5) * 100;
}

std::string join_lines(const std::vector<std::string>& lines, wording& say) {
  std::string out;
  for (const auto& line : lines) out += "- " + say(line) + "\n";
  return out;
}

std::string describe(const voice& of, wording& say, dice& chance) {
  auto points = chance.some(of.includes, static_cast<std::size_t>(chance.between(4, 6)));
  return say(chance.pick(of.intros)) + "\n\n" + say.one("gets") + "\n" + join_lines(points, say) +
         "\n" + say.one("way") + "\n\n" + say.one("closing");
}

json::array questions(const voice& of, wording& say, dice& chance) {
  json::array out;
  auto ask = [&](const std::array<std::string, 2>& both) {
    out.push_back({{"question", say(both[0])}, {"answer", say(both[1])}});
  };
  for (const auto& one : chance.some(of.faq, chance.percent(70) ? 3 : 2)) ask(one);
  for (const auto& one : chance.some(say.language().faq, chance.below(3))) ask(one);
  return out;
}

// What the package holds: more points of the list the larger it is.
std::string scope(std::size_t package, const voice& of, wording& say) {
  std::string list;
  auto points = std::min(of.includes.size(), 2 * package + 2);
  for (std::size_t i = 0; i < points; ++i) list += (i ? "; " : "") + say(of.includes[i]);
  return say.one("scope" + std::to_string(package + 1)) + " " + capital(std::move(list)) + ".";
}

json::array packages_of(const terms& t, const voice& of, wording& say, dice& chance,
                        const std::string& currency) {
  json::array out;
  const auto& titles = chance.pick(say.language().packages);
  for (std::size_t i = 0; i < t.packages.size(); ++i) {
    const auto& p = t.packages[i];
    out.push_back({{"name", tiers.at(i)},
                   {"title", titles.at(i)},
                   {"description", scope(i, of, say)},
                   {"price", {{"amount", p.price}, {"currency", currency}}},
                   {"delivery_days", p.days},
                   {"revisions", p.revisions}});
  }
  return out;
}

}  // namespace

std::string_view tier_name(std::size_t package) {
  return tiers.at(package);
}

terms make_terms(const person& seller, std::uint64_t seed, std::size_t gig) {
  dice chance(seed, "terms", gig);
  terms out;
  // The main trade comes most often.
  auto which = chance.percent(45) ? 0 : chance.below(seller.trades.size());
  out.work = seller.trades[which];
  out.locale = seller.locale();
  // Many who are at home in Spanish also offer in English.
  if (out.locale == "es" && seller.from->speaks.size() > 1 && chance.percent(15)) out.locale = "en";
  auto [least, most] = out.work->price;
  auto base = static_cast<double>(least) +
              static_cast<double>((most - least) * chance.between(0, 100)) / 220.0;
  if (seller.years > 10) base *= 1.3;
  auto days = chance.between(out.work->days[0], (out.work->days[0] + out.work->days[1]) / 2);
  auto count = chance.percent(75) ? 3U : chance.percent(60) ? 2U : 1U;
  double factor = 1;
  for (unsigned i = 0; i < count; ++i) {
    out.packages.push_back({round_price(base * factor), std::min(days, longest_delivery),
                            std::min<std::int64_t>(chance.between(1, 2) + i, 5)});
    factor *= 1.6 + static_cast<double>(chance.between(0, 60)) / 100.0;
    days += chance.between(1, 2 + days / 2);
  }
  return out;
}

json::object offer_writer::write(const person& seller, std::size_t gig) {
  auto t = make_terms(seller, seed_, gig);
  dice chance(seed_, "words", gig);
  const auto& voice = t.work->in(t.locale);
  const auto& language = texts_.in(t.locale);
  std::string title;
  std::optional<wording> say;
  for (int tries = 0; tries < titles_to_try; ++tries) {
    say.emplace(language, chance);
    say->set("city", seller.city).set("user", seller.first);
    auto next = (*say)(chance.pick(voice.titles));
    auto length = length_of(next);
    if (length < shortest_title || length > longest_title) continue;
    title = std::move(next);
    if (titles_.insert(std::hash<std::string>{}(title)).second) break;
  }
  json::array tags;
  for (const auto& tag : chance.some(voice.tags, static_cast<std::size_t>(chance.between(3, 5)))) {
    tags.push_back(json::value(tag));
  }
  return {{"title", title},
          {"description", describe(voice, *say, chance)},
          {"category", t.work->category},
          {"subcategory", t.work->subcategory},
          {"tags", std::move(tags)},
          {"packages", packages_of(t, voice, *say, chance, currency_)},
          {"faq", questions(voice, *say, chance)}};
}

}  // namespace oficio::sample
