#include "services/users/profile.hpp"

#include <gtest/gtest.h>

#include "services/users/rules.hpp"

namespace oficio::users {
namespace {

account_news ana() {
  return {.id = "1",
          .username = "Ana",
          .email = "ana@example.com",
          .email_verified = false,
          .locale = "es",
          .country = "ES",
          .created_at = *parse_time("2026-01-01T00:00:00Z")};
}

TEST(profile, takes_everything_from_the_first_news) {
  profile p = profile_of(identity{.sub = "1", .username = "Ana", .locale = "en"}, {});
  EXPECT_FALSE(p.is_complete());
  EXPECT_TRUE(p.learn(ana(), 3));
  EXPECT_TRUE(p.is_complete());
  EXPECT_EQ(p.locale, "es");
  EXPECT_EQ(p.country, "ES");
  EXPECT_EQ(p.email, "ana@example.com");
  EXPECT_EQ(p.handle, "ana");
}

TEST(profile, ignores_older_news) {
  auto p = profile_of(ana(), 3);
  auto old = ana();
  old.email = "old@example.com";
  EXPECT_FALSE(p.learn(old, 3));
  EXPECT_FALSE(p.learn(old, 2));
  EXPECT_EQ(p.email, "ana@example.com");
}

TEST(profile, keeps_the_persons_own_language_and_country) {
  auto p = profile_of(ana(), 1);
  apply({.locale = "en", .country = "US"}, p);
  auto news = ana();
  news.email_verified = true;
  EXPECT_TRUE(p.learn(news, 2));
  EXPECT_TRUE(p.email_verified);
  EXPECT_EQ(p.locale, "en");
  EXPECT_EQ(p.country, "US");
}

TEST(profile, goes_by_the_persons_wishes) {
  auto p = profile_of(ana(), 1);
  EXPECT_TRUE(p.allows("order", "email"));
  EXPECT_TRUE(p.allows("message", "email"));
  EXPECT_FALSE(p.allows("gig", "email"));
  EXPECT_FALSE(p.allows("nonsense", "live"));
  apply({.notifications = {{{"message", {"email"}}, {"order", {}}}}}, p);
  EXPECT_TRUE(p.allows("message", "email"));
  EXPECT_FALSE(p.allows("message", "live"));
  EXPECT_FALSE(p.allows("order", "email"));
  EXPECT_EQ(p.revision, 2);
}

TEST(profile, ends_mails_of_a_kind_and_nothing_else) {
  auto p = profile_of(ana(), 1);
  EXPECT_TRUE(p.silence_mail("order"));
  EXPECT_FALSE(p.silence_mail("order"));
  EXPECT_FALSE(p.silence_mail("gig"));
  EXPECT_FALSE(p.allows("order", "email"));
  EXPECT_TRUE(p.allows("order", "live"));
  EXPECT_TRUE(p.allows("review", "email"));
  EXPECT_EQ(p.revision, 2);
}

std::vector<std::string> wrong_with(std::string_view body) {
  auto read = json::from_request<profile_edit>(body);
  std::vector<std::string> out;
  if (read) return out;
  for (const auto& v : read.error().violations) out.push_back(v.pointer + " " + v.code);
  return out;
}

using words = std::vector<std::string>;

TEST(profile_edit, tells_all_that_is_wrong) {
  EXPECT_EQ(wrong_with(R"({"avatar": "a/b", "locale": "fr", "country": "Spain", "name": "x",
                           "notifications": {"spam": ["email"], "order": ["pigeon"]}})"),
            (words{"/name unknown", "/avatar format", "/locale choice", "/country format",
                   "/notifications/order/0 choice", "/notifications/spam unknown"}));
}

TEST(profile_edit, takes_known_kinds_and_channels_each_once) {
  EXPECT_EQ(
      wrong_with(
          R"({"notifications": {"order": ["live", "email"], "gig": [], "offer": ["email"]}})"),
      words{});
  EXPECT_EQ(wrong_with(R"({"notifications": {"order": ["live", "live"], "gig": ["email"],
                           "review": ["email", "live", "email"], "a/b~": []}})"),
            (words{"/notifications/a~1b~0 unknown", "/notifications/gig/0 choice",
                   "/notifications/order/1 repeated", "/notifications/review too_many",
                   "/notifications/review/2 repeated"}));
}

TEST(profile_edit, tells_absent_from_null) {
  auto p = profile_of(ana(), 1);
  apply(json::from_request<profile_edit>(R"({"avatar": "f-1"})").value(), p);
  EXPECT_EQ(p.avatar, "f-1");
  apply(json::from_request<profile_edit>(R"({"locale": "en"})").value(), p);
  EXPECT_EQ(p.avatar, "f-1");
  apply(json::from_request<profile_edit>(R"({"avatar": null})").value(), p);
  EXPECT_EQ(p.avatar, std::nullopt);
}

TEST(profile, shows_others_no_address) {
  auto p = profile_of(ana(), 1);
  for (const auto& view : {public_view(p, false), event_view(p)}) {
    EXPECT_EQ(json::to_text(json::value(view)).find("example.com"), std::string::npos);
  }
  EXPECT_EQ(own_view(p, true).at("email"), "ana@example.com");
}

TEST(rules, know_countries) {
  for (auto good : {"ES", "UY", "US", "ZW", "AD"}) EXPECT_TRUE(is_country(good)) << good;
  for (auto bad : {"", "E", "es", "ESP", "XX", "ZZ", "UK", "E ", " E", "DA"}) {
    EXPECT_FALSE(is_country(bad)) << bad;
  }
}

TEST(rules, know_web_links) {
  EXPECT_TRUE(is_web_link("https://example.com/a?b#c"));
  EXPECT_TRUE(is_web_link("http://example.com"));
  for (auto bad : {"", "example.com", "javascript:alert(1)", "https://", "https://localhost",
                   "https://a.b/\"x", "https://a.b/ x", "ftp://a.b"}) {
    EXPECT_FALSE(is_web_link(bad)) << bad;
  }
  EXPECT_FALSE(is_web_link("https://a.b/" + std::string(300, 'x')));
}

}  // namespace
}  // namespace oficio::users
