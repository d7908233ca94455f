#include "drivers/redis/endpoint.hpp"

#include <algorithm>

namespace oficio::redis {
namespace {

namespace ssl = boost::asio::ssl;

std::shared_ptr<ssl::context> make_tls(const config::server_address& address,
                                       const config::server_tls& tls) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  boost::system::error_code failure;
  auto check = [&](const std::string& what) {
    if (failure) address.refuse(what + " cannot be used (" + failure.message() + ")");
  };
  if (tls.ca_file.empty()) {
    made->set_default_verify_paths(failure);
    check("the system's list of authorities");
  } else {
    made->load_verify_file(tls.ca_file, failure);
    check("ca: " + tls.ca_file);
  }
  made->set_verify_mode(tls.verify ? ssl::verify_peer : ssl::verify_none);
  if (tls.certificate_file.empty()) return made;
  made->use_certificate_chain_file(tls.certificate_file, failure);
  check("certificate: " + tls.certificate_file);
  made->use_private_key_file(tls.key_file, ssl::context::pem, failure);
  check("key: " + tls.key_file);
  return made;
}

std::string database_of(const config::server_address& address) {
  if (address.path.empty()) return "0";
  bool number = address.path.size() <= 5 &&
                std::ranges::all_of(address.path, [](char c) { return c >= '0' && c <= '9'; });
  if (!number) address.refuse("\"/" + address.path + "\" is no number of a Redis database");
  return address.path;
}

}  // namespace

endpoint read_endpoint(const config::server_address& address) {
  if (address.scheme != "redis" && address.scheme != "rediss") {
    address.refuse("\"" + address.scheme + "://\" is no Redis; use redis:// or rediss://");
  }
  address.allow_options({"tls", "ca", "certificate", "key", "verify", "prefix"});
  if (address.hosts.size() != 1) address.refuse("must name one Redis");
  if (!address.user.empty() && address.password.empty()) {
    address.refuse("has a user without a password");
  }
  auto tls = config::read_server_tls(address, address.scheme == "rediss");
  const auto& at = address.hosts.front();
  return {.host = at.host,
          .port = std::to_string(at.port == 0 ? 6379 : at.port),
          .user = address.user,
          .password = address.password,
          .database = database_of(address),
          .prefix = address.option("prefix", "oficio:"),
          .tls = tls.on ? make_tls(address, tls) : nullptr,
          .verify = tls.verify};
}

}  // namespace oficio::redis
