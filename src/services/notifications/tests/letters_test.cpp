#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/mail/mime.hpp"
#include "services/notifications/account_letters.hpp"
#include "services/notifications/notice_letters.hpp"

namespace oficio::notifications {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

const std::string market = "https://market.example";

account_news ana(const std::string& locale) {
  return {.username = "ana",
          .email = "ana@example.com",
          .locale = locale,
          .not_after = parse_time("2026-02-01T09:05:00Z"),
          .changed_at = parse_time("2026-01-31T23:59:59Z"),
          .device = "Firefox"};
}

notice_news notice(const std::string& kind, const std::string& locale) {
  return {.notice = {.kind = kind, .text = "A sentence of " + kind, .link = "/orders/o1"},
          .username = "ana",
          .email = "ana@example.com",
          .locale = locale,
          .channels = {true},
          .facts = {.actor = "bruno",
                    .title = "An owl",
                    .amount = money{123405, "USD"},
                    .quote = "First line\nSecond line",
                    .due_at = parse_time("2026-02-01T09:05:00Z")}};
}

// Every mail that there is, by name, in one language.
std::map<std::string, letter> all_letters(const std::string& locale) {
  std::map<std::string, letter> out;
  out["verification"] = verification_letter(ana(locale), "tok-en_1", market);
  out["code"] = sign_in_code_letter(ana(locale), "012345", market);
  out["reset"] = reset_letter(ana(locale), "tok-en_1", market);
  out["changed"] = password_changed_letter(ana(locale), market);
  for (auto kind : kinds_with_words()) {
    out[std::string(kind)] = notice_letter(notice(std::string(kind), locale), "st-op_1", market);
  }
  return out;
}

void expect_whole(const std::string& name, const mail::message& m) {
  EXPECT_TRUE(mail::check(m).has_value()) << name;
  EXPECT_EQ(m.to, "ana@example.com") << name;
  EXPECT_FALSE(m.subject.empty()) << name;
  EXPECT_THAT(m.html, HasSubstr("<html lang=\"" + m.language + "\">")) << name;
  EXPECT_THAT(m.html, HasSubstr("<title>")) << name;
  EXPECT_THAT(m.html, HasSubstr("viewport")) << name;
  for (const auto& part : {m.subject, m.text, m.html}) {
    EXPECT_THAT(part, Not(AnyOf(HasSubstr("{{"), HasSubstr("{actor"), HasSubstr("{title"))))
        << name;
  }
  EXPECT_THAT(m.text, Not(AnyOf(HasSubstr("<p"), HasSubstr("&amp;"), HasSubstr("«»"),
                                HasSubstr("“”"), HasSubstr("\n\n\n"))))
      << name << "\n"
      << m.text;
  EXPECT_THAT(m.text, HasSubstr("ana")) << name;
  EXPECT_THAT(m.html, HasSubstr(m.language == "es" ? "Hola, ana:" : "Hello ana,")) << name;
  if (name.find('.') == std::string::npos) return;
  EXPECT_THAT(m.html, HasSubstr("First line<br>Second line</div>")) << name;
}

TEST(letters, are_whole_in_both_languages) {
  auto english = all_letters("en-GB");
  auto spanish = all_letters("es");
  ASSERT_EQ(english.size(), spanish.size());
  EXPECT_GE(english.size(), 26U);
  for (const auto& [name, l] : english) {
    auto en = compose(l, "id-1");
    auto es = compose(spanish.at(name), "id-1");
    expect_whole(name, en);
    expect_whole(name, es);
    EXPECT_EQ(en.language, "en");
    EXPECT_EQ(es.language, "es");
    EXPECT_NE(en.subject, es.subject) << name;
    EXPECT_NE(l.action.empty() ? l.note : l.action,
              spanish.at(name).action.empty() ? spanish.at(name).note : spanish.at(name).action)
        << name;
    EXPECT_THAT(es.text, HasSubstr("Hola, ana:")) << name;
    EXPECT_THAT(en.text, HasSubstr("Hello ana,")) << name;
    EXPECT_EQ(l.paragraphs.size(), spanish.at(name).paragraphs.size()) << name;
    EXPECT_EQ(l.after.size(), spanish.at(name).after.size()) << name;
    EXPECT_EQ(l.details.size(), spanish.at(name).details.size()) << name;
  }
}

TEST(letters, lead_where_they_say) {
  auto all = all_letters("en");
  EXPECT_EQ(all["verification"].url, market + "/verify?token=tok-en_1");
  EXPECT_EQ(all["reset"].url, market + "/reset?token=tok-en_1");
  EXPECT_EQ(all["changed"].url, market + "/forgot");
  for (const auto& [name, l] : all) {
    auto m = compose(l, "1");
    if (!l.url.empty()) {
      EXPECT_THAT(m.text, HasSubstr("\n" + l.url + "\n")) << name;
      EXPECT_THAT(m.html, HasSubstr("href=\"" + l.url + "\"")) << name;
    }
    bool can_end = name.find('.') != std::string::npos;
    EXPECT_EQ(m.unsubscribe_url.empty(), !can_end) << name;
    if (!can_end) continue;
    auto stop = market + "/api/v1/unsubscribe?token=st-op_1";
    EXPECT_EQ(m.unsubscribe_url, stop);
    EXPECT_THAT(m.text, HasSubstr(": " + stop + "\n")) << name;
    EXPECT_THAT(m.html, HasSubstr("href=\"" + stop + "\"")) << name;
    EXPECT_THAT(m.html, HasSubstr("href=\"" + market + "/settings/notifications\"")) << name;
  }
}

TEST(letters, read_like_letters) {
  EXPECT_EQ(compose(notice_letter(notice("order.delivered", "en"), "t", market), "1").text,
            "Hello ana,\n"
            "\n"
            "A sentence of order.delivered\n"
            "\n"
            "> First line\n"
            "> Second line\n"
            "\n"
            "If something is missing, ask for changes. If you do nothing, the order completes by "
            "itself after three days.\n"
            "\n"
            "Work: An owl\n"
            "Amount: 1234.05 USD\n"
            "Due: 1 February 2026, 09:05 UTC\n"
            "\n"
            "See the delivery:\n"
            "https://market.example/orders/o1\n"
            "\n"
            "-- \n"
            "Oficio. You get this mail because you have an account at Oficio.\n"
            "No more mails of this kind: https://market.example/api/v1/unsubscribe?token=t\n"
            "Choose what reaches you: https://market.example/settings/notifications\n");
  EXPECT_EQ(
      compose(sign_in_code_letter(ana("es"), "012345", market), "1").text,
      "Hola, ana:\n"
      "\n"
      "Alguien, esperamos que tú, está entrando en tu cuenta desde un dispositivo nuevo. Este "
      "es el código para seguir:\n"
      "\n"
      "    012345\n"
      "\n"
      "Dispositivo: Firefox\n"
      "Vale hasta: 1 de febrero de 2026, 09:05 UTC\n"
      "\n"
      "No le digas el código a nadie; nadie de Oficio te lo pedirá. Si no has sido tú, alguien "
      "sabe tu contraseña: cámbiala en https://market.example/forgot\n"
      "\n"
      "-- \n"
      "Oficio. Recibes este correo porque tienes una cuenta en Oficio.\n");
}

TEST(letters, are_not_what_hostile_people_make_of_them) {
  const std::string evil =
      "\"><img src=x onerror=alert(1)><script>alert(2)</script>{{URL}}\r\nBcc: "
      "all@x.org\u202E\u2028";
  for (std::string kind : {"order.paid", "message.unread", "offer.made", "unheard.of"}) {
    auto news = notice(kind, "en");
    news.username = evil;
    news.notice.text = evil;
    news.facts.actor = evil;
    news.facts.title = evil;
    news.facts.quote = evil + "\n-- \nhttps://evil.example\n" + std::string(5'000, 'q');
    auto m = compose(notice_letter(news, "t", market), "1");
    EXPECT_TRUE(mail::check(m).has_value()) << kind;
    EXPECT_THAT(m.html, Not(AnyOf(HasSubstr("<img"), HasSubstr("<script"), HasSubstr("\u202E"),
                                  HasSubstr("\u2028"))))
        << kind;
    EXPECT_THAT(m.html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(m.subject + m.text, Not(AnyOf(HasSubstr("\u202E"), HasSubstr("\r"))));
    EXPECT_THAT(m.subject, Not(HasSubstr("\n")));
    EXPECT_THAT(m.text, HasSubstr("\n> https://evil.example\n"));
    EXPECT_LT(m.text.size(), 4'000U);
    EXPECT_LT(m.html.size(), 20'000U);
    auto mime = mail::to_mime(m, {"Oficio", "no-reply@market.example"}, {});
    EXPECT_THAT(mime.substr(0, mime.find("\r\n\r\n")), Not(HasSubstr("\nBcc")));
  }
}

TEST(letters, lead_nowhere_else) {
  for (std::string link : {"javascript:alert(1)", "//evil.example/x", "https://evil.example", "",
                           "/\\evil.example", "orders/1"}) {
    auto news = notice("order.paid", "en");
    news.notice.link = link;
    auto l = notice_letter(news, "", market);
    EXPECT_EQ(l.action, "") << link;
    EXPECT_EQ(l.url, "") << link;
  }
  letter l{.locale = "en", .to = "a@b.cd", .username = "ana", .subject = "S", .paragraphs = {"P"}};
  l.action = "Go";
  l.url = "javascript:alert(1)";
  EXPECT_THAT(compose(l, "1").html, Not(HasSubstr("href=\"javascript:")));
}

TEST(letters, say_what_a_notice_says_if_they_have_no_words_of_their_own) {
  auto l = notice_letter(notice("unheard.of", "es"), "", market);
  EXPECT_EQ(l.subject, "A sentence of unheard.of");
  EXPECT_EQ(l.action, "Verlo en Oficio");
  auto m = compose(l, "1");
  EXPECT_EQ(m.unsubscribe_url, "");
  EXPECT_THAT(m.text, Not(HasSubstr("unsubscribe")));
}

TEST(letters, show_times_and_money_as_people_do) {
  auto at = *parse_time("2026-12-09T00:07:59.999Z");
  EXPECT_EQ(shown_time(at, "en"), "9 December 2026, 00:07 UTC");
  EXPECT_EQ(shown_time(at, "es-UY"), "9 de diciembre de 2026, 00:07 UTC");
  EXPECT_EQ(shown_money({5, "USD"}, "en"), "0.05 USD");
  EXPECT_EQ(shown_money({100000, "USD"}, "es"), "1000,00 USD");
}

}  // namespace
}  // namespace oficio::notifications
