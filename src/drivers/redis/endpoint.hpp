#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "platform/config/server_address.hpp"

namespace oficio::redis {

// Which Redis, and how to enter it.
struct endpoint {
  std::string host;
  std::string port;
  std::string user;                                // empty: Redis' "default"
  std::string password;                            // empty: none is asked for
  std::string database;                            // its number
  std::string prefix;                              // stands before every key and channel
  std::shared_ptr<boost::asio::ssl::context> tls;  // null: without encryption
  bool verify = true;                              // the certificate must be the host's

  std::string shown() const { return host + ":" + port; }
};

// redis://[USER[:PASSWORD]@]HOST[:6379][/DATABASE] or rediss:// (always TLS), with the options of
// TLS and prefix=TEXT ("oficio:"). Throws config::wrong_setting.
endpoint read_endpoint(const config::server_address& address);

}  // namespace oficio::redis
