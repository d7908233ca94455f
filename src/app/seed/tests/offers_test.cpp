#include "app/seed/offers.hpp"

#include <set>

#include <gtest/gtest.h>

#include "app/seed/client.hpp"

namespace oficio::app {
namespace {

std::size_t characters(const std::string& text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::vector<shelf> some_shelves() {
  return {{"design", "logo-design", "Logo design", "Diseño de logotipos"},
          {"design", "ui-ux", "Interfaces", "Interfaces"},
          {"programming", "web-development", "Web development", "Desarrollo web"},
          {"writing", "translation", "Translation", "Traducción"},
          {"business", "strange-work", "Something else", "Otra cosa"}};
}

TEST(Offers, KeepToTheLimitsOfTheContract) {
  dice chance(7);
  std::set<std::string> titles;
  for (int round = 0; round < 20; ++round) {
    for (const auto& seller : sample_sellers()) {
      for (const auto& where : some_shelves()) {
        auto offer = make_offer(seller, where, "USD", chance);
        auto title = text_of(offer, "title");
        titles.insert(title);
        EXPECT_GE(characters(title), 15u) << title;
        EXPECT_LE(characters(title), 80u) << title;
        EXPECT_EQ(title.find('{'), std::string::npos) << title;
        auto length = characters(text_of(offer, "description"));
        EXPECT_GE(length, 120u);
        EXPECT_LE(length, 5'000u);
        auto tags = offer.at("tags").as_array().size();
        EXPECT_TRUE(tags >= 1 && tags <= 5);
        EXPECT_EQ(offer.at("packages").as_array().size(), 3u);
        for (const auto& package : offer.at("packages").as_array()) {
          auto amount = package.at("price").at("amount").to_number<int>();
          EXPECT_TRUE(amount >= 500 && amount <= 1'000'000) << title << ": " << amount;
        }
        EXPECT_TRUE(offer.at("faq").at(0).is_object());
        EXPECT_TRUE(offer.at("images").as_array().empty());
      }
    }
  }
  EXPECT_GT(titles.size(), 200u);
}

TEST(Offers, AreTheSameInEveryRun) {
  dice first(3);
  dice second(3);
  for (const auto& where : some_shelves()) {
    const auto& seller = sample_sellers()[1];
    EXPECT_EQ(make_offer(seller, where, "USD", first), make_offer(seller, where, "USD", second));
  }
}

TEST(Offers, SpeakTheSellersLanguageAboutTheRightWork) {
  dice chance(1);
  auto where = some_shelves().front();
  const auto& ana = sample_sellers().front();
  ASSERT_EQ(ana.locale, "es");
  auto offer = make_offer(ana, where, "USD", chance);
  EXPECT_NE(text_of(offer, "description").find("logotipo"), std::string::npos);
  EXPECT_EQ(text_of(offer, "subcategory"), "logo-design");
}

TEST(Shelves, AreReadFromTheCatalogue) {
  json::value catalogue{
      {"items", json::array{{{"id", "design"},
                             {"name", {{"en", "Design"}, {"es", "Diseño"}}},
                             {"subcategories",
                              json::array{{{"id", "logo"},
                                           {"name", {{"en", "Logos"}, {"es", "Logos"}}}}}}}}}};
  auto shelves = read_shelves(catalogue);
  ASSERT_EQ(shelves.size(), 1u);
  EXPECT_EQ(shelves[0].category, "design");
  EXPECT_EQ(shelves[0].subcategory, "logo");
  EXPECT_TRUE(read_shelves(json::object()).empty());
}

TEST(People, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const auto* group : {&sample_sellers(), &sample_buyers()}) {
    for (const auto& someone : *group) names.insert(someone.username);
  }
  EXPECT_EQ(names.size(), sample_sellers().size() + sample_buyers().size());
}

}  // namespace
}  // namespace oficio::app
