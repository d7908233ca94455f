#include "drivers/redis/client.hpp"

#include <atomic>
#include <deque>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "drivers/redis/batch_writer.hpp"
#include "drivers/redis/connection.hpp"
#include "drivers/redis/standing.hpp"

namespace oficio::redis {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t most_calls = 10'000;
constexpr std::size_t most_bytes = 64u << 20;
// The oldest call may be without its answer for so long before the server counts as lost.
constexpr std::chrono::seconds longest_silence{2};

error late() {
  return {errc::timeout, "deadline_exceeded", "The cache did not answer in time."};
}

error busy() {
  return away("too much waits for it");
}

// Nobody waits for what the client asks on its own account.
class nobody final : public asker {
 public:
  void answer(result<reply>) override {}
};

}  // namespace

// All but the atomic figures is touched on the strand alone.
class client::core : public std::enable_shared_from_this<core> {
 public:
  core(asio::io_context& io, endpoint to, const telemetry::logger& log)
      : strand_(asio::make_strand(io)),
        to_(std::move(to)),
        standing_(log, to_.shown()),
        writer_(strand_),
        deadline_(strand_),
        pause_(strand_) {}

  void start() { asio::co_spawn(strand_, run(shared_from_this()), asio::detached); }

  void stop() {
    stopping_ = true;
    asio::post(strand_, [self = shared_from_this()] {
      self->pause_.cancel();
      if (self->line_) self->line_->close();
      self->fail_all(away("it is being left"));
    });
  }

  result<void> admit(std::size_t bytes) const {
    if (standing_.is_away()) return standing_.why();
    if (calls_ >= most_calls || bytes_ + bytes > most_bytes) return busy();
    return {};
  }

  void send(std::string bytes, steady_time deadline, std::unique_ptr<asker> who) {
    ++calls_;
    bytes_ += bytes.size();
    asio::post(strand_, [self = shared_from_this(), bytes = std::move(bytes), deadline,
                         who = std::move(who)]() mutable {
      self->take(std::move(bytes), deadline, std::move(who));
    });
  }

 private:
  struct entry {
    std::unique_ptr<asker> who;  // null: given up, but its answer is still to come
    std::size_t bytes = 0;
    steady_time deadline;
    steady_time since;
  };

  void take(std::string bytes, steady_time deadline, std::unique_ptr<asker> who) {
    entries_.push_back({std::move(who), bytes.size(), deadline, steady_clock::now()});
    if (stopping_ || standing_.is_away()) {
      auto refused = std::move(entries_.back());
      entries_.pop_back();
      settle(refused, stopping_ ? away("it is being left") : standing_.why());
      return;
    }
    writer_.put(bytes);
    watch(deadline);
  }

  void settle(entry& e, result<reply> r) {
    --calls_;
    bytes_ -= e.bytes;
    if (auto who = std::move(e.who)) who->answer(std::move(r));
  }

  void fail_all(const error& why) {
    writer_.forget();
    for (auto all = std::exchange(entries_, {}); auto& e : all) settle(e, why);
  }

  // The timer is left running when answers come in time, and looks again when it fires.
  void watch(steady_time deadline) {
    if (armed_ && deadline >= armed_for_) return;
    armed_ = true;
    armed_for_ = deadline;
    deadline_.expires_at(deadline);
    deadline_.async_wait([weak = weak_from_this()](error_code stopped) {
      if (auto self = weak.lock(); self && !stopped) self->look();
    });
  }

  void look() {
    armed_ = false;
    auto now = steady_clock::now();
    auto next = steady_time::max();
    for (auto& e : entries_) {
      if (!e.who) continue;
      if (e.deadline <= now) {
        std::exchange(e.who, nullptr)->answer(late());
      } else {
        next = std::min(next, e.deadline);
      }
    }
    bool silent = !entries_.empty() && now - entries_.front().since >= longest_silence;
    if (connected_ && silent) line_->close();
    if (next != steady_time::max()) watch(next);
  }

  static awaitable<void> run(std::shared_ptr<core> self) {
    pauses growing;
    while (!self->stopping_) {
      self->line_ = make_connection(self->strand_, self->to_);
      auto opened = co_await self->line_->open(steady_clock::now() + connect_patience);
      if (opened.has_value()) {
        auto since = steady_clock::now();
        auto lost = co_await self->converse(self->line_);
        if (steady_clock::now() - since > steady_connection) growing.restart();
        self->leave(lost);
      } else {
        self->leave(opened.error());
      }
      if (self->stopping_) co_return;
      error_code ignored;
      self->pause_.expires_after(growing.next());
      co_await self->pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }

  void leave(const error& why) {
    connected_ = false;
    if (!stopping_) standing_.lost(why);
    fail_all(stopping_ ? why : standing_.why());
  }

  // Until the connection is lost: why it was.
  awaitable<error> converse(std::shared_ptr<connection> line) {
    connected_ = true;
    standing_.found();
    asio::co_spawn(strand_, writer_.run(line, [this] { idle(); }),
                   [self = shared_from_this()](std::exception_ptr) {});
    for (;;) {
      auto got = co_await line->read();
      if (got.has_error()) {
        line->close();
        writer_.wake();
        co_return got.error();
      }
      for (auto& one : *got) {
        if (entries_.empty()) continue;
        auto asked = std::move(entries_.front());
        entries_.pop_front();
        settle(asked, std::move(one));
      }
    }
  }

  // So that a server that went without a word is missed before somebody asks for something.
  void idle() {
    if (!entries_.empty()) return look();
    auto ping = command({"PING"});
    ++calls_;
    bytes_ += ping.size();
    take(std::move(ping), steady_clock::now() + longest_silence, std::make_unique<nobody>());
  }

  asio::strand<asio::io_context::executor_type> strand_;
  const endpoint to_;
  standing standing_;
  std::atomic<std::size_t> calls_{0};
  std::atomic<std::size_t> bytes_{0};
  std::atomic<bool> stopping_{false};
  std::shared_ptr<connection> line_;
  bool connected_ = false;
  std::deque<entry> entries_;  // in the order of their answers
  batch_writer writer_;
  asio::steady_timer deadline_;
  bool armed_ = false;
  steady_time armed_for_;
  asio::steady_timer pause_;
};

client::client(asio::io_context& io, endpoint to, telemetry::logger log)
    : core_(std::make_shared<core>(io, std::move(to), log)) {
  core_->start();
}

client::~client() {
  core_->stop();
}

result<void> client::admit(std::size_t bytes) const {
  return core_->admit(bytes);
}

void client::send(std::string bytes, steady_time deadline, std::unique_ptr<asker> who) {
  core_->send(std::move(bytes), deadline, std::move(who));
}

}  // namespace oficio::redis
