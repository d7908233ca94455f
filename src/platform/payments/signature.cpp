#include "platform/payments/signature.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "platform/base/random.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::payments {
namespace {

constexpr std::size_t longest_header = 1'000;

struct parts {
  std::optional<std::int64_t> seconds;
  std::string_view seconds_text;
  std::vector<std::string_view> signatures;
};

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

parts split(std::string_view header) {
  parts out;
  while (!header.empty()) {
    auto one = header.substr(0, header.find(','));
    header.remove_prefix(std::min(one.size() + 1, header.size()));
    if (one.starts_with("t=")) {
      out.seconds_text = one.substr(2);
      out.seconds = number_of(out.seconds_text);
    } else if (one.starts_with("v1=")) {
      out.signatures.push_back(one.substr(3));
    }
  }
  return out;
}

std::string signature_of(std::string_view secret, std::string_view seconds, std::string_view body) {
  std::string signed_text(seconds);
  signed_text.append(".").append(body);
  return to_hex(security::hmac_sha256(secret, signed_text));
}

error bad_signature() {
  return {errc::unauthorized, "bad_signature", "The call is not signed by the payment provider."};
}

}  // namespace

std::string sign(std::string_view secret, std::string_view body, time_point now) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  auto text = std::to_string(seconds);
  return "t=" + text + ",v1=" + signature_of(secret, text, body);
}

result<void> check_signature(std::string_view secret, std::string_view header,
                             std::string_view body, time_point now) {
  if (header.size() > longest_header) return bad_signature();
  auto told = split(header);
  if (!told.seconds) return bad_signature();
  auto expected = signature_of(secret, told.seconds_text, body);
  bool fits = false;
  for (auto one : told.signatures) fits |= security::equal_in_constant_time(one, expected);
  if (!fits) return bad_signature();
  auto current = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  auto limit = std::chrono::seconds(signature_tolerance).count();
  // Signed by the provider, so the number is sane and cannot overflow here.
  if (*told.seconds < current - limit || *told.seconds > current + limit) {
    return error{errc::unauthorized, "old_signature", "The call was signed too long ago."};
  }
  return {};
}

}  // namespace oficio::payments
