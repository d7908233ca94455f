#include "platform/files/kind.hpp"

#include <algorithm>
#include <array>

namespace oficio::files {
namespace {

using namespace std::string_view_literals;

struct row {
  files::kind kind;
  std::string_view media_type;
  std::string_view shown;
  std::array<std::string_view, 10> endings;  // the first is the usual one
};

constexpr std::array<row, 5> kinds{{
    {kind::png, "image/png", "PNG", {"png"}},
    {kind::jpeg, "image/jpeg", "JPEG", {"jpg", "jpeg"}},
    {kind::webp, "image/webp", "WebP", {"webp"}},
    {kind::pdf, "application/pdf", "PDF", {"pdf"}},
    {kind::zip,
     "application/zip",
     "ZIP",
     {"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "epub", "sketch"}},
}};

const row& row_of(kind k) {
  return *std::ranges::find(kinds, k, &row::kind);
}

constexpr std::size_t max_name = 100;  // characters

// The bytes of a name that stay: no control characters, no path, nothing that Windows refuses.
bool stays(char c) {
  constexpr std::string_view refused = "<>:\"/\\|?*;%";
  auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte != 0x7f && refused.find(c) == std::string_view::npos;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// Invisible characters that turn the direction of text make "gpj.exe" read as "exe.jpg": of UTF-8,
// U+200B to U+200F, U+202A to U+202E and U+2066 to U+2069.
std::string without_turning(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    if (byte(i) == 0xe2 && i + 2 < text.size()) {
      auto second = byte(i + 1);
      auto third = byte(i + 2);
      bool turns = (second == 0x80 &&
                    ((third >= 0x8b && third <= 0x8f) || (third >= 0xa8 && third <= 0xae))) ||
                   (second == 0x81 && third >= 0xa6 && third <= 0xa9);
      if (turns) {
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string cut(std::string text, std::size_t characters) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_continuation(text[i]) && seen++ == characters) {
      text.resize(i);
      break;
    }
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool fits(std::string_view ending, const row& r) {
  auto small = lower(ending);
  return !small.empty() && std::ranges::find(r.endings, std::string_view(small)) != r.endings.end();
}

// Dots and blanks at the ends hide files or vanish on some systems.
std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" .");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" .") - first + 1);
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view marks = "!#$&+-.^_`|~";  // RFC 8187, attr-char
  std::string out;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 marks.find(c) != std::string_view::npos;
    auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

}  // namespace

std::optional<kind> sniff(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return kind::png;
  if (bytes.starts_with("\xff\xd8\xff"sv)) return kind::jpeg;
  if (bytes.starts_with("RIFF"sv) && bytes.size() > 16 && bytes.substr(8, 7) == "WEBPVP8"sv) {
    return kind::webp;
  }
  if (bytes.starts_with("%PDF-"sv)) return kind::pdf;
  // A file in it, or none at all.
  if (bytes.starts_with("PK\x03\x04"sv) || bytes.starts_with("PK\x05\x06"sv)) return kind::zip;
  return std::nullopt;
}

std::string_view media_type_of(kind k) {
  return row_of(k).media_type;
}

bool is_picture(kind k) {
  return k == kind::png || k == kind::jpeg || k == kind::webp;
}

bool is_picture(std::string_view media_type) {
  return media_type.starts_with("image/");
}

std::string listed(const std::vector<kind>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out += i + 1 == all.size() ? " or " : ", ";
    out += row_of(all[i]).shown;
  }
  return out;
}

std::string safe_name(std::string_view said, kind k) {
  said.remove_prefix(std::min(said.find_last_of("/\\") + 1, said.size()));
  std::string name = without_turning(said);
  std::erase_if(name, [](char c) { return !stays(c); });
  name = trimmed(name);
  const auto& r = row_of(k);
  std::string ending(r.endings.front());
  if (auto dot = name.rfind('.'); dot != std::string::npos && fits(name.substr(dot + 1), r)) {
    ending = name.substr(dot + 1);
    name.resize(dot);
  }
  name = trimmed(cut(std::move(name), max_name - ending.size() - 1));
  return (name.empty() ? "file" : name) + "." + ending;
}

std::string disposition(std::string_view name, bool attachment) {
  std::string plain;
  for (char c : name) {
    if (!is_continuation(c)) plain += static_cast<unsigned char>(c) < 0x80 && c != '"' ? c : '_';
  }
  std::string out = attachment ? "attachment" : "inline";
  out += "; filename=\"" + plain + "\"";
  if (plain != name) out += "; filename*=UTF-8''" + percent_encoded(name);
  return out;
}

}  // namespace oficio::files
