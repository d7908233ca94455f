#include "drivers/elasticsearch/address.hpp"

#include <algorithm>

#include "platform/security/crypto.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::uint16_t usual_port = 9200;

std::string nodes_of(const config::server_address& address) {
  std::string out;
  for (const auto& h : address.hosts) {
    if (!out.empty()) out += ",";
    bool v6 = h.host.find(':') != std::string::npos;
    out += address.scheme + "://" + (v6 ? "[" + h.host + "]" : h.host) + ":" +
           std::to_string(h.port ? h.port : usual_port);
  }
  return out;
}

// As RFC 7617 wants it: the usual alphabet, with padding.
std::string base64(std::string_view bytes) {
  auto out = security::base64url(bytes);
  std::ranges::replace(out, '-', '+');
  std::ranges::replace(out, '_', '/');
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string authorization_of(const config::server_address& address) {
  auto key = address.option("api_key");
  bool fit = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (!fit) address.refuse("api_key has characters that no key has");
  if (!key.empty() && !address.user.empty()) {
    address.refuse("has a user and an api_key; keep one");
  }
  if (!key.empty()) return "ApiKey " + key;
  if (address.user.empty()) return {};
  return "Basic " + base64(address.user + ":" + address.password);
}

// What index names may be made of: https://www.elastic.co/guide, "Create index API".
bool is_prefix(const std::string& text) {
  auto small = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 100 && small(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return small(c) || c == '-' || c == '_'; });
}

}  // namespace

place read_place(const config::server_address& address) {
  if (address.scheme != "http" && address.scheme != "https") {
    address.refuse("\"" + address.scheme + "://\" is no search server; use http:// or https://");
  }
  address.allow_options({"api_key", "ca", "certificate", "key", "replicas", "tls", "verify"});
  bool secure = address.scheme == "https";
  auto tls = config::read_server_tls(address, secure);
  if (tls.on && !secure) address.refuse("tls=true is said by https://");
  place out;
  out.nodes = nodes_of(address);
  out.authorization = authorization_of(address);
  out.trust = {tls.ca_file, tls.certificate_file, tls.key_file, tls.verify};
  out.prefix = address.path.empty() ? "oficio" : address.path;
  out.replicas = static_cast<int>(address.number("replicas", 0, 0, 10));
  if (!is_prefix(out.prefix)) {
    address.refuse("the index prefix \"" + out.prefix +
                   "\" must be small letters, digits, - and _, a letter or digit first");
  }
  return out;
}

}  // namespace oficio::elasticsearch
