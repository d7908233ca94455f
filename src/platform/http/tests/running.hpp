#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include "platform/http/server.hpp"

namespace oficio::http::test {

namespace asio = boost::asio;

// Keeps what was logged.
class memory_sink final : public telemetry::sink {
 public:
  struct record {
    telemetry::level level;
    std::string text;  // message and fields
  };

  bool wants(telemetry::level) const override { return true; }
  void write(telemetry::level l, std::string_view, std::string_view message, const context* ctx,
             const std::vector<telemetry::field>& fields) override {
    std::string text(message);
    for (const auto& f : fields) {
      text.append(" ").append(f.name).append("=");
      if (auto* s = std::get_if<std::string>(&f.value)) text.append(*s);
      if (auto* n = std::get_if<std::int64_t>(&f.value)) text.append(std::to_string(*n));
    }
    if (ctx) text.append(" request=").append(ctx->request_id);
    std::lock_guard lock(guard_);
    records_.push_back({l, std::move(text)});
  }
  void flush() override {}

  std::vector<record> records() const {
    std::lock_guard lock(guard_);
    return records_;
  }

 private:
  mutable std::mutex guard_;
  std::vector<record> records_;
};

// io threads for as long as it lives.
class running_io {
 public:
  running_io() {
    for (auto& t : threads_) t = std::jthread([this] { io.run(); });
  }
  ~running_io() {
    guard_.reset();
    io.stop();
  }

  template <class T>
  T wait(awaitable<T> work) {
    auto done = asio::co_spawn(asio::make_strand(io), std::move(work), asio::use_future);
    if (done.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      throw std::runtime_error("nothing came back in 20 seconds");
    }
    return done.get();
  }

  asio::io_context io;

 private:
  asio::executor_work_guard<asio::io_context::executor_type> guard_{io.get_executor()};
  std::array<std::jthread, 2> threads_;
};

inline bool eventually(const std::function<bool()>& holds) {
  auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

struct raw_answer {
  int status = 0;
  std::string head;
  std::string body;

  std::string field(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at)) {
      at += 2;
      auto line = std::string_view(head).substr(at, head.find("\r\n", at) - at);
      auto colon = line.find(": ");
      if (colon != std::string_view::npos && equal_ignoring_case(line.substr(0, colon), name)) {
        return std::string(line.substr(colon + 2));
      }
    }
    return {};
  }
};

// A client that sends exactly the bytes that it is told to.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port) : socket_(io_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
    timeval patience{10, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }

  void send(std::string_view bytes) {
    boost::system::error_code ignored;  // the peer may close while we send: the answer tells
    asio::write(socket_, asio::buffer(bytes), ignored);
  }

  raw_answer receive(bool with_body = true) {
    raw_answer out;
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return out;
    }
    out.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    out.status = std::stoi(out.head.substr(9, 3));
    auto length = out.field("Content-Length");
    if (!with_body || length.empty()) return out;
    while (received_.size() < std::stoul(length) && more()) {
    }
    out.body = received_.substr(0, std::stoul(length));
    received_.erase(0, out.body.size());
    return out;
  }

  // So many bytes of what follows an answer; fewer if the peer closes before.
  std::string take(std::size_t size) {
    while (received_.size() < size && more()) {
    }
    auto out = received_.substr(0, size);
    received_.erase(0, out.size());
    return out;
  }

  raw_answer ask(std::string_view bytes) {
    send(bytes);
    return receive();
  }

  // True once something came that was not received yet.
  bool has_answer() {
    char byte = 0;
    return !received_.empty() ||
           ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
  }

  // True once the peer has closed and nothing more came. A peer that only keeps silent has not
  // closed.
  bool is_closed() {
    if (!received_.empty() || more()) return false;
    return errno != EAGAIN && errno != EWOULDBLOCK;
  }

 private:
  bool more() {
    std::array<char, 4096> part{};
    errno = 0;
    auto got = ::recv(socket_.native_handle(), part.data(), part.size(), 0);
    if (got > 0) received_.append(part.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  asio::io_context io_;
  asio::ip::tcp::socket socket_;
  std::string received_;
};

}  // namespace oficio::http::test
