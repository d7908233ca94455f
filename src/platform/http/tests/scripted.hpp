#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/read_until.hpp>
#include <gtest/gtest.h>

#include "platform/http/tests/running.hpp"
#include "platform/http/upstream.hpp"

namespace oficio::http::test {

// Answers each connection's requests with prepared bytes, on a thread of its own.
class scripted_server {
 public:
  // One entry a connection: what to answer to each request before closing it.
  explicit scripted_server(std::vector<std::vector<std::string>> script)
      : acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}),
        thread_([this, script = std::move(script)] { run(script); }) {}
  ~scripted_server() { ::shutdown(acceptor_.native_handle(), SHUT_RDWR); }

  std::string address() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  std::vector<std::string> requests() const {
    std::lock_guard lock(guard_);
    return requests_;
  }

 private:
  void run(const std::vector<std::vector<std::string>>& script) {
    for (const auto& answers : script) {
      boost::system::error_code failure;
      asio::ip::tcp::socket peer(io_);
      acceptor_.accept(peer, failure);
      if (failure) return;
      for (const auto& answer : answers) {
        std::string head;
        asio::read_until(peer, asio::dynamic_buffer(head), "\r\n\r\n", failure);
        if (failure) break;
        {
          std::lock_guard lock(guard_);
          requests_.push_back(head);
        }
        asio::write(peer, asio::buffer(answer), failure);
      }
    }
  }

  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  mutable std::mutex guard_;
  std::vector<std::string> requests_;
  std::jthread thread_;
};

inline std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

inline request asking(method m, std::string_view target,
                      std::chrono::milliseconds patience = std::chrono::seconds(5)) {
  request r;
  r.method = m;
  EXPECT_TRUE(parse_target(target, r));
  r.ctx.deadline = std::chrono::steady_clock::now() + patience;
  r.ctx.request_id = "r-1";
  r.ctx.trace = trace_context::start();
  return r;
}

}  // namespace oficio::http::test
