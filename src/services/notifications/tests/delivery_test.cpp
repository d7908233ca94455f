// A mail that cannot be sent just now is not lost: it is tried again with growing pauses, over a
// restart of the process, and rests as a dead letter in the end.
#include <atomic>
#include <filesystem>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "drivers/embedded/events/bus.hpp"
#include "platform/base/uuid.hpp"
#include "platform/json/json.hpp"
#include "platform/mail/mime.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/security/crypto.hpp"
#include "services/notifications/module.hpp"

namespace oficio::notifications {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// A mail server that is away, takes what it gets, or takes it and dies before it says so.
class moody_transport : public mail::transport {
 public:
  enum class mood { away, fine, throws };
  std::atomic<mood> now{mood::fine};
  std::atomic<int> attempts{0};

  awaitable<result<void>> send(const context&, mail::message m) override {
    ++attempts;
    CO_TRY_VOID(mail::check(m));
    if (now == mood::away) co_return error{errc::unavailable, "mail_unavailable", "It is away."};
    if (now == mood::throws) throw std::runtime_error("a broken driver");
    std::lock_guard lock(guard_);
    sent_.push_back(std::move(m));
    co_return result<void>{};
  }
  awaitable<result<void>> ping(const context&) override { co_return result<void>{}; }
  std::vector<mail::message> sent() {
    std::lock_guard lock(guard_);
    return sent_;
  }

 private:
  std::mutex guard_;
  std::vector<mail::message> sent_;
};

class delivery : public testing::Test {
 protected:
  delivery() { start(); }
  ~delivery() override {
    stop();
    work_.reset();
    thread_.join();
    std::filesystem::remove_all(folder_);
  }

  template <class T>
  T run(awaitable<T> work) {
    return asio::co_spawn(asio::make_strand(io_), std::move(work), asio::use_future).get();
  }

  void start() {
    bus_ = embedded::make_bus((folder_ / "events.db").string(), io_.get_executor(), pool_, clock_,
                              {nullptr, "events"});
    hosting::environment env{.app = app_,
                             .clock = clock_,
                             .log = {nullptr, "notifications"},
                             .bus = bus_.get(),
                             .cursor_key = {},
                             .seal_key = std::string(32, 'k')};
    service_ = make(env, {.mail = server_, .public_url = "https://market.example"});
    for (auto& s : service_.subscriptions) {
      ASSERT_TRUE(run(bus_->subscribe(s.queue, s.handle)).has_value());
    }
  }
  void stop() {
    run(ended());
    service_ = {};
    bus_.reset();
  }
  awaitable<int> ended() {
    co_await bus_->stop(1s);
    co_return 0;
  }

  events::envelope reset(std::chrono::hours good_for = 24h) {
    events::raised fact{"auth.password.reset_requested",
                        {{"account_id", "a"},
                         {"username", "ana"},
                         {"email", "ana@example.com"},
                         {"locale", "en"},
                         {"token", security::seal(std::string(32, 'k'), "the-token")},
                         {"not_after", format_time(clock_.now() + good_for)}},
                        {"a"}};
    return events::seal(fact, "/oficio/auth", uuid_v7(clock_.now()), 1, 0, clock_.now(), {});
  }
  void publish(const events::envelope& e) {
    ASSERT_TRUE(run(bus_->publish(context::for_system(), {e})).has_value());
  }

  // Moves the clock on until it holds; the bus looks at it every so often.
  template <class Condition>
  bool until(Condition holds, std::chrono::milliseconds step = 0ms) {
    auto give_up = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      clock_.advance(step);
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }
  std::vector<events::dead_letter> dead() {
    return run(bus_->dead_letters(context::for_system(), 10)).value();
  }

  wall_clock clock_;
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / uuid_v7(clock_.now());
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  std::thread thread_{[this] { io_.run(); }};
  runtime::blocking_pool pool_{"test", 2, 1'000};
  runtime::application app_{{}};
  moody_transport server_;
  std::shared_ptr<events::bus> bus_;
  hosting::service service_;
};

TEST_F(delivery, comes_when_the_server_is_back) {
  server_.now = moody_transport::mood::away;
  publish(reset());
  ASSERT_TRUE(until([&] { return server_.attempts >= 3; }, 500ms));
  EXPECT_TRUE(server_.sent().empty());
  server_.now = moody_transport::mood::fine;
  ASSERT_TRUE(until([&] { return !server_.sent().empty(); }, 5s));
  EXPECT_EQ(server_.sent().size(), 1U);
}

TEST_F(delivery, waits_over_a_restart) {
  server_.now = moody_transport::mood::away;
  auto e = reset();
  publish(e);
  ASSERT_TRUE(until([&] { return server_.attempts >= 1; }));
  stop();
  server_.now = moody_transport::mood::fine;
  start();
  ASSERT_TRUE(until([&] { return !server_.sent().empty(); }, 500ms));
  EXPECT_EQ(server_.sent()[0].id, e.id);
}

TEST_F(delivery, rests_as_a_dead_letter_until_somebody_replays_it) {
  server_.now = moody_transport::mood::throws;
  auto e = reset(24h * 30);
  publish(e);
  ASSERT_TRUE(until([&] { return !dead().empty(); }, 1min));
  EXPECT_EQ(server_.attempts, 7);
  auto letter = dead().at(0);
  EXPECT_EQ(letter.queue, "notifications.resets");
  EXPECT_EQ(letter.event.id, e.id);
  EXPECT_EQ(letter.reason, "exception: a broken driver");
  server_.now = moody_transport::mood::fine;
  ASSERT_TRUE(run(bus_->replay(context::for_system(), e.id, letter.queue)).has_value());
  ASSERT_TRUE(until([&] { return !server_.sent().empty(); }));
  EXPECT_TRUE(until([&] { return dead().empty(); }));
  EXPECT_EQ(server_.sent()[0].subject, "Set a new password");
}

TEST_F(delivery, that_comes_too_late_is_none) {
  server_.now = moody_transport::mood::away;
  publish(reset(1h));
  ASSERT_TRUE(until([&] { return server_.attempts >= 1; }));
  clock_.advance(2h);
  server_.now = moody_transport::mood::fine;
  auto waiting = [&] {
    std::size_t count = 0;
    for (const auto& q : run(bus_->status(context::for_system())).value())
      count += q.waiting + q.dead;
    return count;
  };
  ASSERT_TRUE(until([&] { return waiting() == 0; }));
  EXPECT_TRUE(server_.sent().empty());
}

TEST_F(delivery, of_what_nobody_can_read_hurts_nobody_else) {
  auto broken = reset();
  broken.data["token"] = "forged";
  auto nonsense = reset();
  nonsense.data["email"] = json::array{1, 2};
  auto two = reset();
  two.data["email"] = "ana@example.com\r\nBcc: everybody@example.com";
  for (const auto& e : {broken, nonsense, two, reset()}) publish(e);
  ASSERT_TRUE(until([&] { return !server_.sent().empty(); }));
  ASSERT_TRUE(until([&] { return dead().size() == 3; }, 1min));
  EXPECT_EQ(server_.sent().size(), 1U);
}

}  // namespace
}  // namespace oficio::notifications
