#include <gmock/gmock.h>

#include "services/gateway/shared_taking.hpp"
#include "services/gateway/tests/market.hpp"
#include "tests/conformance/fragile_cache.hpp"
#include "tests/conformance/support.hpp"

namespace oficio::gateway::test {
namespace {

using namespace std::chrono_literals;
using cache::conformance::fragile_cache;

bool eventually(const std::function<bool()>& so) {
  auto limit = std::chrono::steady_clock::now() + 10s;
  while (std::chrono::steady_clock::now() < limit) {
    if (so()) return true;
    std::this_thread::sleep_for(3ms);
  }
  return so();
}

// So long that nothing refills while a test runs.
constexpr std::chrono::hours year{24 * 365};

// One gateway's part of a limit; its clock begins with a window.
struct door_keeper {
  security::rate rate{.burst = 100, .refill_all_in = year};
  wall_clock clock{-(wall_clock().now().time_since_epoch() %
                     std::chrono::duration_cast<std::chrono::milliseconds>(year))};
  security::rate_limiter limiter{rate};
  shared_taking shared{"address", rate, limiter, clock};

  int lets_in(const std::string& key, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) {
      if (!limiter.take(key).has_value()) continue;
      ++count;
      shared.taken(key);
    }
    return count;
  }
  void exchange(cache::store& over) {
    conformance::run([](shared_taking& of, cache::store& store) -> awaitable<bool> {
      co_await of.exchange(store);
      co_return true;
    }(shared, over));
  }
};

class two_gateways : public a_gateway {
 protected:
  void open_both(options o = {}) {
    o.cache = &shared_;
    o.share_interval = 2ms;
    open(o);
    first_ = std::move(door);
    open(o);
    second_ = std::move(door);
  }
  // Nothing may run any more when the gateways go.
  ~two_gateways() override {
    guard.reset();
    app.io().stop();
    thread = {};
  }

  http::response at(std::unique_ptr<gateway>& which, http::method m, std::string_view target,
                    const headers& fields = {}) {
    std::swap(door, which);
    auto r = ask(m, target, fields, "");
    std::swap(door, which);
    return r;
  }
  http::response get_at(std::unique_ptr<gateway>& which, const headers& fields = {}) {
    return at(which, http::method::get, "/api/v1/gigs/7", fields);
  }

  fragile_cache shared_;
  std::unique_ptr<gateway> first_;
  std::unique_ptr<gateway> second_;
};

}  // namespace

TEST(shared_taking, charges_each_gateway_with_what_the_others_let_in) {
  fragile_cache cache;
  door_keeper one;
  door_keeper two;
  EXPECT_EQ(one.lets_in("ana", 30), 30);
  one.exchange(cache);
  EXPECT_EQ(two.lets_in("ana", 10), 10);
  two.exchange(cache);
  EXPECT_EQ(two.lets_in("ana", 1'000), 60);
  two.exchange(cache);
  EXPECT_EQ(one.lets_in("ana", 20), 20);
  one.exchange(cache);
  EXPECT_EQ(one.lets_in("ana", 1'000), 0);
  EXPECT_EQ(one.lets_in("bob", 1'000), 100);
}

TEST(shared_taking, charges_exactly_what_is_new) {
  fragile_cache cache;
  door_keeper one;
  door_keeper two;
  for (int i = 0; i < 5; ++i) {
    for (auto* d : {&one, &two}) {
      EXPECT_EQ(d->lets_in("ana", 3), 3);
      d->exchange(cache);
    }
  }
  EXPECT_EQ(two.lets_in("ana", 1'000), 70);
}

TEST(shared_taking, leaves_to_the_client_what_has_been_refilled_meanwhile) {
  fragile_cache cache;
  door_keeper one;
  door_keeper two;
  EXPECT_EQ(one.lets_in("ana", 80), 80);
  one.exchange(cache);
  two.clock.advance(year / 2);
  EXPECT_EQ(two.lets_in("ana", 1), 1);
  two.exchange(cache);
  EXPECT_EQ(two.lets_in("ana", 1'000), 69);
  two.clock.advance(year);
  EXPECT_EQ(two.lets_in("bob", 1), 1);
  two.exchange(cache);
  EXPECT_EQ(two.lets_in("bob", 1'000), 99);
}

TEST(shared_taking, tells_nothing_twice_and_later_what_could_not_be_told) {
  fragile_cache cache;
  door_keeper one;
  door_keeper two;
  EXPECT_EQ(two.lets_in("key7", 1), 1);
  two.exchange(cache);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(one.lets_in("key" + std::to_string(i), 2), 2);
  cache.broken = true;
  one.exchange(cache);
  cache.broken = false;
  one.exchange(cache);
  one.exchange(cache);
  auto window = one.clock.now().time_since_epoch() / one.rate.refill_all_in;
  int told = 0;
  for (int i = 0; i < 500; ++i) {
    auto key = "limit.address." + std::to_string(window) + ".key" + std::to_string(i);
    auto sum = conformance::run(cache.get(context::for_system(), key)).value();
    if (i != 7) EXPECT_EQ(sum.value_or("2"), "2");
    if (sum) ++told;
  }
  // Those that were on their way when it failed are let go, for the clients' good.
  EXPECT_GE(told, 500 - 32);
}

// Late in a window most of what the other took is taken for refilled; this one has just begun.
TEST_F(two_gateways, hold_one_limit_together) {
  auto since_epoch = wall_clock().now().time_since_epoch();
  open_both({.per_address = {.burst = 200, .refill_all_in = since_epoch}});
  for (int i = 0; i < 190; ++i) EXPECT_EQ(get_at(first_).status, 200);
  int let_in = 0;
  EXPECT_TRUE(eventually([&] {
    auto status = get_at(second_).status;
    if (status == 200) ++let_in;
    return status == 429;
  }));
  EXPECT_LT(let_in, 190);
}

TEST_F(two_gateways, keep_their_own_limit_while_the_cache_is_away) {
  shared_.broken = true;
  open_both({.per_address = {.burst = 5, .refill_all_in = std::chrono::hours(24)}});
  for (auto* door_ : {&first_, &second_}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(get_at(*door_).status, 200);
    EXPECT_EQ(get_at(*door_).status, 429);
  }
}

TEST_F(two_gateways, hear_at_once_of_sessions_that_ended_at_the_other) {
  open_both({.follow_interval = 1h});
  headers mine{{"Authorization", "Bearer " + token("s-1")}};
  headers other{{"Authorization", "Bearer " + token("s-2")}};
  EXPECT_EQ(get_at(second_, mine).status, 200);
  auth.answer = http::response{.status = 204};
  EXPECT_EQ(at(first_, http::method::post, "/api/v1/auth/signout", mine).status, 204);
  EXPECT_TRUE(eventually([&] { return code_of(get_at(second_, mine)) == "session_ended"; }));
  EXPECT_EQ(get_at(second_, other).status, 200);
}

TEST_F(two_gateways, go_on_without_the_cache_and_say_so) {
  open_both();
  for (auto& [name, service] : services) {
    service.routes.get("/readyz", [&service](http::request& r) { return service.echo(r); });
  }
  auth.answer = http::json_response(200, std::string(R"({"status":"ok"})"));
  auth.routes.get("/readyz", [this](http::request&) { return auth.prepared(); });
  auto state_in = [&](const http::response& r) {
    return std::string(json::parse(r.body)->at("checks").at("cache").at("state").as_string());
  };
  headers here{{"Host", "127.0.0.1:4000"}};
  auto well = at(first_, http::method::get, "/readyz", here);
  EXPECT_EQ(well.status, 200);
  EXPECT_EQ(state_in(well), "ok");
  shared_.broken = true;
  auto ill = at(first_, http::method::get, "/readyz", here);
  EXPECT_EQ(ill.status, 200);
  EXPECT_EQ(state_in(ill), "degraded");
  EXPECT_THAT(ill.body, testing::HasSubstr("The cache is away."));
  EXPECT_EQ(get_at(first_).status, 200);
}

}  // namespace oficio::gateway::test
