// The HTTP server over a real connection: whatever comes in, each answer is whole, nothing that has
// no way to tell its length gets through, and the connection ends when the peer's side does.
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/must.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"

namespace oficio::fuzz {

using namespace std::chrono_literals;

class silent_sink final : public telemetry::sink {
 public:
  bool wants(telemetry::level) const override { return false; }
  void write(telemetry::level, std::string_view, std::string_view, const context*,
             const std::vector<telemetry::field>&) override {}
  void flush() override {}
};

awaitable<result<http::response>> echo(http::request& r) {
  must(!r.path.empty());
  co_return http::json_response(200, "{\"size\":" + std::to_string(r.body.size()) + "}");
}

http::server_options short_patience() {
  http::server_options o;
  o.max_header_bytes = 4096;
  o.max_target_bytes = 1024;
  o.max_body_bytes = 4096;
  o.header_timeout = o.body_timeout = o.idle_timeout = o.write_timeout = 3s;
  return o;
}

// A server on a thread of its own, for as long as the fuzzer runs.
class running_server {
 public:
  running_server()
      : server_(http::make_server(io_, short_patience(), routes_,
                                  telemetry::logger(std::make_shared<silent_sink>(), "fuzz"))) {
    routes_.get("/a/{id}", echo);
    routes_.post("/a/{id}", echo);
    server_->start();
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) io_.run_for(50ms);
    });
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  boost::asio::io_context io_;
  http::router routes_;
  std::unique_ptr<http::server> server_;
  std::jthread thread_;
};

// The fuzzer's own alarm may come while the kernel connects, which goes on all the same.
bool goes_on(int s) {
  if (errno != EINTR) return false;
  pollfd connected{.fd = s, .events = POLLOUT, .revents = 0};
  while (::poll(&connected, 1, 4'000) < 0 && errno == EINTR) {
  }
  int failure = 0;
  socklen_t size = sizeof failure;
  return ::getsockopt(s, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0;
}

// Sends all of it, closes its own side and reads to the end.
std::string ask(std::uint16_t port, std::string_view bytes) {
  int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(s >= 0);
  timeval patience{.tv_sec = 4, .tv_usec = 0};
  ::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  // Each closed connection keeps its pair of addresses for a minute, and an address has only some
  // ten thousand ports: so each time another one of loopback's.
  static std::uint32_t turn = 0;
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + ++turn % 250);
  must(::bind(s, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  must(::connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 || goes_on(s));
  // The server may answer a refusal and go away before all is sent: then the rest does not matter.
  for (std::string_view rest = bytes; !rest.empty();) {
    auto sent = ::send(s, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  ::shutdown(s, SHUT_WR);
  std::string got;
  std::array<char, 4096> part{};
  for (;;) {
    auto n = ::recv(s, part.data(), part.size(), 0);
    if (n < 0 && errno == EINTR) continue;  // the fuzzer's own alarm
    must(n >= 0 || errno == ECONNRESET);    // not: silence until the patience ended
    if (n <= 0) break;
    got.append(part.data(), static_cast<std::size_t>(n));
  }
  ::close(s);
  return got;
}

// Each answer begins with a status line, and is as long as it says.
void check_answers(std::string_view got) {
  while (!got.empty()) {
    must(got.starts_with("HTTP/1.1 "));
    if (got.starts_with("HTTP/1.1 100")) {
      got.remove_prefix(got.find("\r\n\r\n") + 4);
      continue;
    }
    auto end = got.find("\r\n\r\n");
    must(end != got.npos);
    auto head = got.substr(0, end);
    got.remove_prefix(end + 4);
    auto at = head.find("Content-Length: ");
    if (at == head.npos) continue;
    auto length = std::strtoul(std::string(head.substr(at + 16)).c_str(), nullptr, 10);
    if (got.starts_with("{") || length == 0) {  // an answer to HEAD has a length and no body
      must(length <= got.size());
      got.remove_prefix(length);
    }
  }
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const oficio::fuzz::running_server server;
  oficio::fuzz::check_answers(
      oficio::fuzz::ask(server.port(), {reinterpret_cast<const char*>(data), size}));
  return 0;
}
