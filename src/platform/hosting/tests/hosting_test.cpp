#include <filesystem>

#include <gtest/gtest.h>

#include "drivers/embedded/events/bus.hpp"
#include "platform/base/uuid.hpp"
#include "platform/hosting/service.hpp"
#include "platform/http/json_response.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/telemetry/metrics.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::hosting {
namespace {

using namespace std::chrono_literals;

// Who the handler saw.
awaitable<result<http::response>> who(http::request& r) {
  co_return http::json_response(200, std::string(r.ctx.who.username));
}

awaitable<result<void>> count(std::atomic<int>& calls) {
  ++calls;
  co_return result<void>{};
}

awaitable<result<void>> broken() {
  co_return error{errc::unavailable, "database_unavailable", "the disk is full"};
}

// What a database's driver makes of an exception that it did not expect: the text has the stack.
awaitable<result<void>> puzzled() {
  try {
    throw std::out_of_range("no column 7");
  } catch (const std::exception& e) {
    co_return error{errc::internal, "database_error", telemetry::told(e)};
  }
}

awaitable<result<void>> thrown() {
  co_await runtime::sleep_for(1ms);
  throw std::out_of_range("no column 7");
}

awaitable<result<void>> fine() {
  co_return result<void>{};
}

class hosting_test : public testing::Test {
 protected:
  hosting_test() : folder_(std::filesystem::temp_directory_path() / uuid_v7(clock_.now())) {
    bus_ = embedded::make_bus((folder_ / "events.db").string(), app_.io().get_executor(),
                              app_.blocking(), clock_, log_);
    host_ = std::make_unique<host>(environment{.app = app_,
                                               .clock = clock_,
                                               .log = log_,
                                               .bus = bus_.get(),
                                               .cursor_key = {},
                                               .seal_key = {},
                                               .metrics = &figures_},
                                   identities_);
  }
  ~hosting_test() override {
    host_.reset();
    bus_.reset();
    std::filesystem::remove_all(folder_);
  }

  service sample() {
    service s;
    s.name = "sample";
    s.routes.get("/who", who);
    s.routes.get("/mine", signed_in(who));
    return s;
  }

  // One request through the service's complete router, while the host runs.
  awaitable<void> ask(const http::router& routes, std::string path, std::string token,
                      http::response& out) {
    http::request r;
    http::parse_target(path, r);
    if (!token.empty()) r.headers.set(security::identity_header, token);
    out = co_await routes.handle(r);
  }

  http::response answer(const http::router& routes, std::string path, std::string token = {}) {
    http::response out;
    app_.run([&]() { return ask_and_stop(routes, std::move(path), std::move(token), out); });
    return out;
  }

  awaitable<void> ask_and_stop(const http::router& routes, std::string path, std::string token,
                               http::response& out) {
    co_await ask(routes, std::move(path), std::move(token), out);
    app_.request_stop();
  }

  wall_clock clock_;
  telemetry::metrics figures_;
  telemetry::logger log_{nullptr, "test"};
  runtime::application app_{{.io_threads = 2}};
  security::identity_tokens identities_{{std::string(32, 'k')}, clock_};
  std::filesystem::path folder_;
  std::shared_ptr<events::bus> bus_;
  std::unique_ptr<host> host_;
};

TEST_F(hosting_test, a_signed_identity_becomes_the_actor) {
  auto& routes = host_->add(sample());
  auto token = identities_.issue({.sub = "1", .username = "ana"}, "sample");
  EXPECT_EQ(answer(routes, "/mine", token).body, "ana");
}

TEST_F(hosting_test, without_an_identity_it_is_a_visitor) {
  auto& routes = host_->add(sample());
  EXPECT_EQ(answer(routes, "/who").body, "");
}

TEST_F(hosting_test, a_visitor_may_not_do_what_needs_a_session) {
  auto& routes = host_->add(sample());
  EXPECT_EQ(answer(routes, "/mine").status, 401);
}

TEST_F(hosting_test, an_identity_for_another_service_does_not_hold) {
  auto& routes = host_->add(sample());
  auto token = identities_.issue({.sub = "1", .username = "ana"}, "orders");
  EXPECT_EQ(answer(routes, "/who", token).status, 401);
}

TEST_F(hosting_test, internal_routes_are_for_the_gateway_alone) {
  auto& routes = host_->add(sample());
  auto token = identities_.issue({.sub = "1", .username = "ana", .roles = {"operator"}}, "sample");
  EXPECT_EQ(answer(routes, "/internal/events", token).status, 403);
}

TEST_F(hosting_test, the_gateway_sees_the_queues) {
  auto& routes = host_->add(sample());
  auto token = identities_.issue({.sub = "gateway", .roles = {"gateway"}}, "sample");
  EXPECT_EQ(answer(routes, "/internal/events", token).status, 200);
}

TEST_F(hosting_test, the_gateway_alone_moves_the_clock_where_that_is_possible) {
  auto& fixed = host_->add(sample());
  auto gateway = identities_.issue({.sub = "gateway", .roles = {"gateway"}}, "sample");
  http::response got;
  auto move = [&](const http::router& routes, std::string token) -> awaitable<void> {
    http::request r;
    r.method = http::method::post;
    http::parse_target("/internal/clock", r);
    r.headers.set("Content-Type", "application/json");
    r.headers.set(security::identity_header, std::move(token));
    r.body = R"({"advance_ms":3600000})";
    got = co_await routes.handle(r);
  };
  auto env = environment{.app = app_, .clock = clock_, .log = log_, .movable_clock = &clock_};
  host movable(env, identities_);
  auto& routes = movable.add(sample());
  auto before = clock_.now();
  auto all = [&]() -> awaitable<void> {
    co_await move(fixed, gateway);
    EXPECT_EQ(got.status, 404);
    co_await move(routes, identities_.issue({.sub = "1", .username = "ana"}, "sample"));
    EXPECT_EQ(got.status, 403);
    co_await move(routes, gateway);
    EXPECT_EQ(got.status, 204);
    app_.request_stop();
  };
  app_.run(all);
  EXPECT_GE(clock_.now() - before, 1h);
}

TEST_F(hosting_test, readiness_names_the_part_that_is_away) {
  auto s = sample();
  s.checks.push_back({"database", [](const context&) { return broken(); }});
  s.checks.push_back({"search", [](const context&) { return fine(); }});
  auto got = answer(host_->add(std::move(s)), "/readyz");
  EXPECT_EQ(got.status, 503);
  auto said = json::parse(got.body)->at("checks");
  EXPECT_EQ(said.at("database").at("state"), "away");
  EXPECT_EQ(said.at("database").at("reason"), "the disk is full");
  EXPECT_EQ(said.at("search").at("state"), "ok");
  EXPECT_EQ(said.at("events").at("state"), "ok");
}

TEST_F(hosting_test, readiness_says_what_failed_and_not_where_in_the_program) {
  auto s = sample();
  s.checks = {{"database", [](const context&) { return puzzled(); }},
              {"cache", [](const context&) { return thrown(); }}};
  auto got = answer(host_->add(std::move(s)), "/readyz");
  EXPECT_EQ(got.status, 503);
  EXPECT_NE(got.body.find("no column 7"), std::string::npos) << got.body;
  for (auto inner : {"\\n", "out_of_range", "oficio::", "puzzled", ".cpp", "0x"}) {
    EXPECT_EQ(got.body.find(inner), std::string::npos) << inner << " in " << got.body;
  }
}

TEST_F(hosting_test, a_part_that_it_can_do_without_does_not_make_it_unready) {
  auto s = sample();
  s.checks.push_back({"cache", [](const context&) { return broken(); }, false});
  auto got = answer(host_->add(std::move(s)), "/readyz");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(json::parse(got.body)->at("checks").at("cache").at("state"), "degraded");
}

// Ends when so many are at it, and not before.
awaitable<result<void>> meet(std::shared_ptr<std::atomic<int>> met, int wanted, context ctx) {
  ++*met;
  while (*met < wanted && !ctx.expired()) co_await runtime::sleep_for(1ms);
  if (*met < wanted) co_return error{errc::timeout, "alone", "nobody else was asked"};
  co_return result<void>{};
}

TEST_F(hosting_test, all_parts_are_asked_at_once) {
  auto s = sample();
  auto met = std::make_shared<std::atomic<int>>(0);
  for (auto part : {"database", "search", "cache"}) {
    s.checks.push_back({part, [met](const context& ctx) { return meet(met, 3, ctx); }});
  }
  auto got = answer(host_->add(std::move(s)), "/readyz");
  EXPECT_EQ(got.status, 200) << got.body;
}

awaitable<result<void>> never(const context&) {
  for (;;) co_await runtime::sleep_for(10ms);
}

TEST_F(hosting_test, a_part_that_says_nothing_is_away_in_time) {
  auto s = sample();
  s.checks.push_back({"database", never});
  s.checks.push_back({"search", [](const context&) { return fine(); }});
  auto got = answer(host_->add(std::move(s)), "/readyz");
  EXPECT_EQ(got.status, 503);
  auto said = json::parse(got.body)->at("checks");
  EXPECT_EQ(said.at("database").at("reason"), "It did not answer in time.");
  EXPECT_EQ(said.at("search").at("state"), "ok");
}

TEST_F(hosting_test, timers_run_again_and_again_until_the_stop) {
  std::atomic<int> calls{0};
  auto s = sample();
  s.timers.push_back({"tick", 5ms, [&](const context&) { return count(calls); }});
  host_->add(std::move(s));
  auto stop_after_three = [&]() -> awaitable<void> {
    co_await host_->start();
    for (int i = 0; i < 2'000 && calls < 3; ++i) co_await runtime::sleep_for(5ms);
    app_.request_stop();
  };
  EXPECT_EQ(app_.run(stop_after_three), 0);
  EXPECT_GE(calls, 3);
}

// Keeps its events whatever the bus says.
class full_outbox : public events::outbox {
 public:
  awaitable<result<std::vector<events::envelope>>> pending(const context&, std::size_t) override {
    if (!shown) co_return std::vector<events::envelope>{};
    events::envelope e;
    e.time = std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now() - 1h);
    co_return std::vector<events::envelope>(3, e);
  }
  awaitable<result<void>> confirmed(const context&, const std::vector<events::envelope>&) override {
    shown = false;
    co_return error{errc::unavailable, "database_unavailable", "away"};
  }
  runtime::notifier& changed() override { return changed_; }
  std::atomic<bool> shown{true};

 private:
  runtime::notifier changed_;
};

awaitable<result<void>> refuse(const events::envelope&, const context&) {
  co_return error{errc::internal, "never", "never"};
}

TEST_F(hosting_test, tells_what_waits_in_outboxes_and_queues) {
  full_outbox outbox;
  auto s = sample();
  s.outboxes.push_back(&outbox);
  s.subscriptions.push_back({{.name = "sample.all", .patterns = {"#"}}, refuse});
  host_->add(std::move(s));
  auto has = [&](const std::string& line) {
    return figures_.text().find(line) != std::string::npos;
  };
  auto stop_when_told = [&]() -> awaitable<void> {
    co_await host_->start();
    for (int i = 0; i < 2'000 && !has("oficio_events_queue_waiting{queue=\"sample.all\"}"); ++i) {
      co_await runtime::sleep_for(5ms);
    }
    app_.request_stop();
  };
  EXPECT_EQ(app_.run(stop_when_told), 0);
  EXPECT_TRUE(has("oficio_events_queue_waiting{queue=\"sample.all\"}"));
  EXPECT_TRUE(has("oficio_events_queue_dead{queue=\"sample.all\"} 0\n"));
  EXPECT_TRUE(has("oficio_events_outbox_waiting{service=\"sample\"}"));
  EXPECT_TRUE(has("oficio_events_relay_failures_total{service=\"sample\"}"));
}

TEST_F(hosting_test, tells_how_events_are_handled_and_how_late) {
  std::atomic<int> calls{0};
  auto s = sample();
  // Refused, then not to be had, then handled.
  auto moody = [&calls](const events::envelope&, const context&) -> awaitable<result<void>> {
    auto number = ++calls;
    if (number == 1) co_return error{errc::unavailable, "database_unavailable", "away"};
    if (number == 2) throw std::out_of_range("no column 7");
    co_return result<void>{};
  };
  s.subscriptions.push_back(
      {{.name = "sample.all", .patterns = {"#"}, .retry_pauses = {1ms, 1ms, 1ms}}, moody});
  host_->add(std::move(s));
  auto has = [&](const std::string& line) {
    return figures_.text().find(line) != std::string::npos;
  };
  auto stop_when_handled = [&]() -> awaitable<void> {
    co_await host_->start();
    events::envelope e{.id = uuid_v7(clock_.now()),
                       .source = "/oficio/sample",
                       .type = "sample.thing.made",
                       .subject = "1",
                       .time = std::chrono::time_point_cast<std::chrono::milliseconds>(
                           std::chrono::system_clock::now() - 3s)};
    co_await bus_->publish(context::for_system(5s), {e});
    for (int i = 0; i < 2'000 && !has("oficio_events_handled_total{queue=\"sample.all\"} 1\n");
         ++i) {
      co_await runtime::sleep_for(5ms);
    }
    app_.request_stop();
  };
  EXPECT_EQ(app_.run(stop_when_handled), 0);
  EXPECT_TRUE(has("oficio_events_handled_total{queue=\"sample.all\"} 1\n"));
  EXPECT_TRUE(has("oficio_events_failed_attempts_total{queue=\"sample.all\"} 2\n"));
  EXPECT_TRUE(has("oficio_events_lag_seconds_bucket{service=\"sample\",le=\"2.5\"} 0\n"));
  EXPECT_TRUE(has("oficio_events_lag_seconds_count{service=\"sample\"} 1\n"));
}

}  // namespace
}  // namespace oficio::hosting
