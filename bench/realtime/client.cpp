#include "realtime/client.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace oficio::bench {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + (errno != 0 ? ": " + std::string(strerror(errno)) : ""));
}

sockaddr_in loopback(int last, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(0x7f000000u | static_cast<unsigned>(last));
  return at;
}

constexpr std::string_view request =
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

}  // namespace

client::client(std::uint16_t port, int from, std::string_view hello, int greetings)
    : handle_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (handle_ < 0) fail("no socket");
  int yes = 1;
  ::setsockopt(handle_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::setsockopt(handle_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  auto mine = loopback(from, 0);
  auto theirs = loopback(1, port);
  if (::bind(handle_, reinterpret_cast<sockaddr*>(&mine), sizeof mine) != 0) fail("bind");
  if (::connect(handle_, reinterpret_cast<sockaddr*>(&theirs), sizeof theirs) != 0) fail("connect");
  if (::send(handle_, request.data(), request.size(), 0) < 0) fail("send");
  while (in_.find("\r\n\r\n") == std::string::npos) fill();
  if (!in_.starts_with("HTTP/1.1 101")) fail("refused: " + in_.substr(0, in_.find('\r')));
  used_ = in_.find("\r\n\r\n") + 4;
  wait_for_message();  // open
  say(hello);
  flush();
  auto joined = wait_for_message();
  if (!joined.starts_with("40")) throw std::runtime_error("refused: " + joined);
  for (int i = 0; i < greetings; ++i) wait_for_message();
  ::fcntl(handle_, F_SETFL, O_NONBLOCK);
}

client::~client() {
  ::close(handle_);
}

void client::fill() {
  std::array<char, 4096> part{};
  errno = 0;
  auto got = ::recv(handle_, part.data(), part.size(), 0);
  if (got <= 0) fail("the server closed");
  in_.append(part.data(), static_cast<std::size_t>(got));
}

std::string client::wait_for_message() {
  std::string_view message;
  while (!next(message)) fill();
  return std::string(message);
}

void client::say(std::string_view message) {
  out_.push_back('\x81');
  if (message.size() < 126) {
    out_.push_back(static_cast<char>(0x80 | message.size()));
  } else {
    out_.push_back('\xfe');
    out_.push_back(static_cast<char>(message.size() >> 8));
    out_.push_back(static_cast<char>(message.size() & 0xff));
  }
  out_.append(4, '\0').append(message);
}

void client::flush() {
  if (out_.empty()) return;
  auto sent = ::send(handle_, out_.data(), out_.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) fail("the line is lost");
  if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
}

// Text of up to 64 KiB, which is all that is asked for here.
bool client::next(std::string_view& message) {
  auto left = std::string_view(in_).substr(used_);
  if (left.size() < 2) return false;
  if ((left[0] & 0x0f) == 8) throw std::runtime_error("the server closed");
  std::size_t size = static_cast<unsigned char>(left[1]);
  std::size_t head = 2;
  if (size == 126) {
    if (left.size() < 4) return false;
    size = static_cast<std::size_t>(static_cast<unsigned char>(left[2])) << 8 |
           static_cast<unsigned char>(left[3]);
    head = 4;
  }
  if (left.size() < head + size) return false;
  message = left.substr(head, size);
  used_ += head + size;
  return true;
}

bool client::receive(const std::function<void(std::string_view)>& take) {
  static std::array<char, 64 * 1024> part;
  auto got = ::recv(handle_, part.data(), part.size(), 0);
  if (got == 0 || (got < 0 && errno != EAGAIN)) return false;
  if (got < 0) return true;
  in_.append(part.data(), static_cast<std::size_t>(got));
  std::string_view message;
  while (next(message)) {
    if (message == "2") {
      ++pings;
      say("3");
    } else {
      take(message);
    }
  }
  in_.erase(0, used_);
  used_ = 0;
  if (in_.empty() && in_.capacity() > 4096) std::string().swap(in_);
  return true;
}

crowd::crowd(std::uint16_t port, std::size_t count) : poll_(::epoll_create1(0)) {
  for (std::size_t i = 0; i < count; ++i) {
    add(std::make_unique<client>(port, 1 + static_cast<int>(i / 4'000), "40", 1));
  }
}

crowd::crowd(std::uint16_t port, const std::vector<std::string>& hellos)
    : poll_(::epoll_create1(0)) {
  for (const auto& hello : hellos) add(std::make_unique<client>(port, 1, hello, 0));
}

void crowd::add(std::unique_ptr<client> c) {
  all_.push_back(std::move(c));
  epoll_event e{};
  e.events = EPOLLIN;
  e.data.ptr = all_.back().get();
  ::epoll_ctl(poll_, EPOLL_CTL_ADD, all_.back()->handle(), &e);
  if (all_.size() % 200 == 0) turn(0, [](client&, std::string_view) {});  // heartbeats
}

crowd::~crowd() {
  ::close(poll_);
}

void crowd::turn(int milliseconds, const std::function<void(client&, std::string_view)>& take) {
  static std::array<epoll_event, 512> ready;
  int count = ::epoll_wait(poll_, ready.data(), ready.size(), milliseconds);
  for (int i = 0; i < count; ++i) {
    auto& c = *static_cast<client*>(ready[static_cast<std::size_t>(i)].data.ptr);
    if (!c.receive([&](std::string_view message) { take(c, message); })) {
      throw std::runtime_error("the server closed a line");
    }
    c.flush();
  }
}

void crowd::run(double seconds, const std::function<void(client&, std::string_view)>& take) {
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) turn(10, take);
}

void crowd::run_until(const std::function<bool()>& done,
                      const std::function<void(client&, std::string_view)>& take) {
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("it took too long");
    turn(10, take);
  }
}

}  // namespace oficio::bench
