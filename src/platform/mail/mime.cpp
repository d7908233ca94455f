#include "platform/mail/mime.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "platform/base/unicode.hpp"

namespace oficio::mail {
namespace {

constexpr std::size_t longest_line = 76;
constexpr std::size_t longest_subject = 900;  // bytes; a header's line may have 998
constexpr std::size_t longest_url = 900;
constexpr std::size_t longest_body = 500'000;
// Quoted-printable has "=" only before two digits or a line's end, so this is in no part.
constexpr std::string_view boundary = "=_oficio_alternative";
constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_printable(char c) {
  return c > ' ' && c < 0x7f;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

error refused(std::string why) {
  return {errc::invalid, "mail_refused", std::move(why)};
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

bool is_header_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto [point, size] = code_point(text, at);
    if (is_control(point) || is_deceptive(point) || point == '\r' || point == '\n') return false;
    at += size;
  }
  return true;
}

bool is_language(std::string_view text) {
  return !text.empty() && text.size() <= 20 &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_post_url(std::string_view url) {
  return url.size() <= longest_url && (url.starts_with("https://") || url.starts_with("http://")) &&
         std::ranges::all_of(url, [](char c) {
           return is_printable(c) && c != '<' && c != '>' && c != '"' && c != '\\';
         });
}

std::string domain_of(std::string_view address) {
  return std::string(address.substr(address.find('@') + 1));
}

std::string header_date(time_point t) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto day = floor<std::chrono::days>(t);
  year_month_day date(day);
  hh_mm_ss clock(floor<seconds>(t - day));
  std::array<char, 64> out{};
  auto size = std::snprintf(out.data(), out.size(), "%s, %02u %s %d %02d:%02d:%02d +0000",
                            days[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                            months[static_cast<unsigned>(date.month()) - 1],
                            static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                            static_cast<int>(clock.minutes().count()),
                            static_cast<int>(clock.seconds().count()));
  return {out.data(), static_cast<std::size_t>(size)};
}

std::string in_hex(char c) {
  auto byte = static_cast<unsigned char>(c);
  return {'=', hex_digits[byte >> 4U], hex_digits[byte & 0xfU]};
}

// In an encoded word a space is "_"; only what is safe in every header stays as it is.
std::string in_word(std::string_view character) {
  if (character == " ") return "_";
  if (character.size() == 1 && is_letter_or_digit(character[0])) return std::string(character);
  std::string out;
  for (char c : character) out += in_hex(c);
  return out;
}

void add_part(std::string& out, std::string_view type, std::string_view content) {
  out += "--" + std::string(boundary) + "\r\n";
  out += "Content-Type: " + std::string(type) + "; charset=utf-8\r\n";
  out += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  out += quoted_printable(content) + "\r\n";
}

}  // namespace

sender sender_of(const std::string& public_url) {
  auto start = public_url.find("://");
  auto host = start == std::string::npos ? std::string("localhost") : public_url.substr(start + 3);
  host = host.substr(0, host.find_first_of(":/?#"));
  auto address = "no-reply@" + host;
  return {"Oficio", is_mailbox(address) ? address : "no-reply@localhost"};
}

bool is_mailbox(std::string_view text) {
  constexpr std::string_view allowed = "!#$%&'*+-/=?^_`{|}~.";
  auto at = text.find('@');
  if (text.size() > 254 || at == 0 || at == std::string_view::npos || at > 64) return false;
  auto local = text.substr(0, at);
  auto domain = text.substr(at + 1);
  bool fine = std::ranges::all_of(local, [&](char c) {
    return is_letter_or_digit(c) || allowed.find(c) != std::string_view::npos;
  });
  return fine && !domain.empty() && !domain.starts_with('.') && !domain.ends_with('.') &&
         std::ranges::all_of(domain,
                             [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; });
}

result<void> check(const message& m) {
  if (!is_id(m.id)) return refused("A mail needs an id of letters, digits, '-', '_' and '.'.");
  if (!is_mailbox(m.to)) return refused("A mail needs the address of one mailbox.");
  if (m.subject.size() > longest_subject || !is_header_text(m.subject)) {
    return refused("A subject is one line of text.");
  }
  if (!is_language(m.language)) return refused("The language of a mail is a code such as en.");
  if (!m.unsubscribe_url.empty() && !is_post_url(m.unsubscribe_url)) {
    return refused("The address that ends mails is no http or https address.");
  }
  if (m.text.size() > longest_body || m.html.size() > longest_body) {
    return refused("A mail of that size goes nowhere.");
  }
  return {};
}

std::string encoded_header(std::string_view utf8) {
  bool plain = utf8.size() <= 60 && utf8.find("=?") == std::string_view::npos &&
               std::ranges::all_of(utf8, [](char c) { return is_printable(c) || c == ' '; });
  if (plain) return std::string(utf8);
  constexpr std::string_view start = "=?utf-8?Q?";
  constexpr std::size_t longest_word = 64;  // RFC 2047 allows 75; the first has "Subject: " before
  std::string out(start);
  std::size_t used = start.size();
  for (std::size_t at = 0; at < utf8.size();) {
    auto size = code_point(utf8, at).second;
    auto next = in_word(utf8.substr(at, size));
    if (used + next.size() + 2 > longest_word) {
      out += "?=\r\n " + std::string(start);
      used = start.size();
    }
    out += next;
    used += next.size();
    at += size;
  }
  return out + "?=";
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t used = 0;
  auto put = [&](std::string_view piece) {
    if (used + piece.size() > longest_line - 1) {
      out += "=\r\n";
      used = 0;
    }
    out += piece;
    used += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (c == '\n') {
      out += "\r\n";
      used = 0;
      continue;
    }
    bool at_end = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    bool white = c == ' ' || c == '\t';
    // A dot, or "From", at the start of a line means something to servers on the way.
    bool special = used == 0 && (c == '.' || c == 'F');
    bool plain = (is_printable(c) && c != '=' && !special) || (white && !at_end);
    put(plain ? std::string(1, c) : in_hex(c));
  }
  return out;
}

std::string to_mime(const message& m, const sender& from, time_point date) {
  std::string out;
  auto header = [&out](std::string_view name, const std::string& value) {
    out += std::string(name) + ": " + value + "\r\n";
  };
  header("From", encoded_header(from.name) + " <" + from.address + ">");
  header("To", "<" + m.to + ">");
  header("Subject", encoded_header(m.subject));
  header("Date", header_date(date));
  header("Message-ID", "<" + m.id + "@" + domain_of(from.address) + ">");
  header("Content-Language", m.language);
  header("Auto-Submitted", "auto-generated");
  header("X-Auto-Response-Suppress", "All");
  if (!m.unsubscribe_url.empty()) {
    header("List-Unsubscribe", "<" + m.unsubscribe_url + ">");
    header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
  header("MIME-Version", "1.0");
  header("Content-Type", "multipart/alternative;\r\n boundary=\"" + std::string(boundary) + "\"");
  out += "\r\n";
  add_part(out, "text/plain", m.text);
  add_part(out, "text/html", m.html);
  out += "--" + std::string(boundary) + "--\r\n";
  return out;
}

}  // namespace oficio::mail
