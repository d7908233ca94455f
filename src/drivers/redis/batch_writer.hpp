#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "drivers/redis/connection.hpp"

namespace oficio::redis {

// Writes to one connection after the other; what is put while a write is on its way goes out with
// the next, in one. On the connection's strand.
class batch_writer {
 public:
  explicit batch_writer(boost::asio::any_io_executor strand) : woken_(std::move(strand)) {}

  void put(const std::string& bytes) {
    out_ += bytes;
    woken_.cancel();
  }
  void forget() { out_.clear(); }
  void wake() { woken_.cancel(); }

  // Until the connection is closed; a write that fails closes it, so that its reader ends, too.
  // `idle` is called when nothing was to be written for a while.
  awaitable<void> run(std::shared_ptr<connection> to, std::function<void()> idle);

 private:
  std::string out_;
  boost::asio::steady_timer woken_;
};

}  // namespace oficio::redis
