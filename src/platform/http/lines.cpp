#include "platform/http/lines.hpp"

#include <array>
#include <cerrno>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/http/line_poller.hpp"

namespace oficio::http::detail {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// A bare socket, watched together with others.
class plain_line final : public counted_line,
                         public polled,
                         public std::enable_shared_from_this<plain_line> {
 public:
  plain_line(int socket, line_place place)
      : socket_(socket), group_(place.core->lines.next()), place_(std::move(place)) {}

  ~plain_line() override {
    if (socket_ >= 0) ::close(socket_);
    place_.core->closed(*this, place_.peer);
  }

  const asio::any_io_executor& executor() const override { return group_->executor(); }

  void begin() override {
    ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
    group_->add(socket_, *this);
    self_ = shared_from_this();
  }

  void wait_readable(std::shared_ptr<user> who) override {
    reader_ = std::move(who);
    if (readable_ || !place_.early.empty() || socket_ < 0) tell_soon();
  }

  void wait_writable(std::shared_ptr<user> who) override {
    writer_ = std::move(who);
    if (writable_ || socket_ < 0) tell_soon();
  }

  std::size_t read(asio::mutable_buffer to, error_code& failure) override {
    failure = {};
    if (!place_.early.empty()) {
      auto size = asio::buffer_copy(to, asio::buffer(place_.early));
      place_.early.erase(0, size);
      if (place_.early.empty()) std::string().swap(place_.early);
      return size;
    }
    auto got = ::recv(socket_, to.data(), to.size(), 0);
    if (got < 0) return refused(readable_, failure);
    if (got == 0 && to.size() > 0) failure = asio::error::eof;
    // A short read has emptied the socket: whatever comes next is announced anew.
    if (static_cast<std::size_t>(got) < to.size() && !hung_up_) readable_ = false;
    return static_cast<std::size_t>(got);
  }

  std::size_t write(std::span<const asio::const_buffer> from, error_code& failure) override {
    failure = {};
    if (from.size() == 1) {
      auto sent = ::send(socket_, from[0].data(), from[0].size(), MSG_NOSIGNAL);
      return sent < 0 ? refused(writable_, failure) : static_cast<std::size_t>(sent);
    }
    std::array<iovec, 64> parts;
    std::size_t count = 0;
    for (; count < from.size() && count < parts.size(); ++count) {
      parts[count] = {const_cast<void*>(from[count].data()), from[count].size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    auto sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
    return sent < 0 ? refused(writable_, failure) : static_cast<std::size_t>(sent);
  }

  void end() override { ::shutdown(socket_, SHUT_WR); }

  void close() override {
    asio::dispatch(executor(), [self = shared_from_this()] {
      if (self->socket_ < 0) return;
      ::shutdown(self->socket_, SHUT_RDWR);
      ::close(std::exchange(self->socket_, -1));
      self->group_->leaves(self);
      self->tell_soon();
      self->self_ = nullptr;
    });
  }

 private:
  void ready(std::uint32_t events) override {
    constexpr std::uint32_t gone = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    if ((events & gone) != 0) hung_up_ = true;
    if ((events & (EPOLLIN | gone)) != 0) readable_ = true;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) writable_ = true;
    tell();
  }

  void tell_soon() {
    asio::post(executor(), [self = shared_from_this()] { self->tell(); });
  }

  void tell() {
    error_code failure;
    if (socket_ < 0) failure = asio::error::operation_aborted;
    if (reader_ && (failure || readable_ || !place_.early.empty())) {
      auto who = std::move(reader_);
      reader_ = nullptr;
      who->readable(failure);
    }
    if (socket_ < 0) failure = asio::error::operation_aborted;
    if (writer_ && (failure || writable_)) {
      auto who = std::move(writer_);
      writer_ = nullptr;
      who->writable(failure);
    }
  }

  static std::size_t refused(bool& can, error_code& failure) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      can = false;
      failure = asio::error::would_block;
    } else if (errno == EINTR) {
      failure = asio::error::would_block;  // and is asked again at once
    } else {
      failure = error_code(errno, boost::system::system_category());
    }
    return 0;
  }

  int socket_;
  const std::shared_ptr<line_group> group_;
  line_place place_;
  std::shared_ptr<plain_line> self_;  // while the group may name it
  std::shared_ptr<user> reader_;
  std::shared_ptr<user> writer_;
  bool readable_ = false;
  bool writable_ = false;
  bool hung_up_ = false;
};

// TLS moves bytes in records, and has no way to say that one is there without taking it: so one
// read is always under way, into a small buffer, and what is written is copied and sent behind.
class tls_line final : public counted_line, public std::enable_shared_from_this<tls_line> {
 public:
  tls_line(std::shared_ptr<void> owner, asio::ssl::stream<tcp::socket&>& stream, line_place place)
      : owner_(std::move(owner)),
        stream_(stream),
        executor_(stream.next_layer().get_executor()),
        place_(std::move(place)),
        in_(std::move(place_.early)) {}

  ~tls_line() override { place_.core->closed(*this, place_.peer); }
  void begin() override {}

  const asio::any_io_executor& executor() const override { return executor_; }

  void wait_readable(std::shared_ptr<user> who) override {
    if (!in_.empty() || read_failure_) {
      asio::post(executor_, [who = std::move(who)] { who->readable({}); });
      return;
    }
    in_.resize(read_size);
    stream_.async_read_some(asio::buffer(in_), [self = shared_from_this(), who = std::move(who)](
                                                   error_code failure, std::size_t size) {
      self->in_.resize(size);
      self->read_failure_ = failure;
      who->readable({});
    });
  }

  void wait_writable(std::shared_ptr<user> who) override {
    if (out_.empty()) {
      asio::post(executor_, [who = std::move(who)] { who->writable({}); });
    } else {
      wants_to_write_ = std::move(who);
    }
  }

  std::size_t read(asio::mutable_buffer to, error_code& failure) override {
    failure = {};
    if (in_.empty()) {
      failure = read_failure_ ? read_failure_ : error_code(asio::error::would_block);
      return 0;
    }
    auto size = asio::buffer_copy(to, asio::buffer(in_));
    in_.erase(0, size);
    return size;
  }

  std::size_t write(std::span<const asio::const_buffer> from, error_code& failure) override {
    failure = write_failure_;
    if (!failure && !out_.empty()) failure = asio::error::would_block;
    if (failure) return 0;
    for (const auto& part : from) {
      auto room = std::min(part.size(), write_size - out_.size());
      out_.append(static_cast<const char*>(part.data()), room);
      if (out_.size() == write_size) break;
    }
    auto taken = out_.size();
    if (taken > 0) send();
    return taken;
  }

  void end() override {
    ending_ = true;
    if (out_.empty()) shut();
  }

  void close() override {
    asio::dispatch(executor_, [self = shared_from_this()] {
      error_code ignored;
      self->stream_.next_layer().shutdown(tcp::socket::shutdown_both, ignored);
      self->stream_.next_layer().close(ignored);
    });
  }

 private:
  static constexpr std::size_t read_size = 4 * 1024;
  static constexpr std::size_t write_size = 16 * 1024;  // a record

  void send() {
    asio::async_write(
        stream_, asio::buffer(out_),
        [self = shared_from_this()](error_code failure, std::size_t) { self->sent(failure); });
  }

  void sent(error_code failure) {
    write_failure_ = failure;
    std::string().swap(out_);
    if (auto who = std::move(wants_to_write_)) who->writable(failure);
    if (ending_ && out_.empty()) shut();
  }

  void shut() {
    error_code ignored;
    stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
  }

  std::shared_ptr<void> owner_;
  asio::ssl::stream<tcp::socket&>& stream_;
  const asio::any_io_executor executor_;
  line_place place_;
  std::string in_;
  std::string out_;  // being sent, if there is any
  error_code read_failure_;
  error_code write_failure_;
  std::shared_ptr<user> wants_to_write_;
  bool ending_ = false;
};

}  // namespace

std::shared_ptr<counted_line> make_line(tcp::socket& socket, line_place place) {
  error_code failure;
  int bare = socket.release(failure);
  if (failure) throw boost::system::system_error(failure);
  return std::make_shared<plain_line>(bare, std::move(place));
}

std::shared_ptr<counted_line> make_line(std::shared_ptr<void> owner,
                                        asio::ssl::stream<tcp::socket&>& stream, line_place place) {
  return std::make_shared<tls_line>(std::move(owner), stream, std::move(place));
}

}  // namespace oficio::http::detail
