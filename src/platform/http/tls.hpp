#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "platform/http/client_trust.hpp"

namespace oficio::http {

// The certificate and key that a server shows. Thread-safe.
class server_tls {
 public:
  // PEM files: the certificate with its chain, and its private key. Throws std::runtime_error with
  // one line that names the file.
  server_tls(std::string certificate_file, std::string key_file);

  // Reads both files again; connections that are open keep what they have. Throws as the
  // constructor does, and then nothing has changed.
  void reload();

  std::shared_ptr<boost::asio::ssl::context> current() const;

 private:
  const std::string certificate_file_;
  const std::string key_file_;
  mutable std::mutex guard_;
  std::shared_ptr<boost::asio::ssl::context> current_;  // under guard_
};

// For calls to servers. Throws std::runtime_error with one line that names the file.
std::shared_ptr<boost::asio::ssl::context> make_client_tls(const client_trust& trust);

}  // namespace oficio::http
