#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace oficio::http::detail {

class line_group;

// A descriptor in a group, which keeps it until it leaves.
class polled {
 public:
  virtual ~polled() = default;
  // On the group's strand, with EPOLL's bits.
  virtual void ready(std::uint32_t events) = 0;
};

// Lines that one epoll descriptor watches, on one strand. Each is announced to it once for its
// whole life, and whatever is ready is handled in one go: an event costs neither a system call nor
// a hop of its own, as it would if each line waited by itself.
class line_group final : public std::enable_shared_from_this<line_group> {
 public:
  explicit line_group(boost::asio::io_context& io);

  const boost::asio::any_io_executor& executor() const { return strand_; }

  // On the strand. Edge-triggered, both ways; throws boost::system::system_error.
  void add(int descriptor, polled& who);
  // Its descriptor is closed; `last` is kept until nothing can name it any more.
  void leaves(std::shared_ptr<polled> last);

 private:
  void wait();
  void handle_ready();

  const boost::asio::any_io_executor strand_;
  boost::asio::posix::stream_descriptor epoll_;
  std::vector<std::shared_ptr<polled>> left_;
  bool handling_ = false;
  bool waiting_ = false;
};

// A few groups that share the lines of a server between its threads.
class line_groups {
 public:
  explicit line_groups(boost::asio::io_context& io);
  const std::shared_ptr<line_group>& next();

 private:
  std::vector<std::shared_ptr<line_group>> all_;
  std::atomic<std::size_t> turn_{0};
};

}  // namespace oficio::http::detail
