#include "talk/poster.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace oficio::bench {
namespace {

// A kept connection; a lost one is opened anew with the next request.
class line {
 public:
  explicit line(std::uint16_t port) : port_(port) {}
  ~line() { close(); }
  line(const line&) = delete;
  line& operator=(const line&) = delete;

  // The status of the answer; 0 if there is none.
  int ask(const std::string& request) {
    if (handle_ < 0 && !open()) return 0;
    auto status = say(request) ? answer() : 0;
    if (status == 0) close();
    return status;
  }

 private:
  bool open() {
    handle_ = ::socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    ::setsockopt(handle_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port_);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(handle_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) return true;
    close();
    return false;
  }

  void close() {
    if (handle_ >= 0) ::close(handle_);
    handle_ = -1;
    in_.clear();
  }

  bool say(std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  bool fill() {
    std::array<char, 8192> part{};
    auto got = ::recv(handle_, part.data(), part.size(), 0);
    if (got <= 0) return false;
    in_.append(part.data(), static_cast<std::size_t>(got));
    return true;
  }

  // Bodies whose length is told, as all of the gateway's are here.
  int answer() {
    std::size_t end = 0;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return 0;
    }
    auto head = std::string_view(in_).substr(0, end);
    int status = 0;
    std::from_chars(head.data() + 9, head.data() + 12, status);
    constexpr std::string_view name = "\r\nContent-Length: ";
    auto at = head.find(name);
    if (at == std::string_view::npos) return 0;
    std::size_t length = 0;
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    while (in_.size() < end + 4 + length) {
      if (!fill()) return 0;
    }
    in_.erase(0, end + 4 + length);
    return status;
  }

  std::uint16_t port_;
  int handle_ = -1;
  std::string in_;
};

}  // namespace

poster::poster(std::uint16_t port, std::size_t connections) : port_(port) {
  for (std::size_t i = 0; i < connections; ++i) threads_.emplace_back([this] { work(); });
}

poster::~poster() {
  {
    std::lock_guard held(guard_);
    ending_ = true;
  }
  news_.notify_all();
}

void poster::send(std::string request) {
  {
    std::lock_guard held(guard_);
    waiting_.push_back(std::move(request));
  }
  news_.notify_one();
}

std::size_t poster::refused() const {
  std::lock_guard held(guard_);
  return refused_;
}

bool poster::take(std::string& request) {
  std::unique_lock held(guard_);
  news_.wait(held, [this] { return ending_ || !waiting_.empty(); });
  if (waiting_.empty()) return false;
  request = std::move(waiting_.front());
  waiting_.pop_front();
  return true;
}

void poster::work() {
  line own(port_);
  std::string request;
  while (take(request)) {
    auto status = own.ask(request);
    if (status == 200 || status == 201) continue;
    std::lock_guard held(guard_);
    ++refused_;
  }
}

}  // namespace oficio::bench
