#include "services/notifications/mail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oficio::notifications {
namespace {

using testing::HasSubstr;
using testing::Not;

letter sample() {
  return {.locale = "es",
          .to = "ana@example.com",
          .username = "ana",
          .subject = "Asunto",
          .body = "Un texto.",
          .action = "Ver",
          .url = "http://localhost:4000/orders/1"};
}

TEST(mail, speaks_the_readers_language) {
  EXPECT_THAT(compose(sample(), "1").text, HasSubstr("Hola ana"));
  auto english = sample();
  english.locale = "en-GB";
  EXPECT_THAT(compose(english, "1").text, HasSubstr("Hello ana"));
  english.locale = "fr";
  EXPECT_THAT(compose(english, "1").text, HasSubstr("Hello ana"));
}

TEST(mail, escapes_what_people_wrote) {
  auto l = sample();
  l.username = "<script>alert(1)</script>";
  l.body = "a & b \"<b>\"";
  auto m = compose(l, "1");
  EXPECT_THAT(m.html, Not(HasSubstr("<script>")));
  EXPECT_THAT(m.html, HasSubstr("a &amp; b"));
  EXPECT_THAT(m.text, HasSubstr("a & b \"<b>\""));
}

TEST(mail, never_links_to_a_script) {
  auto l = sample();
  l.url = "javascript:alert(1)";
  EXPECT_THAT(compose(l, "1").html, Not(HasSubstr("href=\"javascript:")));
}

TEST(mail, a_subject_is_one_line) {
  auto l = sample();
  l.subject = "Hello\r\nBcc: everybody@example.com";
  EXPECT_THAT(compose(l, "1").subject, Not(testing::AnyOf(HasSubstr("\r"), HasSubstr("\n"))));
}

TEST(mail, has_no_button_without_an_action) {
  auto l = sample();
  l.action.clear();
  EXPECT_THAT(compose(l, "1").html, Not(HasSubstr("<a href")));
}

TEST(mail, the_verification_letter_carries_the_token) {
  json::object data{{"email", "ana@example.com"}, {"username", "ana"}, {"locale", "en"}};
  auto l = verification_letter(data, "secret-token", "https://market.example");
  EXPECT_EQ(l.to, "ana@example.com");
  EXPECT_EQ(l.url, "https://market.example/verify?token=secret-token");
}

}  // namespace
}  // namespace oficio::notifications
