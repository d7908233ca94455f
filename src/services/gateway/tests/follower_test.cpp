// A gateway before stand-ins for two instances of notifications.
#include "services/gateway/live/follower.hpp"

#include <condition_variable>
#include <deque>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/event_stream.hpp"
#include "platform/http/tests/told_stream.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/task_group.hpp"

namespace oficio::gateway {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using testing::ElementsAre;

// What it was told, "missed" among the ids.
class heard_events final : public listener {
 public:
  void heard(const events::envelope& e) override { add(e.id); }
  void missed() override { add("missed"); }

  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(guard_);
    grew_.wait_for(lock, 10s, [&] { return all_.size() >= count; });
    return all_;
  }

 private:
  void add(std::string what) {
    {
      std::lock_guard lock(guard_);
      all_.push_back(std::move(what));
    }
    grew_.notify_all();
  }

  std::mutex guard_;
  std::condition_variable grew_;
  std::vector<std::string> all_;
};

// Stands for all instances of notifications: each visit gets the next of what was prepared.
struct fake_notifications {
  fake_notifications() {
    routes.get("/internal/stream", [this](http::request& r) { return answer(r); });
  }

  awaitable<result<http::response>> answer(http::request& r) {
    std::lock_guard lock(guard);
    asked_from.emplace_back(r.headers.get("Last-Event-ID"));
    asked_by = r.headers.get(security::identity_header);
    if (prepared.empty()) co_return error{errc::unavailable, "away", "It is away."};
    http::response out;
    out.headers.set("Content-Type", std::string(http::event_stream_type));
    out.stream = std::move(prepared.front());
    prepared.pop_front();
    co_return out;
  }
  std::shared_ptr<http::test::told_stream> prepare() {
    auto made = std::make_shared<http::test::told_stream>();
    std::lock_guard lock(guard);
    prepared.push_back(made);
    return made;
  }
  std::vector<std::string> visits() {
    std::lock_guard lock(guard);
    return asked_from;
  }

  http::router routes;
  std::mutex guard;
  std::deque<std::shared_ptr<http::body_stream>> prepared;
  std::vector<std::string> asked_from;
  std::string asked_by;
};

std::string told(std::string place, std::string id) {
  events::envelope e;
  e.id = id;
  e.source = "/oficio/chat";
  e.type = "chat.message.sent";
  e.subject = "c";
  e.data = {{"version", 1}, {"concerns", {"ana"}}};
  return http::to_text({.id = place + "-" + id,
                        .type = e.type,
                        .data = json::to_text(json::value(events::to_json(e)))});
}

class a_follower : public testing::Test {
 protected:
  void begin() { tasks.spawn("following", of.run()); }
  ~a_follower() override {
    asio::co_spawn(app.io(), tasks.stop(5s), asio::use_future).get();
    guard.reset();
    app.io().stop();
  }

  fake_notifications notifications;
  std::unique_ptr<http::upstream> upstream =
      http::make_local_upstream(notifications.routes, "notifications");
  runtime::application app{{.io_threads = 1}};
  wall_clock clock;
  telemetry::metrics figures;
  security::identity_tokens identities{{std::string(32, 'k')}, clock};
  hosting::environment env{app, clock,   telemetry::logger(nullptr, "gateway"), nullptr, "",
                           "",  &figures};
  forwarder by{env, identities, {.by_service = {{"notifications", upstream.get()}}}, {}};
  heard_events heard;
  follower of{by, clock, heard, env.log, &figures};
  runtime::task_group tasks{app.io().get_executor(), {}};
  asio::executor_work_guard<asio::io_context::executor_type> guard{app.io().get_executor()};
  std::jthread thread{[this] { app.io().run(); }};
};

TEST_F(a_follower, hears_each_event_once_over_all_instances) {
  auto first = notifications.prepare();
  auto second = notifications.prepare();
  auto third = notifications.prepare();
  begin();
  first->say(told("100", "1") + told("101", "2"));
  EXPECT_THAT(heard.wait_for(2), ElementsAre("1", "2"));
  first->say(std::string());  // an orderly end
  second->say(told("99", "1") + told("103", "2") + told("104", "3"));
  EXPECT_THAT(heard.wait_for(3), ElementsAre("1", "2", "3"));
  second->say(error{errc::bad_upstream, "bad_upstream", "broken off"});
  third->say(told("104", "3") + told("105", "4"));
  EXPECT_THAT(heard.wait_for(4), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(notifications.visits(), ElementsAre("", "101-2", "104-3"));
  EXPECT_TRUE(of.following());
  EXPECT_THAT(figures.text(), testing::HasSubstr("oficio_live_repeated_total 3\n"));
}

TEST_F(a_follower, comes_back_from_the_place_of_the_last_heartbeat) {
  auto first = notifications.prepare();
  auto second = notifications.prepare();
  begin();
  first->say(told("100", "1") + http::heartbeat_text("200-"));
  heard.wait_for(1);
  first->say(std::string());
  second->say(told("201", "2"));
  EXPECT_THAT(heard.wait_for(2), ElementsAre("1", "2"));
  EXPECT_THAT(notifications.visits(), ElementsAre("", "200-"));
}

TEST_F(a_follower, tells_that_something_may_be_missing) {
  auto stream = notifications.prepare();
  begin();
  stream->say(http::to_text({.id = "100-", .type = "resync", .data = "{}"}) + told("101", "1"));
  EXPECT_THAT(heard.wait_for(2), ElementsAre("missed", "1"));
  EXPECT_THAT(figures.text(), testing::HasSubstr("oficio_live_gaps_total 1\n"));
}

TEST_F(a_follower, goes_on_trying_while_nobody_is_there) {
  begin();
  auto until = std::chrono::steady_clock::now() + 10s;
  while (notifications.visits().size() < 2 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(2ms);
  }
  EXPECT_FALSE(of.following());
  auto stream = notifications.prepare();
  stream->say(told("100", "1"));
  EXPECT_THAT(heard.wait_for(1), ElementsAre("1"));
  EXPECT_TRUE(of.following());
}

TEST_F(a_follower, leaves_one_that_speaks_nonsense) {
  auto first = notifications.prepare();
  auto second = notifications.prepare();
  begin();
  first->say(told("100", "1") + "data: {\n\n" + told("101", "2"));
  second->say(told("101", "2"));
  EXPECT_THAT(heard.wait_for(2), ElementsAre("1", "2"));
  EXPECT_THAT(notifications.visits(), ElementsAre("", "100-1"));
}

}  // namespace
}  // namespace oficio::gateway
