#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace oficio::realtime::test {

// A client of Socket.IO over WebSocket that waits for what it reads, 10 s at most. Text only.
class wire_client {
 public:
  explicit wire_client(std::uint16_t port, const std::string& more_fields = "") : socket_(io_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    timeval patience{10, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    write(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        more_fields + "\r\n");
    std::size_t end = 0;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos) more();
    if (!in_.starts_with("HTTP/1.1 101")) throw std::runtime_error("refused: " + in_);
    in_.erase(0, end + 4);
    receive();
  }

  // The answer to CONNECT.
  std::string connect(std::string_view packet = "40") {
    send(packet);
    return receive();
  }

  void send(std::string_view message) {
    std::string out{'\x81'};
    if (message.size() < 126) {
      out.push_back(static_cast<char>(0x80 | message.size()));
    } else {
      out.push_back('\xfe');
      out.push_back(static_cast<char>(message.size() >> 8));
      out.push_back(static_cast<char>(message.size() & 0xff));
    }
    write(out.append(4, '\0').append(message));
  }

  std::string ask(std::string_view message) {
    send(message);
    return receive();
  }

  // The next message that is no ping. Throws if the server closes, or nothing comes.
  std::string receive() {
    for (;;) {
      auto first = static_cast<unsigned char>(take(1)[0]);
      std::size_t size = static_cast<unsigned char>(take(1)[0]);
      for (int more_bytes = size == 126 ? 2 : size == 127 ? 8 : 0; more_bytes > 0; --more_bytes) {
        if (size == 126 || size == 127) size = 0;
        size = size << 8 | static_cast<unsigned char>(take(1)[0]);
      }
      auto payload = take(size);
      if ((first & 0x0f) == 8) throw std::runtime_error("closed: " + payload.substr(2));
      if (payload != "2") return payload;
      send("3");
    }
  }

  // Why the server closes, in its own words; "lost" if it says none.
  std::string end() {
    try {
      for (;;) receive();
    } catch (const std::runtime_error& e) {
      std::string what = e.what();
      return what.starts_with("closed: ") ? what.substr(8) : "lost";
    }
  }

 private:
  void write(std::string_view bytes) {
    boost::system::error_code ignored;  // the answer tells
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }
  std::string take(std::size_t size) {
    while (in_.size() < size) more();
    auto out = in_.substr(0, size);
    in_.erase(0, size);
    return out;
  }
  void more() {
    std::array<char, 16 * 1024> part{};
    auto got = ::recv(socket_.native_handle(), part.data(), part.size(), 0);
    if (got <= 0) throw std::runtime_error("lost");
    in_.append(part.data(), static_cast<std::size_t>(got));
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string in_;
};

}  // namespace oficio::realtime::test
