#include "services/users/seller.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace oficio::users {
namespace {

using words = std::vector<std::string>;

template <class Form>
words wrong_with(std::string_view body) {
  auto read = json::from_request<Form>(body);
  words out;
  if (read) return out;
  for (const auto& v : read.error().violations) out.push_back(v.pointer + " " + v.code);
  std::ranges::sort(out);
  return out;
}

TEST(new_seller, needs_what_a_seller_cannot_be_without) {
  auto wrong = wrong_with<new_seller>("{}");
  std::erase_if(wrong, [](const auto& w) { return !w.ends_with(" required"); });
  EXPECT_EQ(wrong, (words{"/description required", "/headline required", "/languages required",
                          "/skills required"}));
}

TEST(seller_edit, tells_all_that_is_wrong) {
  EXPECT_EQ(wrong_with<seller_edit>(R"({
      "headline": "x", "description": "short",
      "languages": [{"code": "en", "level": "fluent"}, {"code": "en", "level": "native"},
                    {"code": "English", "level": "native"}],
      "skills": ["Drawing", "drawing", ""],
      "education": [{"school": "", "degree": "x", "year": 1800}],
      "experience": [{"company": "c", "title": "t", "from": 2020, "to": 2010}],
      "certificates": [{"name": " ", "issuer": ""}],
      "links": ["javascript:x"], "response_time_hours": 0})"),
            (words{"/certificates/0/name too_short", "/description too_short",
                   "/education/0/school too_short", "/education/0/year range",
                   "/experience/0/to range", "/headline too_short", "/languages/1 repeated",
                   "/languages/2/code format", "/links/0 format", "/response_time_hours range",
                   "/skills/1 repeated", "/skills/2 too_short"}));
}

TEST(seller_edit, refuses_levels_that_are_none_and_lists_that_are_too_long) {
  EXPECT_EQ(wrong_with<seller_edit>(R"({"languages": [{"code": "en", "level": "godlike"}]})"),
            (words{"/languages/0/level choice"}));
  EXPECT_EQ(wrong_with<seller_edit>(R"({"languages": []})"), (words{"/languages too_few"}));
  json::array many;
  for (int i = 0; i < 31; ++i) many.push_back(json::value(std::to_string(i)));
  auto body = json::to_text(json::value(json::object{{"skills", many}}));
  EXPECT_EQ(wrong_with<seller_edit>(body), (words{"/skills too_many"}));
}

TEST(seller_edit, changes_only_what_is_there) {
  seller s;
  s.headline = "Before and after";
  s.skills = {"a"};
  apply({.skills = {{"b", "c"}}}, s);
  EXPECT_EQ(s.headline, "Before and after");
  EXPECT_EQ(s.skills, (words{"b", "c"}));
  EXPECT_EQ(s.revision, 2);
}

TEST(seller, takes_newer_figures_only) {
  seller s;
  EXPECT_TRUE(
      s.learn(rating{.version = 2, .average = 5, .count = 1, .histogram = {0, 0, 0, 0, 1}}));
  EXPECT_FALSE(s.learn(rating{.version = 2}));
  EXPECT_FALSE(s.learn(rating{.version = 1}));
  EXPECT_EQ(s.rating.count, 1);
  EXPECT_TRUE(s.learn_completed(3));
  EXPECT_FALSE(s.learn_completed(3));
  EXPECT_FALSE(s.learn_completed(2));
  EXPECT_EQ(s.completed_orders, 3);
}

TEST(seller, is_shown_as_the_contract_says) {
  auto view = view_of(seller{});
  for (auto name :
       {"id", "username", "avatar", "headline", "description", "country", "languages", "skills",
        "education", "experience", "certificates", "links", "response_time_hours", "rating",
        "completed_orders", "member_since", "revision"}) {
    EXPECT_TRUE(view.contains(name)) << name;
  }
  EXPECT_EQ(view.size(), 17U);
  EXPECT_EQ(json::to_text(view.at("rating")),
            R"({"average":0.0,"count":0,"histogram":[0,0,0,0,0]})");
}

}  // namespace
}  // namespace oficio::users
