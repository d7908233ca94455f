#pragma once

#include <memory>
#include <string>

#include <mongoc/mongoc.h>

#include "platform/config/server_address.hpp"

namespace oficio::mongodb {

struct uri_freed {
  void operator()(mongoc_uri_t* u) const { mongoc_uri_destroy(u); }
};
using uri_pointer = std::unique_ptr<mongoc_uri_t, uri_freed>;

// How TLS is spoken; off when `on` is false. The files that options() points to live as long as it.
class tls_options {
 public:
  tls_options() = default;
  // Throws wrong_setting if certificate and key cannot be read.
  tls_options(const config::server_address& address, const config::server_tls& tls,
              std::string key_password, bool any_host);
  ~tls_options();
  tls_options(const tls_options&) = delete;
  tls_options& operator=(const tls_options&) = delete;

  bool on() const { return on_; }
  mongoc_ssl_opt_t options() const;

 private:
  bool on_ = false;
  bool verify_ = true;
  bool any_host_ = false;
  std::string ca_file_;
  std::string pem_file_;  // certificate and key in one, as MongoDB's libraries want it
  std::string key_password_;
  int joined_ = -1;  // a file in memory that holds the two when they are two files
};

// A server_address as libmongoc wants it.
struct server_options {
  uri_pointer uri;
  std::unique_ptr<tls_options> tls;
  std::size_t pool = 0;  // connections at most
  std::string database;
  config::server_address address;  // for what is said about it
};

// mongodb:// and mongodb+srv://, with MongoDB's own options and ours (tls, ca, certificate, key,
// verify, pool, password_file). As everywhere with MongoDB, a user is looked up in the database
// that the path names unless authSource says another.
// Throws wrong_setting for options that are unknown or make no sense. Blocks for mongodb+srv://,
// whose servers are asked for by DNS later.
server_options read_options(const config::server_address& address);

}  // namespace oficio::mongodb
