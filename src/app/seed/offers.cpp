#include "app/seed/offers.hpp"

#include <algorithm>

#include "app/seed/client.hpp"

namespace oficio::app {
namespace {

constexpr std::size_t shortest_title = 15;
constexpr std::size_t longest_title = 80;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void fill(std::string& text, std::string_view name, std::string_view value) {
  if (auto at = text.find(name); at != std::string::npos) text.replace(at, name.size(), value);
}

const trade& trade_of(const shelf& where) {
  for (const auto* list : {&media_trades(), &trades()}) {
    for (const auto& t : *list) {
      bool fits = std::ranges::any_of(t.keys, [&](std::string_view key) {
        return where.subcategory.find(key) != std::string::npos;
      });
      if (fits) return t;
    }
  }
  return any_trade();
}

// A choice of words that keeps to the length that titles may have; the shortest one if luck fails.
std::string title_of(const voice& v, const phrases& words, std::string_view what, dice& chance) {
  std::string best;
  for (int attempt = 0; attempt < 20; ++attempt) {
    std::string title(chance.pick(v.titles));
    fill(title, "{how}", chance.pick(v.how));
    fill(title, "{whom}", chance.pick(words.whom));
    fill(title, "{what}", what);
    auto length = characters(title);
    if (length >= shortest_title && length <= longest_title) return title;
    if (best.empty() || length < characters(best)) best = title;
  }
  return best;
}

std::string description_of(const voice& v, const phrases& words, dice& chance) {
  std::string text(v.intro);
  text.append("\n\n").append(words.gets).append("\n");
  for (auto item : v.includes) text.append("- ").append(item).append("\n");
  text.append("\n").append(chance.pick(words.ways));
  text.append("\n\n").append(chance.pick(words.closings));
  return text;
}

json::array packages_of(const trade& t, const voice& v, const phrases& words,
                        const std::string& currency, dice& chance) {
  static const std::vector<std::string_view> names{"basic", "standard", "premium"};
  static const std::vector<int> percent{100, 180, 320};
  // A fifth more or less than usual, in steps of five: prices as people set them.
  auto base = static_cast<int>(t.price * (80 + 5 * chance.below(9)) / 100);
  json::array all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto units = std::max(5, (base * percent[i] / 100 + 2) / 5 * 5);
    std::string text(v.includes[0]);
    for (std::size_t k = 1; k <= i + 1 && k < v.includes.size(); ++k) {
      text.append(", ").append(v.includes[k]);
    }
    all.push_back(json::value{{"name", names[i]},
                              {"title", words.packages[i]},
                              {"description", text},
                              {"price", {{"amount", units * 100}, {"currency", currency}}},
                              {"delivery_days", t.days + static_cast<int>(i) * 2},
                              {"revisions", static_cast<int>(i) + 1}});
  }
  return all;
}

}  // namespace

std::vector<shelf> read_shelves(const json::value& categories) {
  std::vector<shelf> all;
  auto* object = categories.if_object();
  auto* items = object ? object->if_contains("items") : nullptr;
  if (!items || !items->is_array()) return all;
  for (const auto& category : items->get_array()) {
    auto* parts =
        category.is_object() ? category.get_object().if_contains("subcategories") : nullptr;
    if (!parts || !parts->is_array()) continue;
    for (const auto& sub : parts->get_array()) {
      auto* names = sub.is_object() ? sub.get_object().if_contains("name") : nullptr;
      if (!names) continue;
      all.push_back({text_of(category, "id"), text_of(sub, "id"), text_of(*names, "en"),
                     text_of(*names, "es")});
    }
  }
  return all;
}

json::value make_offer(const person& seller, const shelf& where, const std::string& currency,
                       dice& chance) {
  const auto& t = trade_of(where);
  bool spanish = seller.locale == "es";
  const auto& v = spanish ? t.es : t.en;
  const auto& words = phrases_of(seller.locale);
  json::array tags;
  for (auto tag : t.tags) tags.push_back(json::value(tag));
  return {{"title", title_of(v, words, spanish ? where.name_es : where.name_en, chance)},
          {"description", description_of(v, words, chance)},
          {"category", where.category},
          {"subcategory", where.subcategory},
          {"tags", tags},
          {"packages", packages_of(t, v, words, currency, chance)},
          {"faq",
           {{{"question", v.question}, {"answer", v.reply}},
            {{"question", words.delivery_question}, {"answer", words.delivery_reply}}}},
          {"images", json::array()}};
}

json::value make_profile(const person& seller) {
  bool spanish = seller.locale == "es";
  json::array languages{{{"code", spanish ? "es" : "en"}, {"level", "native"}},
                        {{"code", spanish ? "en" : "es"}, {"level", "fluent"}}};
  json::array skills;
  for (auto word :
       {spanish ? "trato cercano" : "clear writing", spanish ? "puntualidad" : "punctuality"}) {
    skills.push_back(json::value(word));
  }
  return {
      {"headline", seller.headline},   {"description", seller.about}, {"skills", skills},
      {"languages", languages},        {"education", json::array()},  {"experience", json::array()},
      {"certificates", json::array()}, {"links", json::array()},      {"response_time_hours", 4}};
}

}  // namespace oficio::app
