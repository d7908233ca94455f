#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "platform/base/uuid.hpp"
#include "platform/events/topic.hpp"
#include "services/reviews/events.hpp"
#include "services/reviews/module.hpp"
#include "test_database.hpp"
#include "tests/conformance/support.hpp"

namespace oficio::reviews {

using oficio::conformance::run;
using oficio::conformance::run_all;
using namespace std::chrono_literals;

// The whole service on a database of its own, without a host: its routes, queue, outbox and timer
// are called as a host would.
class reviews_test : public testing::Test {
 protected:
  reviews_test() { restart(); }

  void restart() {
    service_ = {};
    database_.reset();
    database_ = kept_in_.open(pool_);
    service_ = make({.app = app_,
                     .clock = clock_,
                     .log = {nullptr, "test"},
                     .bus = nullptr,
                     .cursor_key = std::string(32, 'c'),
                     .seal_key = std::string(32, 's')},
                    {*database_});
  }

  // The news of an order between ana (who bought) and bob, completed `ago`.
  events::envelope completed(const std::string& order_id, std::chrono::milliseconds ago = 0ms) {
    json::object order{{"id", order_id},
                       {"status", "completed"},
                       {"gig_id", gig_},
                       {"buyer", {{"id", ana_}, {"username", "ana"}}},
                       {"seller", {{"id", bob_}, {"username", "bob"}}},
                       {"completed_at", format_time(clock_.now() - ago)}};
    events::envelope e;
    e.id = uuid_v7(clock_.now());
    e.type = "orders.order.completed";
    e.subject = order_id;
    e.time = clock_.now();
    e.data = {{"version", 7}, {"concerns", {ana_, bob_}}, {"order", std::move(order)}};
    return e;
  }
  result<void> deliver(events::envelope e) {
    for (auto& s : service_.subscriptions) {
      if (events::topic_matches(s.queue.patterns.at(0), e.type)) return run(s.handle(e, system_));
    }
    throw std::invalid_argument(e.type);
  }
  std::string order(std::chrono::milliseconds ago = 0ms) {
    auto id = uuid_v7(clock_.now());
    deliver(completed(id, ago)).value();
    return id;
  }

  awaitable<http::response> call(http::method m, std::string target, std::string who = {},
                                 std::string body = {}, std::string key = {}) {
    http::request r;
    r.method = m;
    if (!http::parse_target(target, r)) throw std::invalid_argument(target);
    r.body = std::move(body);
    if (!r.body.empty()) r.headers.set("Content-Type", "application/json");
    if (!key.empty()) r.headers.set("Idempotency-Key", key);
    r.ctx = context::for_system();
    r.ctx.who = {};
    if (!who.empty()) r.ctx.who = {.sub = who, .username = "u"};
    co_return co_await service_.routes.handle(r);
  }
  awaitable<http::response> reviewing(std::string who, std::string order_id, int rating = 5,
                                      std::string key = {}) {
    return call(http::method::post, "/orders/" + order_id + "/review", std::move(who),
                R"({"rating":)" + std::to_string(rating) + R"(,"text":"Well done"})",
                std::move(key));
  }
  http::response give(std::string who, std::string order_id, int rating = 5, std::string key = {}) {
    return run(reviewing(std::move(who), std::move(order_id), rating, std::move(key)));
  }
  http::response reply(std::string who, std::string review_id, std::string text = "Thank you",
                       std::string key = {}) {
    auto body = json::to_text(json::value(json::object{{"text", text}}));
    return run(call(http::method::post, "/reviews/" + review_id + "/reply", std::move(who),
                    std::move(body), std::move(key)));
  }
  // The id of a review that ana wrote about bob; published, since bob has written too.
  std::string published_review() {
    auto id = order();
    auto review_id = std::string(read(give(ana_, id)).at("id").as_string());
    give(bob_, id);
    return review_id;
  }
  http::response get(std::string target) { return run(call(http::method::get, target)); }

  static json::object read(const http::response& r) {
    return json::parse(r.body).value().as_object();
  }
  static std::string code(const http::response& r) {
    auto body = read(r);
    auto* found = body.if_contains("code");
    return found ? std::string(found->as_string()) : "";
  }
  std::vector<events::envelope> told() {
    return run(service_.outboxes.at(0)->pending(system_, 1'000)).value();
  }
  void publish_due() { run(service_.timers.at(0).run(system_)).value(); }

  sql::conformance::test_database kept_in_;
  wall_clock clock_;
  runtime::application app_{{.io_threads = 1}};
  runtime::blocking_pool pool_{"database", 4, 256};
  context system_ = context::for_system(1min);
  std::string ana_ = uuid_v7(clock_.now());
  std::string bob_ = uuid_v7(clock_.now());
  std::string gig_ = uuid_v7(clock_.now());
  std::unique_ptr<sql::database> database_;
  hosting::service service_;
};

}  // namespace oficio::reviews
