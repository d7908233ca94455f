#include "platform/http/lines.hpp"

#include <array>
#include <cstring>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace oficio::http::detail {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class plain_line final : public counted_line, public std::enable_shared_from_this<plain_line> {
 public:
  plain_line(tcp::socket socket, line_place place)
      : socket_(std::move(socket)), executor_(socket_.get_executor()), place_(std::move(place)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  ~plain_line() override { place_.core->closed(*this, place_.peer); }

  const asio::any_io_executor& executor() const override { return executor_; }

  void wait_readable(std::shared_ptr<user> who) override {
    if (!place_.early.empty()) {
      asio::post(executor_, [who = std::move(who)] { who->readable({}); });
      return;
    }
    socket_.async_wait(tcp::socket::wait_read,
                       [who = std::move(who)](error_code failure) { who->readable(failure); });
  }

  void wait_writable(std::shared_ptr<user> who) override {
    socket_.async_wait(tcp::socket::wait_write,
                       [who = std::move(who)](error_code failure) { who->writable(failure); });
  }

  std::size_t read(asio::mutable_buffer to, error_code& failure) override {
    failure = {};
    if (!place_.early.empty()) {
      auto size = asio::buffer_copy(to, asio::buffer(place_.early));
      place_.early.erase(0, size);
      if (place_.early.empty()) place_.early.shrink_to_fit();
      return size;
    }
    return socket_.read_some(to, failure);
  }

  std::size_t write(std::span<const asio::const_buffer> from, error_code& failure) override {
    failure = {};
    return socket_.write_some(from, failure);
  }

  void end() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }

  void close() override {
    asio::dispatch(executor_, [self = shared_from_this()] {
      error_code ignored;
      self->socket_.shutdown(tcp::socket::shutdown_both, ignored);
      self->socket_.close(ignored);
    });
  }

 private:
  tcp::socket socket_;
  const asio::any_io_executor executor_;
  line_place place_;
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

std::shared_ptr<counted_line> make_line(tcp::socket socket, line_place place) {
  return std::make_shared<plain_line>(std::move(socket), std::move(place));
}

std::shared_ptr<counted_line> make_line(std::shared_ptr<void> owner,
                                        asio::ssl::stream<tcp::socket&>& stream, line_place place) {
  return std::make_shared<tls_line>(std::move(owner), stream, std::move(place));
}

}  // namespace oficio::http::detail
