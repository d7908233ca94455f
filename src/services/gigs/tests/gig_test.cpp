#include "services/gigs/gig.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/json/json.hpp"
#include "services/gigs/catalogue.hpp"
#include "services/gigs/search.hpp"

namespace oficio::gigs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

gig_draft good() {
  return {.title = "I will design a logo",
          .description = std::string(120, 'd'),
          .category = "design",
          .subcategory = "logo-design",
          .tags = {"logo"},
          .packages = {{tier::basic, "Small", "One logo", {500, "USD"}, 1, 0}}};
}

std::vector<std::string> wrong(const gig_draft& draft, const std::string& currency = "USD") {
  gig g;
  apply(draft, g);
  json::violations found;
  check(g, currency, found);
  std::vector<std::string> out;
  for (const auto& v : found.take()) out.push_back(v.pointer + " " + v.code);
  return out;
}

TEST(gig, takes_what_is_at_the_limits) {
  auto d = good();
  EXPECT_THAT(wrong(d), IsEmpty());
  d.title = std::string(15, 't');
  d.tags = {"aa", "bb", "cc", "dd", std::string(30, 'e')};
  d.packages = {{tier::basic, "B", "b", {500, "USD"}, 1, 0},
                {tier::standard, "S", "s", {1'000, "USD"}, 45, 3},
                {tier::premium, "P", "p", {1'000'000, "USD"}, 90, 20}};
  EXPECT_THAT(wrong(d), IsEmpty());
  d.title = std::string(80, 't');
  d.description = std::string(5'000, 'd');
  EXPECT_THAT(wrong(d), IsEmpty());
}

TEST(gig, counts_characters_and_not_bytes) {
  auto d = good();
  d.title.clear();
  for (int i = 0; i < 80; ++i) d.title += "ñ";
  EXPECT_THAT(wrong(d), IsEmpty());
  d.title += "ñ";
  EXPECT_THAT(wrong(d), ElementsAre("/title too_long"));
}

TEST(gig, tells_everything_that_is_wrong_at_its_place) {
  auto d = good();
  d.title = std::string(14, 't');
  d.description = std::string(119, 'd');
  d.subcategory = "seo";
  d.tags = {"a", std::string(31, 'b'), "one,two"};
  d.packages = {{tier::premium, "", "x", {499, "EUR"}, 0, -1},
                {tier::premium, "T", "", {1'000'001, "USD"}, 91, 21}};
  d.faq = {{"", std::string(1'001, 'a')}};
  d.images = std::vector<std::string>(9, "picture");
  EXPECT_THAT(
      wrong(d),
      ElementsAre("/title too_short", "/description too_short", "/subcategory choice",
                  "/tags/0 too_short", "/tags/1 too_long", "/tags/2 format",
                  "/packages/0/title too_short", "/packages/0/price/amount range",
                  "/packages/0/price/currency currency", "/packages/0/delivery_days range",
                  "/packages/0/revisions range", "/packages/1/description too_short",
                  "/packages/1/price/amount range", "/packages/1/delivery_days range",
                  "/packages/1/revisions range", "/packages/1/name repeated",
                  "/faq/0/question too_short", "/faq/0/answer too_long", "/images too_many"));
}

TEST(gig, needs_tags_packages_and_a_category) {
  auto d = good();
  d.tags.clear();
  d.packages.clear();
  d.category = "cooking";
  EXPECT_THAT(wrong(d), ElementsAre("/category choice", "/tags too_few", "/packages too_few"));
  d = good();
  d.tags = {"aa", "bb", "cc", "dd", "ee", "ff"};
  EXPECT_THAT(wrong(d), ElementsAre("/tags too_many"));
}

TEST(gig, takes_only_the_currency_of_the_installation) {
  EXPECT_THAT(wrong(good(), "EUR"), ElementsAre("/packages/0/price/currency currency"));
}

TEST(gig, keeps_tags_in_lower_case_and_once) {
  auto d = good();
  d.tags = {"  Logo ", "DISEÑO", "logo", "Über"};
  gig g;
  apply(d, g);
  tidy(g);
  EXPECT_THAT(g.tags, ElementsAre("logo", "diseño", "über"));
}

TEST(gig, orders_packages_by_tier_and_names_those_without_a_title) {
  auto d = good();
  d.packages = {{tier::premium, std::nullopt, "p", {9'000, "USD"}, 9, 0},
                {tier::basic, std::nullopt, "b", {600, "USD"}, 12, 0}};
  gig g;
  apply(d, g);
  tidy(g);
  ASSERT_EQ(g.packages.size(), 2U);
  EXPECT_EQ(g.packages[0].title, "Basic");
  EXPECT_EQ(g.packages[1].title, "Premium");
  EXPECT_EQ(g.lowest_price(), 600);
  EXPECT_EQ(g.fastest_delivery(), 9);
}

TEST(gig, a_patch_changes_only_what_it_names) {
  gig g;
  apply(good(), g);
  apply(gig_patch{.title = "A title of another kind"}, g);
  EXPECT_EQ(g.title, "A title of another kind");
  EXPECT_THAT(g.tags, ElementsAre("logo"));
}

TEST(gig, is_shown_with_exactly_the_fields_of_the_contract) {
  std::vector<std::string> names;
  auto shown = json::to_value(gig{});
  for (const auto& member : shown.as_object()) names.emplace_back(member.key());
  EXPECT_THAT(names, ElementsAre("id", "revision", "seller", "title", "description", "category",
                                 "subcategory", "tags", "packages", "faq", "images", "active",
                                 "rating", "sales", "created_at", "updated_at"));
}

TEST(catalogue, has_forty_five_different_subcategories_in_nine_categories) {
  std::set<std::string> ids;
  for (const auto& c : catalogue()) {
    EXPECT_TRUE(is_category(c.id));
    EXPECT_FALSE(c.name.en.empty() || c.name.es.empty());
    for (const auto& s : c.subcategories) {
      EXPECT_TRUE(is_subcategory(c.id, s.id));
      EXPECT_FALSE(s.name.en.empty() || s.name.es.empty());
      ids.insert(s.id);
    }
  }
  EXPECT_EQ(catalogue().size(), 9U);
  EXPECT_EQ(ids.size(), 45U);
  EXPECT_FALSE(is_category("logo-design"));
  EXPECT_FALSE(is_subcategory("video", "logo-design"));
}

}  // namespace
}  // namespace oficio::gigs
