#include "drivers/mysql/server.hpp"

#include "drivers/mysql/session.hpp"

namespace oficio::mysql {
namespace {

// As SOCI reads it: in quotes, a backslash before quotes and backslashes.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// Options that SOCI does not know go to the client library in the place of the host: it reads a
// connection string there (`key=value;…`).
class connection_string {
 public:
  connection_string(const config::server_address& address, const std::string& host,
                    std::uint16_t port)
      : address_(address) {
    add("host", host);
    add("port", std::to_string(port == 0 ? 3306 : port));
  }

  void add(const std::string& key, const std::string& value) {
    if (value.find_first_of(";={}") != std::string::npos) {
      address_.refuse("\"" + value + "\" has a character that cannot be written here (; = { })");
    }
    text_ += (text_.empty() ? "" : ";") + key + "=" + value;
  }
  void add(const config::server_tls& tls) {
    if (!tls.on) return;
    add("ssl-enforce", "1");
    if (tls.verify) add("ssl-verify-server-cert", "1");
    if (!tls.ca_file.empty()) add("ssl-ca", tls.ca_file);
    if (!tls.certificate_file.empty()) add("ssl-cert", tls.certificate_file);
    if (!tls.key_file.empty()) add("ssl-key", tls.key_file);
  }

  const std::string& text() const { return text_; }

 private:
  const config::server_address& address_;
  std::string text_;
};

class server final : public sql::server {
 public:
  explicit server(const config::server_address& address) : shown_(address.shown()) {
    auto tls = config::read_server_tls(address, false);
    auto seconds = std::to_string(connect_patience.count());
    for (const auto& at : address.hosts) {
      connection_string to(address, at.host, at.port);
      to.add(tls);
      addresses_.push_back("host=" + quoted(to.text()) + " user=" + quoted(address.user) +
                           " password=" + quoted(address.password) + " db=" + quoted(address.path) +
                           " charset=utf8mb4 connect_timeout=" + seconds);
    }
  }

  sql::dialect dialect() const override { return sql::dialect::mysql; }
  std::string shown() const override { return shown_; }

  std::unique_ptr<sql::connection> connect() override {
    for (std::size_t i = 0;; ++i) {
      try {
        return open_session(addresses_[i]);
      } catch (const sql::connect_failure&) {
        if (i + 1 == addresses_.size()) throw;
      }
    }
  }

 private:
  std::string shown_;
  std::vector<std::string> addresses_;
};

}  // namespace

std::unique_ptr<sql::server> make_server(const config::server_address& address) {
  return std::make_unique<server>(address);
}

}  // namespace oficio::mysql
