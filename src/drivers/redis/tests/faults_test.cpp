#include <cstdlib>

#include <gtest/gtest.h>

#include "drivers/redis/cache.hpp"
#include "platform/base/random.hpp"
#include "platform/config/settings.hpp"
#include "tests/conformance/background_io.hpp"
#include "tests/conformance/support.hpp"

namespace oficio::redis {
namespace {

using conformance::run;
using conformance::run_all;
using namespace std::chrono_literals;

// What the log was told.
class lines final : public telemetry::sink {
 public:
  bool wants(telemetry::level) const override { return true; }
  void write(telemetry::level, std::string_view, std::string_view message, const context*,
             const std::vector<telemetry::field>&) override {
    std::lock_guard lock(guard_);
    all_.emplace_back(message);
  }
  void flush() override {}
  std::vector<std::string> all() const {
    std::lock_guard lock(guard_);
    return all_;
  }

 private:
  mutable std::mutex guard_;
  std::vector<std::string> all_;
};

bool eventually(const std::function<bool()>& so) {
  auto limit = std::chrono::steady_clock::now() + 20s;
  while (std::chrono::steady_clock::now() < limit) {
    if (so()) return true;
    std::this_thread::sleep_for(2ms);
  }
  return so();
}

std::string test_address() {
  auto* where = std::getenv("OFICIO_TEST_REDIS");
  if (!where) throw std::runtime_error("no Redis is there: run by tests/infra/with.py");
  return where;
}

class a_redis : public testing::Test {
 protected:
  void SetUp() override { cache_ = open(); }
  void TearDown() override {
    tell_server("resume");  // whatever a test that failed left behind
    tell_server("start");
  }

  std::unique_ptr<cache::store> open(std::string password = {}, std::string database = {}) {
    auto address = config::parse_server_address("cache", test_address());
    address.options["prefix"] = prefix_;
    if (!password.empty()) address.password = password;
    address.path = database;
    return make_cache(address, background_.io(), {log_, "test"});
  }

  static void tell_server(const std::string& word) {
    auto line = std::string(std::getenv("OFICIO_TEST_CONTROL")) + " " + word + " redis";
    ASSERT_EQ(std::system(line.c_str()), 0) << line;
  }

  std::string code_of_get(std::chrono::milliseconds patience = 60s) {
    auto got = run(cache_->get(context::for_system(patience), "name"));
    return got.has_value() ? "" : got.error().code;
  }
  bool comes_back() {
    return eventually([&] { return code_of_get() == ""; });
  }

  context ctx_ = context::for_system(1min);
  std::string prefix_ = "test:" + random_hex(8) + ":";
  std::shared_ptr<lines> log_ = std::make_shared<lines>();
  conformance::background_io background_;
  std::unique_ptr<cache::store> cache_;
};

using texts = std::vector<std::string>;

}  // namespace

TEST_F(a_redis, is_shared_by_all_who_name_it) {
  auto other = open();
  run(cache_->put(ctx_, "name", "ana", 1min)).value();
  EXPECT_EQ(run(other->get(ctx_, "name")).value(), "ana");
  EXPECT_EQ(run(other->add(ctx_, "hits", 2, 1min)).value(), 2);
  EXPECT_EQ(run(cache_->add(ctx_, "hits", 3, 1min)).value(), 5);
  std::atomic<int> heard{0};
  auto held = other->subscribe("talk", [&](const std::string&) { ++heard; });
  EXPECT_TRUE(eventually([&] {
    run(cache_->publish(ctx_, "talk", "hello")).value();
    return heard > 0;
  }));
}

TEST_F(a_redis, databases_are_apart) {
  auto other = open({}, "5");
  run(cache_->put(ctx_, "name", "ana", 1min)).value();
  EXPECT_EQ(run(other->get(ctx_, "name")).value(), std::nullopt);
}

TEST_F(a_redis, that_is_killed_fails_calls_at_once_and_is_found_again) {
  std::atomic<int> heard{0};
  auto held = cache_->subscribe("talk", [&](const std::string&) { ++heard; });
  run(cache_->put(ctx_, "name", "ana", 1min)).value();
  tell_server("kill");
  // Waiting for a time-out in each of these would take longer than the test may.
  ASSERT_TRUE(eventually([&] { return code_of_get() == "cache_unavailable"; }));
  for (int i = 0; i < 2'000; ++i) EXPECT_EQ(code_of_get(), "cache_unavailable");
  EXPECT_EQ(run(cache_->ping(ctx_)).error().kind, errc::unavailable);
  EXPECT_EQ(run(cache_->publish(ctx_, "talk", "x")).error().code, "cache_unavailable");
  tell_server("start");
  ASSERT_TRUE(comes_back());
  EXPECT_TRUE(run(cache_->ping(ctx_)).has_value());
  EXPECT_EQ(run(cache_->add(ctx_, "hits", 1, 1min)).value(), 1);
  heard = 0;
  EXPECT_TRUE(eventually([&] {
    run(cache_->publish(ctx_, "talk", "hello")).value();
    return heard > 0;
  }));
  EXPECT_EQ(log_->all(),
            (texts{"the cache is away; the market goes on without it", "the cache is back"}));
}

TEST_F(a_redis, that_hangs_holds_nobody_longer_than_the_deadline_and_then_counts_as_away) {
  run(cache_->put(ctx_, "name", "ana", 1min)).value();
  tell_server("pause");
  EXPECT_EQ(code_of_get(50ms), "deadline_exceeded");
  EXPECT_EQ(run(cache_->add(context::for_system(50ms), "hits", 1, 1min)).error().kind,
            errc::timeout);
  ASSERT_TRUE(eventually([&] { return code_of_get(50ms) == "cache_unavailable"; }));
  for (int i = 0; i < 2'000; ++i) EXPECT_EQ(code_of_get(), "cache_unavailable");
  tell_server("resume");
  ASSERT_TRUE(comes_back());
  EXPECT_EQ(run(cache_->get(ctx_, "name")).value(), "ana");
  EXPECT_EQ(log_->all().size(), 2u);
}

TEST_F(a_redis, that_hangs_for_a_moment_gives_late_answers_to_nobody_else) {
  run(cache_->put(ctx_, "name", "ana", 1min)).value();
  run(cache_->put(ctx_, "other", "bob", 1min)).value();
  tell_server("pause");
  EXPECT_EQ(code_of_get(20ms), "deadline_exceeded");
  tell_server("resume");
  ASSERT_TRUE(comes_back());
  EXPECT_EQ(run(cache_->get(ctx_, "other")).value(), "bob");
  EXPECT_EQ(run(cache_->get(ctx_, "name")).value(), "ana");
}

TEST_F(a_redis, never_has_more_than_so_many_calls_waiting) {
  tell_server("pause");
  std::vector<awaitable<result<std::int64_t>>> work;
  for (int i = 0; i < 10'500; ++i) work.push_back(cache_->add(ctx_, "hits", 1, 1min));
  std::size_t refused = 0;
  for (const auto& done : run_all(std::move(work), 1)) {
    ASSERT_TRUE(done.has_error());
    if (done.error().detail.find("too much waits") != std::string::npos) ++refused;
  }
  EXPECT_EQ(refused, 500u);
  tell_server("resume");
  EXPECT_TRUE(comes_back());
}

TEST_F(a_redis, many_calls_in_flight_end_with_it) {
  std::vector<awaitable<result<std::int64_t>>> work;
  for (int i = 0; i < 3'000; ++i) work.push_back(cache_->add(ctx_, "hits", 1, 1min));
  std::jthread killer([] { tell_server("kill"); });
  for (const auto& done : run_all(std::move(work), 2)) {
    if (done.has_error()) EXPECT_EQ(done.error().code, "cache_unavailable");
  }
  killer.join();
  tell_server("start");
  EXPECT_TRUE(comes_back());
}

TEST_F(a_redis, that_refuses_us_stops_the_start) {
  auto refusal = [&](const std::string& password, const std::string& database) {
    try {
      open(password, database);
    } catch (const config::wrong_setting& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  auto password = refusal("a-wrong-one", "");
  EXPECT_TRUE(password.starts_with("cache: Redis at 127.0.0.1:")) << password;
  EXPECT_EQ(password.find("a-wrong-one"), std::string::npos);
  EXPECT_TRUE(refusal("", "99").starts_with("cache: Redis at 127.0.0.1:"));
}

TEST_F(a_redis, whose_certificate_is_not_trusted_stops_the_start) {
  auto address = config::parse_server_address("cache", std::getenv("OFICIO_TEST_REDIS_TLS"));
  auto refusal = [&] {
    try {
      make_cache(address, background_.io(), {log_, "test"});
    } catch (const config::wrong_setting& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal(), "");
  auto trusted = address.options["ca"];
  address.options.erase("ca");
  EXPECT_NE(refusal().find("its certificate is not trusted"), std::string::npos) << refusal();
  address.options["verify"] = "false";
  EXPECT_EQ(refusal(), "");
  // The right authority, but the certificate is for another name.
  address.options.erase("verify");
  address.options["ca"] = trusted;
  address.hosts[0].host = "127.0.0.2";
  EXPECT_NE(refusal().find("its certificate is not trusted"), std::string::npos) << refusal();
}

TEST_F(a_redis, that_speaks_no_tls_is_away) {
  auto address = config::parse_server_address("cache", test_address());
  address.options["tls"] = "true";
  cache_ = make_cache(address, background_.io(), {log_, "test"});
  EXPECT_TRUE(eventually([&] { return code_of_get() == "cache_unavailable"; }));
}

TEST_F(a_redis, that_is_away_stops_no_start) {
  tell_server("kill");
  cache_ = open();
  EXPECT_TRUE(eventually([&] { return code_of_get() == "cache_unavailable"; }));
  tell_server("start");
  EXPECT_TRUE(comes_back());
}

TEST_F(a_redis, can_be_left_with_calls_on_their_way) {
  for (int i = 0; i < 20; ++i) {
    auto held = cache_->subscribe("talk", [](const std::string&) {});
    auto got =
        boost::asio::co_spawn(background_.io(), cache_->get(ctx_, "name"), boost::asio::use_future);
    got.get().value();
    held.reset();
    cache_ = open();
  }
  EXPECT_TRUE(run(cache_->ping(ctx_)).has_value());
}

}  // namespace oficio::redis
