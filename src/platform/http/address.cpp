#include "platform/http/address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace oficio::http {

namespace ip = boost::asio::ip;

namespace {

std::optional<ip::address> parse(std::string_view text) {
  boost::system::error_code failure;
  auto parsed = ip::make_address(std::string(text), failure);
  if (failure) return std::nullopt;
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, parsed.to_v6());
  }
  return parsed;
}

ip::address_v6 mapped(const ip::address& a) {
  return a.is_v4() ? ip::make_address_v6(ip::v4_mapped, a.to_v4()) : a.to_v6();
}

bool same_start(const ip::address_v6& a, const ip::address_v6& b, unsigned bits) {
  auto x = a.to_bytes();
  auto y = b.to_bytes();
  for (unsigned i = 0; i < bits; ++i) {
    unsigned mask = 0x80U >> (i % 8);
    if ((x[i / 8] & mask) != (y[i / 8] & mask)) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

networks::networks(std::string_view list) {
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    auto one = trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    auto slash = std::min(one.find('/'), one.size());
    auto address = parse(one.substr(0, slash));
    unsigned whole = address && address->is_v4() ? 32 : 128;
    unsigned bits = whole;
    if (slash < one.size()) {
      auto text = one.substr(slash + 1);
      auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), bits);
      if (failure != std::errc{} || stop != text.data() + text.size() || bits > whole) {
        address.reset();
      }
    }
    if (!address) {
      throw std::invalid_argument("\"" + std::string(one) +
                                  "\" is no address such as 10.0.0.1 or 10.0.0.0/8");
    }
    all_.push_back({mapped(*address), bits + (128 - whole)});
  }
}

bool networks::contains(std::string_view address) const {
  if (all_.empty()) return false;
  auto parsed = parse(address);
  return parsed && std::ranges::any_of(all_, [a = mapped(*parsed)](const network& n) {
           return same_start(a, n.base, n.bits);
         });
}

std::string client_network(std::string_view address) {
  auto parsed = parse(address);
  if (!parsed) return std::string(address);
  if (parsed->is_v4()) return parsed->to_string();
  auto bytes = parsed->to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return ip::address_v6(bytes).to_string() + "/64";
}

bool is_address(std::string_view text) {
  return parse(text).has_value();
}

bool is_loopback(std::string_view address) {
  auto parsed = parse(address);
  return parsed && parsed->is_loopback();
}

}  // namespace oficio::http
