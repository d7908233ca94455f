#include "platform/mail/mime.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace oficio::mail {
namespace {

message sample() {
  return {.id = "4f0c-1",
          .to = "ana@example.org",
          .subject = "Hello",
          .text = "Hello",
          .html = "<p>Hello</p>"};
}

const sender market{"Oficio", "no-reply@market.example"};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find("\r\n", at);
    out.push_back(text.substr(at, end - at));
    if (end == std::string::npos) break;
    at = end + 2;
  }
  return out;
}

// What a reader makes of quoted-printable or, with `word`, of an encoded word.
std::string decoded(std::string_view text, bool word = false) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (word && text[i] == '_') {
      out += ' ';
    } else if (text[i] != '=') {
      out += text[i];
    } else if (text.substr(i, 3) == "=\r\n") {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
  }
  return out;
}

std::string decoded_words(std::string text) {
  std::string out;
  for (const auto& line : lines_of(text)) {
    auto start = line.find("=?utf-8?Q?");
    if (start == std::string::npos) return text;
    EXPECT_LE(line.size(), 75U);
    EXPECT_TRUE(line.ends_with("?="));
    out += decoded(line.substr(start + 10, line.size() - start - 12), true);
  }
  return out;
}

TEST(mime, is_a_whole_message) {
  auto m = sample();
  m.language = "es";
  m.unsubscribe_url = "https://market.example/api/v1/unsubscribe?token=abc";
  auto text = to_mime(m, market, *parse_time("2026-02-01T09:05:07Z"));
  EXPECT_EQ(text.substr(0, text.find("\r\n\r\n")),
            "From: Oficio <no-reply@market.example>\r\n"
            "To: <ana@example.org>\r\n"
            "Subject: Hello\r\n"
            "Date: Sun, 01 Feb 2026 09:05:07 +0000\r\n"
            "Message-ID: <4f0c-1@market.example>\r\n"
            "Content-Language: es\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "X-Auto-Response-Suppress: All\r\n"
            "List-Unsubscribe: <https://market.example/api/v1/unsubscribe?token=abc>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: multipart/alternative;\r\n"
            " boundary=\"=_oficio_alternative\"");
  EXPECT_EQ(text.substr(text.find("\r\n\r\n") + 4),
            "--=_oficio_alternative\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            "Hello\r\n"
            "--=_oficio_alternative\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            "<p>Hello</p>\r\n"
            "--=_oficio_alternative--\r\n");
  EXPECT_EQ(to_mime(m, market, *parse_time("2026-02-01T09:05:07Z")), text);
}

TEST(mime, mails_that_cannot_be_ended_say_nothing_of_it) {
  EXPECT_EQ(to_mime(sample(), market, {}).find("List-Unsubscribe"), std::string::npos);
}

TEST(mime, encodes_subjects) {
  EXPECT_EQ(encoded_header("Plain, with (signs)!"), "Plain, with (signs)!");
  std::string family = "👩‍👩‍👧";
  std::string families = family + family + family + family + family + family;
  for (const std::string& subject :
       {std::string("Señor: «Búho» 🦉"), std::string("=?utf-8?Q?forged?="), std::string(100, 'a'),
        std::string("ñ_=?"), families}) {
    EXPECT_NE(encoded_header(subject), subject);
    EXPECT_EQ(decoded_words(encoded_header(subject)), subject);
  }
}

TEST(mime, quotes_bodies_so_that_nothing_is_lost) {
  std::string body = "Ñandú = ñ \n.\nFrom here\nends with blanks  \t\n" + std::string(200, 'x') +
                     " é" + std::string(200, 'y') + "\n--=_oficio_alternative\n\n" +
                     std::string("\0\x01", 2) + "last";
  auto quoted = quoted_printable(body);
  for (const auto& line : lines_of(quoted)) {
    EXPECT_LE(line.size(), 76U);
    EXPECT_FALSE(line.starts_with('.') || line.starts_with("From"));
    EXPECT_FALSE(line.ends_with(' ') || line.ends_with('\t'));
    EXPECT_EQ(line.find("=_"), std::string::npos);
  }
  std::string expected;
  for (char c : body) expected += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(decoded(quoted), expected);
  EXPECT_EQ(decoded(quoted_printable("a\r\nb")), "a\r\nb");
}

TEST(mime, refuses_what_could_become_another_header) {
  EXPECT_TRUE(check(sample()).has_value());
  struct row {
    const char* what;
    void (*spoil)(message&);
  };
  for (const auto& [what, spoil] : std::vector<row>{
           {"no id", [](message& m) { m.id.clear(); }},
           {"id with a line", [](message& m) { m.id = "a\r\nBcc: b@c.de"; }},
           {"id with a bracket", [](message& m) { m.id = "a>"; }},
           {"no recipient", [](message& m) { m.to.clear(); }},
           {"two recipients", [](message& m) { m.to = "a@b.cd,e@f.gh"; }},
           {"a named recipient", [](message& m) { m.to = "Ana <a@b.cd>"; }},
           {"a recipient with a line", [](message& m) { m.to = "a@b.cd\r\nBcc: e@f.gh"; }},
           {"a recipient with an accent", [](message& m) { m.to = "añ@b.cd"; }},
           {"a recipient with a second @", [](message& m) { m.to = "a@b@c.de"; }},
           {"a subject with a line", [](message& m) { m.subject = "a\r\nBcc: b@c.de"; }},
           {"a subject with a bare feed", [](message& m) { m.subject = "a\nb"; }},
           {"a subject with NUL", [](message& m) { m.subject = std::string("a\0b", 3); }},
           {"a subject with a next line", [](message& m) { m.subject = "a\u0085b"; }},
           {"a subject with a line separator", [](message& m) { m.subject = "a\u2028b"; }},
           {"a subject that turns", [](message& m) { m.subject = "a\u202Eb"; }},
           {"a subject that is no UTF-8", [](message& m) { m.subject = "a\xff"; }},
           {"a huge subject", [](message& m) { m.subject = std::string(901, 'a'); }},
           {"a language with a line", [](message& m) { m.language = "en\r\nX: y"; }},
           {"another scheme", [](message& m) { m.unsubscribe_url = "javascript:x"; }},
           {"an address with a line", [](message& m) { m.unsubscribe_url = "http://a/\r\nX: y"; }},
           {"an address that ends early", [](message& m) { m.unsubscribe_url = "http://a/>b"; }},
           {"a huge body", [](message& m) { m.text = std::string(500'001, 'a'); }}}) {
    auto m = sample();
    spoil(m);
    auto outcome = check(m);
    ASSERT_TRUE(outcome.has_error()) << what;
    EXPECT_EQ(outcome.error().code, "mail_refused") << what;
  }
}

}  // namespace
}  // namespace oficio::mail
