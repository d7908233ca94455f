#include "platform/http/tls.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

namespace oficio::http {

namespace ssl = boost::asio::ssl;

namespace {

// Forward secrecy and authenticated encryption only; TLS 1.3 has nothing else anyway.
constexpr auto ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw std::runtime_error(file + ": " + why);
}

// One of our protocols, if the peer names any. It speaks HTTP/1.1 to us in any case.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, ours.data(), ours.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

// Throws std::runtime_error.
void show(ssl::context& to, const std::string& certificate, const std::string& key) {
  boost::system::error_code failure;
  to.use_certificate_chain_file(certificate, failure);
  if (failure) {
    refuse(certificate, "is no certificate that can be used (" + failure.message() + ")");
  }
  to.use_private_key_file(key, ssl::context::pem, failure);
  if (failure) {
    refuse(key, "is no private key that can be used with " + certificate + " (" +
                    failure.message() + ")");
  }
  if (SSL_CTX_check_private_key(to.native_handle()) != 1) {
    refuse(key, "is not the key of " + certificate);
  }
}

std::shared_ptr<ssl::context> load(const std::string& certificate, const std::string& key) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* native = made->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, ciphers);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  show(*made, certificate, key);
  return made;
}

}  // namespace

server_tls::server_tls(std::string certificate_file, std::string key_file)
    : certificate_file_(std::move(certificate_file)),
      key_file_(std::move(key_file)),
      current_(load(certificate_file_, key_file_)) {}

void server_tls::reload() {
  auto fresh = load(certificate_file_, key_file_);
  std::lock_guard lock(guard_);
  current_ = std::move(fresh);
}

std::shared_ptr<ssl::context> server_tls::current() const {
  std::lock_guard lock(guard_);
  return current_;
}

std::shared_ptr<ssl::context> make_client_tls(const client_trust& trust) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  made->set_verify_mode(trust.verify ? ssl::verify_peer : ssl::verify_none);
  boost::system::error_code failure;
  const auto& ca = trust.ca_file;
  if (ca.empty()) {
    made->set_default_verify_paths(failure);
  } else {
    made->load_verify_file(ca, failure);
  }
  if (failure) {
    refuse(ca.empty() ? "the system's certificates" : ca,
           "cannot be used (" + failure.message() + ")");
  }
  if (!trust.certificate_file.empty()) show(*made, trust.certificate_file, trust.key_file);
  return made;
}

}  // namespace oficio::http
