#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/object.hpp>
#include <openssl/ssl.h>

#include "certificate.hpp"
#include "drivers/mongodb/bson.hpp"

namespace oficio::mongodb {

// Speaks MongoDB's protocol as the primary of a replica set, or as a server alone, and answers what
// a test tells it to: for what a real server does only now and then. With a certificate it speaks
// TLS, and asks others for the same one.
class scripted_server {
 public:
  enum class kind { replica_set, alone };
  // The answer to a command, as extended JSON; nothing: the connection is cut.
  using script = std::function<std::optional<std::string>(const boost::json::object& command)>;

  scripted_server(kind k, script answers, std::optional<certificate> tls = std::nullopt);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  // mongodb://127.0.0.1:PORT/test
  std::string address() const;
  // What was asked, apart from greetings and good-byes; documents of writes are under "payload".
  std::vector<boost::json::object> asked() const;
  std::vector<boost::json::object> asked(const std::string& command) const;

 private:
  using socket = boost::asio::ip::tcp::socket;
  class channel;

  void accept();
  void serve(const std::shared_ptr<socket>& to);
  bool answer(channel& to);
  std::optional<document> reply_to(const boost::json::object& command);
  document greeting() const;

  kind kind_;
  script script_;
  std::shared_ptr<SSL_CTX> tls_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex guard_;
  std::vector<boost::json::object> asked_;
  std::vector<std::shared_ptr<socket>> open_;
  std::vector<std::jthread> serving_;
  std::jthread accepting_;
};

}  // namespace oficio::mongodb
