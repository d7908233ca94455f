#include "platform/http/wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "platform/http/problem.hpp"

namespace oficio::http::detail {
namespace {

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, fits);
}

std::string http_date() {
  std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

}  // namespace

void append_field(std::string& to, std::string_view name, std::string_view value) {
  auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  if (!is_token(name) || std::ranges::any_of(value, breaks)) return;
  to.append(name).append(": ").append(value).append("\r\n");
}

bool may_have_body(int status, method asked) {
  return asked != method::head && status >= 200 && status != 204 && status != 304;
}

std::optional<std::uint64_t> length_in(const headers& h) {
  auto text = h.get("Content-Length");
  std::uint64_t out = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return {};
  return out;
}

std::string chunk_head(std::size_t size) {
  std::array<char, 2 * sizeof size> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  return std::string(digits.data(), end).append("\r\n");
}

std::string response_head(const response& r, method asked, std::string_view request_id,
                          bool keep_alive, bool chunked) {
  std::string head = "HTTP/1.1 " + std::to_string(r.status) + " ";
  head.append(reason_phrase(r.status)).append("\r\n");
  bool leaves = r.status == 101;  // HTTP, for the protocol that its Upgrade field names
  if (leaves) append_field(head, "Upgrade", r.headers.get("Upgrade"));
  for (const auto& [name, value] : r.headers) {
    if (is_hop_by_hop(name) || equal_ignoring_case(name, "Content-Length") ||
        equal_ignoring_case(name, "X-Request-Id")) {
      continue;
    }
    append_field(head, name, value);
  }
  append_field(head, "X-Request-Id", request_id);
  if (!r.headers.has("Date")) append_field(head, "Date", http_date());
  append_field(head, "Connection", leaves ? "Upgrade" : keep_alive ? "keep-alive" : "close");
  bool told_before = r.headers.has("Content-Length");
  if (r.stream && may_have_body(r.status, asked)) {
    if (told_before) {
      append_field(head, "Content-Length", r.headers.get("Content-Length"));
    } else if (chunked) {
      append_field(head, "Transfer-Encoding", "chunked");
    }
  } else if (r.status >= 200 && r.status != 204 && r.status != 304) {
    // An upstream's answer to HEAD has no body, but tells how long it would be.
    bool told = asked == method::head && r.body.empty() && told_before;
    append_field(
        head, "Content-Length",
        told ? std::string(r.headers.get("Content-Length")) : std::to_string(r.body.size()));
  }
  return head.append("\r\n");
}

}  // namespace oficio::http::detail
