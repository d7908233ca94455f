#include "platform/sql/server.hpp"

#include <algorithm>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace oficio::sql {

connection::~connection() {
  if (socket_ >= 0) ::close(socket_);
}

void connection::keep_socket(int descriptor) {
  socket_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
}

void connection::cut() {
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

connect_failure::connect_failure(const std::string& why, bool hopeless)
    : std::runtime_error(one_line(why)), hopeless_(hopeless) {}

std::chrono::seconds in_steps(std::chrono::milliseconds patience) {
  auto seconds = std::chrono::ceil<std::chrono::seconds>(patience);
  for (auto step : {1, 2, 5, 10, 20}) {
    if (seconds.count() <= step) return std::chrono::seconds(step);
  }
  return std::chrono::ceil<std::chrono::minutes>(seconds);
}

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace oficio::sql
