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

std::shared_ptr<ssl::context> load(const std::string& certificate, const std::string& key) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* native = made->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, ciphers);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  boost::system::error_code failure;
  made->use_certificate_chain_file(certificate, failure);
  if (failure)
    refuse(certificate, "is no certificate that can be used (" + failure.message() + ")");
  made->use_private_key_file(key, ssl::context::pem, failure);
  if (failure) {
    refuse(key, "is no private key that can be used with " + certificate + " (" +
                    failure.message() + ")");
  }
  if (SSL_CTX_check_private_key(native) != 1) refuse(key, "is not the key of " + certificate);
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

std::shared_ptr<ssl::context> make_client_tls(const std::string& ca_file) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  boost::system::error_code failure;
  if (ca_file.empty()) {
    made->set_default_verify_paths(failure);
  } else {
    made->load_verify_file(ca_file, failure);
  }
  if (failure)
    refuse(ca_file.empty() ? "the system's certificates" : ca_file,
           "cannot be used (" + failure.message() + ")");
  return made;
}

}  // namespace oficio::http
