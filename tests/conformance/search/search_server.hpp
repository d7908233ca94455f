#pragma once

#include <memory>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "drivers/elasticsearch/index.hpp"
#include "drivers/elasticsearch/server.hpp"

namespace oficio::search::conformance {

// The search server that tests are given, and a thread that carries the calls to it.
class search_server {
 public:
  search_server();
  ~search_server();

  boost::asio::io_context& io() { return io_; }
  // The server's address with that prefix of all names, and that much more behind it.
  config::server_address address(const std::string& prefix, const std::string& options = {}) const;
  std::unique_ptr<index> open(const std::string& prefix, schema s);

  // To look behind the driver's back.
  elasticsearch::server& raw() { return *raw_; }
  elasticsearch::answer ask(http::method method, const std::string& target,
                            json::value body = nullptr);
  void forget(const std::string& prefix);

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::jthread thread_;
  std::unique_ptr<elasticsearch::server> raw_;
};

}  // namespace oficio::search::conformance
