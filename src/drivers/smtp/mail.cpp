#include "drivers/smtp/mail.hpp"

#include <mutex>
#include <vector>

#include "drivers/smtp/session.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::smtp {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_waiting = 256;
constexpr std::chrono::seconds first_patience{10};
constexpr std::chrono::milliseconds first_pause{500};
constexpr std::chrono::milliseconds longest_pause{15'000};

error unavailable(std::string why) {
  return {errc::unavailable, "mail_unavailable", std::move(why), {}, std::chrono::seconds(5)};
}

// While the server is away, lets one mail try after each pause (which grow) and tells the log once
// of its going and once of its return. Thread-safe.
class outage {
 public:
  outage(telemetry::logger log, std::string where)
      : log_(std::move(log)), where_(std::move(where)) {}

  bool lets_through() {
    std::lock_guard lock(guard_);
    if (!away_) return true;
    auto now = steady_clock::now();
    if (now < next_try_) return false;
    next_try_ = now + pause_;
    return true;
  }

  void note(const ending& e) {
    std::lock_guard lock(guard_);
    if (!e.server_is_away) {
      if (std::exchange(away_, false)) {
        log_.info("the mail server is back", {{"server.address", where_}});
      }
      pause_ = first_pause;
      return;
    }
    if (!std::exchange(away_, true)) {
      log_.warn("the mail server is away; mail waits",
                {{"server.address", where_}, {"error.message", e.outcome.error().detail}});
    }
    next_try_ = steady_clock::now() + pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
  }

 private:
  const telemetry::logger log_;
  const std::string where_;
  std::mutex guard_;
  bool away_ = false;  // all under guard_
  steady_time next_try_;
  std::chrono::milliseconds pause_ = first_pause;
};

class smtp_mail final : public mail::transport {
 public:
  smtp_mail(server at, const wall_clock& clock, telemetry::logger log)
      : at_(std::move(at)),
        clock_(clock),
        outage_(std::move(log), at_.shown()),
        pool_("smtp", at_.connections, most_waiting) {}

  // Before anything else uses it.
  ending begin() {
    return sessions_.emplace_back(std::make_unique<session>(at_))
        ->greet(steady_clock::now() + first_patience);
  }

  awaitable<result<void>> send(const context& ctx, mail::message m) override {
    CO_TRY_VOID(mail::check(m));
    auto bytes = mail::to_mime(m, at_.from, clock_.now());
    co_return co_await talk(
        ctx, [to = std::move(m.to), bytes = std::move(bytes)](session& s, steady_time until) {
          return s.send(to, bytes, until);
        });
  }

  awaitable<result<void>> ping(const context& ctx) override {
    co_return co_await talk(ctx, [](session& s, steady_time until) { return s.greet(until); });
  }

 private:
  template <class Work>
  awaitable<result<void>> talk(const context& ctx, Work work) {
    if (ctx.expired()) {
      co_return error{errc::timeout, "deadline_exceeded", "There was no time left for the mail."};
    }
    if (!outage_.lets_through()) co_return unavailable("The mail server is away.");
    auto done = co_await pool_.run(ctx, [this, until = ctx.deadline, work = std::move(work)] {
      auto s = take();
      auto e = work(*s, until);
      outage_.note(e);
      give_back(std::move(s));
      return e.outcome;
    });
    if (done.has_error() && done.error().code == "overloaded") {
      co_return unavailable("Too much mail waits for the mail server.");
    }
    co_return done;
  }

  std::unique_ptr<session> take() {
    std::lock_guard lock(guard_);
    if (sessions_.empty()) return std::make_unique<session>(at_);
    auto out = std::move(sessions_.back());  // the one used last: its connection is the freshest
    sessions_.pop_back();
    return out;
  }

  void give_back(std::unique_ptr<session> s) {
    std::lock_guard lock(guard_);
    sessions_.push_back(std::move(s));
  }

  const server at_;
  const wall_clock& clock_;
  outage outage_;
  std::mutex guard_;
  std::vector<std::unique_ptr<session>> sessions_;  // under guard_; never more than threads
  runtime::blocking_pool pool_;                     // last: its threads use all of the above
};

}  // namespace

std::unique_ptr<mail::transport> make_mail(const config::server_address& address, mail::sender from,
                                           const wall_clock& clock, telemetry::logger log) {
  auto at = read_server(address, std::move(from));
  auto where = at.shown();
  auto made = std::make_unique<smtp_mail>(std::move(at), clock, std::move(log));
  auto begun = made->begin();
  if (begun.outcome.has_error()) {
    address.refuse("mail cannot be handed to " + where + ": " + begun.outcome.error().detail);
  }
  return made;
}

}  // namespace oficio::smtp
