#include "drivers/postgresql/server.hpp"

#include "drivers/postgresql/session.hpp"

namespace oficio::postgresql {
namespace {

constexpr auto system_authorities = "/etc/ssl/certs/ca-certificates.crt";

// libpq's text: key='value', a backslash before quotes and backslashes.
class conninfo {
 public:
  conninfo& add(const std::string& key, const std::string& value) {
    text_ += (text_.empty() ? "" : " ") + key + "='";
    for (char c : value) {
      if (c == '\'' || c == '\\') text_ += '\\';
      text_ += c;
    }
    text_ += '\'';
    return *this;
  }

  void add(const config::server_tls& tls) {
    add("gssencmode", "disable");
    if (!tls.on) {
      add("sslmode", "disable");
      return;
    }
    add("sslmode", tls.verify ? "verify-full" : "require");
    if (tls.verify) add("sslrootcert", tls.ca_file.empty() ? system_authorities : tls.ca_file);
    if (!tls.certificate_file.empty()) add("sslcert", tls.certificate_file);
    if (!tls.key_file.empty()) add("sslkey", tls.key_file);
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void add_hosts(conninfo& to, const config::server_address& address) {
  std::string hosts;
  std::string ports;
  for (const auto& at : address.hosts) {
    if (at.host.find(',') != std::string::npos || at.host.starts_with('/')) {
      address.refuse("\"" + at.host + "\" is no host");
    }
    hosts += (hosts.empty() ? "" : ",") + at.host;
    ports += (ports.empty() ? "" : ",") + std::to_string(at.port == 0 ? 5432 : at.port);
  }
  to.add("host", hosts).add("port", ports);
}

class server final : public sql::server {
 public:
  explicit server(const config::server_address& address) : shown_(address.shown()) {
    add_hosts(to_, address);
    to_.add("target_session_attrs", "read-write");
    to_.add("user", address.user).add("password", address.password).add("dbname", address.path);
    to_.add("passfile", "/dev/null").add("application_name", "oficio");
    to_.add("client_encoding", "UTF8");
    to_.add("connect_timeout", std::to_string(connect_patience.count()));
    // A peer whose machine is gone without a word.
    to_.add("keepalives_idle", "30").add("keepalives_interval", "10").add("keepalives_count", "3");
    to_.add("tcp_user_timeout", "30000");
    to_.add(config::read_server_tls(address, false));
    add_hosts(is_there_, address);
    is_there_.add("connect_timeout", "2").add("gssencmode", "disable").add("user", address.user);
  }

  sql::dialect dialect() const override { return sql::dialect::postgresql; }
  std::string shown() const override { return shown_; }

  std::unique_ptr<sql::connection> connect() override {
    return open_session(to_.text(), is_there_.text());
  }

 private:
  std::string shown_;
  conninfo to_;
  conninfo is_there_;  // nothing but that
};

}  // namespace

std::unique_ptr<sql::server> make_server(const config::server_address& address) {
  return std::make_unique<server>(address);
}

}  // namespace oficio::postgresql
