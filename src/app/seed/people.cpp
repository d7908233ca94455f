#include "app/seed/people.hpp"

#include <algorithm>
#include <stdexcept>

#include "app/seed/wording.hpp"

namespace oficio::sample {
namespace {

constexpr std::size_t longest_username = 30;

// One letter of UTF-8 from the front of `text`.
std::string_view take_letter(std::string_view& text) {
  auto lead = static_cast<unsigned char>(text.front());
  std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  auto letter = text.substr(0, size);
  text.remove_prefix(letter.size());
  return letter;
}

// Small letters and accents need no more than this: names are of Latin letters.
std::string lower(std::string_view letter) {
  std::string out(letter);
  auto second = static_cast<unsigned char>(out.back());
  if (out.size() == 1 && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 0x20);
  if (out.size() == 2 && out[0] == '\xC3' && second < 0x9F)
    out[1] = static_cast<char>(second + 0x20);
  if (out.size() == 2 && (out[0] == '\xC4' || out[0] == '\xC5') && second % 2 == 0) {
    out[1] = static_cast<char>(second + 1);
  }
  return out;
}

std::string folded(const library& texts, std::string_view name) {
  std::string out;
  while (!name.empty()) {
    auto letter = lower(take_letter(name));
    if (auto known = texts.foldings.find(letter); known != texts.foldings.end()) {
      out += known->second;
    } else if (letter.size() == 1 && letter[0] >= 'a' && letter[0] <= 'z') {
      out += letter;
    }
  }
  return out;
}

class casting {
 public:
  casting(const library& texts, std::uint64_t seed) : texts_(texts), seed_(seed) {}

  person named(std::string username, std::string first, std::string last,
               std::string_view country) {
    person out;
    out.username = std::move(username);
    out.first = std::move(first);
    out.last = std::move(last);
    for (const auto& one : texts_.regions) {
      if (one.country == country) out.from = &one;
    }
    if (!out.from) throw std::logic_error("the sample texts lack a country");
    out.city = out.from->cities.front();
    taken_.insert(out.username);
    return out;
  }

  person next(std::string_view kind, std::size_t number) {
    dice chance(seed_, kind, number);
    person out;
    out.from = &region_of(chance);
    out.first = chance.pick(out.from->first);
    out.last = chance.pick(out.from->last);
    out.city = chance.pick(out.from->cities);
    out.username = free_name(out, chance);
    return out;
  }

  // Sellers take turns over the trades, so that no subcategory is empty.
  void give_trades(person& to, std::size_t number) {
    dice chance(seed_, "trades", number);
    const auto& main = texts_.trades[number % texts_.trades.size()];
    to.trades.push_back(&main);
    for (const auto& other : texts_.trades) {
      if (other.category == main.category && &other != &main && chance.percent(25)) {
        to.trades.push_back(&other);
      }
    }
    to.years = chance.between(2, 19);
    to.excellent = number == 0 || chance.percent(82);
  }

 private:
  const region& region_of(dice& chance) {
    std::int64_t all = 0;
    for (const auto& one : texts_.regions) all += one.share;
    auto at = chance.between(0, all - 1);
    for (const auto& one : texts_.regions) {
      if ((at -= one.share) < 0) return one;
    }
    return texts_.regions.back();
  }

  std::string free_name(const person& who, dice& chance) {
    auto first = folded(texts_, who.first);
    auto last = folded(texts_, who.last);
    std::vector<std::string> ways{
        first + "_" + last, first + last,       first.substr(0, 1) + last,
        last + "_" + first, first + "-" + last, first + std::to_string(chance.between(70, 99))};
    auto name = chance.pick(ways);
    for (std::size_t more = 2; name.size() > longest_username || !taken_.insert(name).second;
         ++more) {
      name = first + "_" + last.substr(0, 12) + std::to_string(more);
    }
    return name;
  }

  const library& texts_;
  std::uint64_t seed_;
  std::set<std::string> taken_;
};

// A host's name has no underscores.
std::string dashed(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

json::array languages_of(const person& who, dice& chance) {
  json::array out;
  for (const auto& code : who.from->speaks) {
    const char* level = "native";
    if (!out.empty()) level = chance.percent(60) ? "fluent" : "conversational";
    out.push_back({{"code", code}, {"level", level}});
  }
  return out;
}

json::array skills_of(const person& who, dice& chance) {
  json::array out;
  std::set<std::string> seen;
  for (const auto* one : who.trades) {
    for (const auto& skill : chance.some(one->skills, out.empty() ? 5 : 2)) {
      if (seen.insert(skill).second) out.push_back(json::value(skill));
    }
  }
  return out;
}

json::array experience_of(const person& who, wording& say, dice& chance, std::int64_t year) {
  json::array out;
  auto until = year;
  auto since = year - who.years;
  for (int job = 0; job < 2 && until - since >= 2; ++job) {
    auto from = job == 1 ? since : chance.between(since, until - 1);
    json::object one{{"company", say.one("company")}, {"title", say.one("job")}, {"from", from}};
    if (until != year) one["to"] = until;
    out.push_back(std::move(one));
    until = from;
  }
  return out;
}

}  // namespace

cast make_cast(const library& texts, std::uint64_t seed, std::size_t sellers, std::size_t buyers) {
  casting all(texts, seed);
  cast out;
  out.sellers.push_back(all.named("bruno", "Bruno", "Ferreira", "UY"));
  out.buyers.push_back(all.named("ana", "Ana", "Morales", "ES"));
  out.operator_ = all.named("olga", "Olga", "Lindgren", "IE");
  while (out.sellers.size() < sellers)
    out.sellers.push_back(all.next("seller", out.sellers.size()));
  while (out.buyers.size() < buyers) out.buyers.push_back(all.next("buyer", out.buyers.size()));
  for (std::size_t i = 0; i < out.sellers.size(); ++i) all.give_trades(out.sellers[i], i);
  return out;
}

json::value make_profile(const library& texts, const person& who, std::uint64_t seed,
                         std::size_t number, std::int64_t year) {
  dice chance(seed, "profile", number);
  wording say(texts.in(who.locale()), chance);
  say.set("first", who.first).set("last", who.last).set("city", who.city);
  say.set("years", std::to_string(who.years));
  say.set("jobs", std::to_string(20 * who.years + chance.between(1, 30)));
  say.set("what", who.trades.front()->in(who.locale()).name);
  json::object out{
      {"headline", capital(say.one("headline"))},
      {"description", say.one("about") + "\n\n" + say.one("about2")},
      {"languages", languages_of(who, chance)},
      {"skills", skills_of(who, chance)},
      {"experience", experience_of(who, say, chance, year)},
      {"response_time_hours", chance.pick(std::vector<int>{1, 1, 2, 3, 4, 6, 12, 24})}};
  out["education"] = json::array{{{"school", say.one("school")},
                                  {"degree", say.one("degree")},
                                  {"year", year - who.years - chance.between(0, 2)}}};
  if (chance.percent(60))
    out["links"] = json::array{"https://" + dashed(who.username) + ".example.com/"};
  return out;
}

}  // namespace oficio::sample
