#include "platform/http/line_poller.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include <boost/asio/strand.hpp>
#include <sys/epoll.h>

namespace oficio::http::detail {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

int make_epoll() {
  int made = ::epoll_create1(EPOLL_CLOEXEC);
  if (made < 0) throw boost::system::system_error(errno, boost::system::system_category());
  return made;
}

}  // namespace

line_group::line_group(asio::io_context& io)
    : strand_(asio::make_strand(io)), epoll_(strand_, make_epoll()) {}

void line_group::add(int descriptor, polled& who) {
  epoll_event e{};
  e.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  e.data.ptr = &who;
  if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &e) != 0) {
    throw boost::system::system_error(errno, boost::system::system_category());
  }
  wait();
}

void line_group::leaves(std::shared_ptr<polled> last) {
  if (handling_) left_.push_back(std::move(last));
}

void line_group::wait() {
  if (waiting_) return;
  waiting_ = true;
  epoll_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [seen = weak_from_this()](error_code failure) {
                      auto self = seen.lock();
                      if (failure || !self) return;
                      self->waiting_ = false;
                      self->handle_ready();
                      self->wait();
                    });
}

void line_group::handle_ready() {
  std::array<epoll_event, 256> events;
  int count = ::epoll_wait(epoll_.native_handle(), events.data(), events.size(), 0);
  handling_ = true;
  for (int i = 0; i < count; ++i) {
    const auto& e = events[static_cast<std::size_t>(i)];
    static_cast<polled*>(e.data.ptr)->ready(e.events);
  }
  handling_ = false;
  left_.clear();
}

line_groups::line_groups(asio::io_context& io) {
  auto count = std::clamp(std::thread::hardware_concurrency(), 1u, 16u);
  for (unsigned i = 0; i < count; ++i) all_.push_back(std::make_shared<line_group>(io));
}

const std::shared_ptr<line_group>& line_groups::next() {
  return all_[turn_.fetch_add(1, std::memory_order_relaxed) % all_.size()];
}

}  // namespace oficio::http::detail
