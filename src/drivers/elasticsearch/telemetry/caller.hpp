#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "drivers/elasticsearch/address.hpp"
#include "platform/base/result.hpp"
#include "platform/config/server_address.hpp"
#include "platform/http/upstream.hpp"

namespace oficio::elasticsearch {

// Calls a cluster and waits, for threads that have nothing else to do. Used by one thread at a
// time.
class blocking_caller {
 public:
  // Throws config::wrong_setting.
  explicit blocking_caller(const config::server_address& address);
  ~blocking_caller();

  // Done on the caller's thread, some times a second, for as long as a call waits. False: the call
  // is given up, and so is every later one.
  void meanwhile(std::function<bool()> work) { meanwhile_ = std::move(work); }

  // Any HTTP answer is a value. PUT is sent again if a kept connection turns out stale: whatever is
  // put must be harmless twice.
  result<http::response> put(std::string target, std::string body, const char* type, bool gzipped,
                             std::chrono::milliseconds limit);
  result<http::response> post(std::string target, std::chrono::milliseconds limit);  // once
  result<http::response> get(std::string target, std::chrono::milliseconds limit);

 private:
  result<http::response> send(http::request r, std::chrono::milliseconds limit);

  // A call that was given up is ended with the context, while what it calls is still there.
  struct context : boost::asio::io_context {
    using boost::asio::execution_context::shutdown;
  };

  context io_;
  std::unique_ptr<http::upstream> to_;
  std::string authorization_;
  std::function<bool()> meanwhile_;
  bool given_up_ = false;
};

}  // namespace oficio::elasticsearch
