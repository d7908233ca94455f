#include "drivers/redis/hearing.hpp"

#include <atomic>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drivers/redis/batch_writer.hpp"
#include "drivers/redis/standing.hpp"

namespace oficio::redis {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

// On its strand, but for the channels, which have a lock of their own.
class hearing::core : public std::enable_shared_from_this<core> {
 public:
  core(asio::io_context& io, endpoint to, telemetry::logger log)
      : strand_(asio::make_strand(io)),
        to_(std::move(to)),
        log_(std::move(log)),
        writer_(strand_),
        pause_(strand_) {}

  void start() {
    channels_ = std::make_unique<cache::channels>([weak = weak_from_this()](const auto& channel) {
      if (auto self = weak.lock()) self->changed(channel);
    });
  }

  void stop() {
    stopping_ = true;
    asio::post(strand_, [self = shared_from_this()] {
      self->pause_.cancel();
      if (self->line_) self->line_->close();
    });
  }

  std::unique_ptr<cache::subscription> add(std::string channel, cache::listener hear) {
    return channels_->add(std::move(channel), std::move(hear));
  }

 private:
  void changed(std::string channel) {
    asio::post(strand_, [self = shared_from_this(), channel = std::move(channel)] {
      if (self->stopping_) return;
      if (self->connected_) {
        self->tell(channel);
      } else if (!std::exchange(self->running_, true)) {
        asio::co_spawn(self->strand_, run(self), asio::detached);
      }
    });
  }

  // Says what holds now, whatever has happened meanwhile: saying it twice changes nothing.
  void tell(const std::string& channel) {
    auto word = channels_->is_heard(channel) ? "SUBSCRIBE" : "UNSUBSCRIBE";
    writer_.put(command({word, to_.prefix + channel}));
  }

  static awaitable<void> run(std::shared_ptr<core> self) {
    pauses growing;
    while (!self->stopping_ && !self->channels_->heard().empty()) {
      self->line_ = make_connection(self->strand_, self->to_);
      auto opened = co_await self->line_->open(steady_clock::now() + connect_patience);
      if (opened.has_value()) {
        auto since = steady_clock::now();
        co_await self->listen(self->line_);
        if (steady_clock::now() - since > steady_connection) growing.restart();
      }
      if (self->stopping_) break;
      error_code ignored;
      self->pause_.expires_after(growing.next());
      co_await self->pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    self->running_ = false;
  }

  awaitable<void> listen(std::shared_ptr<connection> line) {
    connected_ = true;
    asked_ = false;
    writer_.forget();
    for (const auto& channel : channels_->heard()) tell(channel);
    asio::co_spawn(strand_, writer_.run(line, [this, line] { look(*line); }),
                   [self = shared_from_this()](std::exception_ptr) {});
    while (true) {
      auto got = co_await line->read();
      if (got.has_error()) break;
      asked_ = false;
      for (const auto& one : *got) hear(one);
    }
    line->close();
    writer_.wake();
    connected_ = false;
  }

  void hear(const reply& one) {
    if (one.failed() && !std::exchange(complained_, true)) {
      log_.warn("the cache does not let us listen", {{"error.message", one.text}});
    }
    if (one.items.size() != 3 || one.items[0].text != "message") return;
    const auto& channel = one.items[1].text;
    if (!channel.starts_with(to_.prefix)) return;
    channels_->deliver(channel.substr(to_.prefix.size()), one.items[2].text);
  }

  // A connection on which nothing came since the last look, not even an answer, is dead.
  void look(connection& line) {
    if (std::exchange(asked_, true)) return line.close();
    writer_.put(command({"PING"}));
  }

  asio::strand<asio::io_context::executor_type> strand_;
  const endpoint to_;
  const telemetry::logger log_;
  std::unique_ptr<cache::channels> channels_;
  batch_writer writer_;
  asio::steady_timer pause_;
  std::atomic<bool> stopping_{false};
  std::shared_ptr<connection> line_;
  bool running_ = false;
  bool connected_ = false;
  bool asked_ = false;  // and nothing has come since
  bool complained_ = false;
};

hearing::hearing(asio::io_context& io, endpoint to, telemetry::logger log)
    : core_(std::make_shared<core>(io, std::move(to), std::move(log))) {
  core_->start();
}

hearing::~hearing() {
  core_->stop();
}

std::unique_ptr<cache::subscription> hearing::add(std::string channel, cache::listener hear) {
  return core_->add(std::move(channel), std::move(hear));
}

}  // namespace oficio::redis
