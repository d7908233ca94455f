#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace oficio::config {

// Where a server is and how to speak to it:
//   SCHEME://[USER[:PASSWORD]@]HOST[:PORT][,HOST[:PORT]…][/PATH][?OPTION=VALUE&…]
// User, password, path and values are percent-decoded; IPv6 hosts stand in brackets, which are
// taken off.
struct server_address {
  struct endpoint {
    std::string host;
    std::uint16_t port = 0;  // 0: the scheme's usual one
  };

  std::string setting;  // for what is said about it
  std::string scheme;
  std::string user;
  std::string password;  // also from the file that the option password_file names
  std::vector<endpoint> hosts;
  std::string path;  // without its first "/": a database, a virtual host
  std::map<std::string, std::string> options;

  // The option's value, or what stands for it when it is absent.
  std::string option(const std::string& name, const std::string& otherwise = {}) const;
  // true, false, 1, 0, yes or no; throws wrong_setting else.
  bool flag(const std::string& name, bool otherwise) const;
  std::int64_t number(const std::string& name, std::int64_t otherwise, std::int64_t min,
                      std::int64_t max) const;
  // Throws wrong_setting if there is an option that is none of these (nor password_file).
  void allow_options(std::initializer_list<std::string_view> known) const;
  // Throws wrong_setting with one line: "<setting>: <why>".
  [[noreturn]] void refuse(const std::string& why) const;

  // For logs and problems: hosts and path, without user, password and options.
  std::string shown() const;
};

// How to trust a server and be trusted by it, from the options that all servers' addresses share:
// tls=true|false, ca=FILE, certificate=FILE, key=FILE, verify=false (encrypt, but trust anybody).
struct server_tls {
  bool on = false;
  std::string ca_file;           // empty: whom the system trusts
  std::string certificate_file;  // ours; empty: none is shown
  std::string key_file;
  bool verify = true;
};

// `always`: the scheme itself says TLS (amqps, https). Throws wrong_setting if a file cannot be
// read, or an option makes no sense without another.
server_tls read_server_tls(const server_address& address, bool always);

// Throws wrong_setting that names `setting` if `value` is no such address.
server_address parse_server_address(std::string_view setting, std::string_view value);

}  // namespace oficio::config
