#include "platform/security/password.hpp"

#include <latch>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

namespace oficio::security {
namespace {

namespace asio = boost::asio;

constexpr argon2_cost cheap{8 * 1024 * 4, 1};

class password : public testing::Test {
 protected:
  template <class T>
  T run(awaitable<T> work) {
    auto done = asio::co_spawn(asio::make_strand(io), std::move(work), asio::use_future);
    io.restart();
    io.run();
    return done.get();
  }

  // Before any pool, whose threads may let go of a strand a moment after they have resumed it.
  asio::io_context io;
};

TEST_F(password, matches_only_itself) {
  runtime::blocking_pool pool("hashing", 1, 10);
  password_hasher hasher(pool, cheap);
  context ctx;
  std::string with_zero("pass\0word", 9);
  std::string stored = *run(hasher.hash(ctx, with_zero));
  EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=32,t=1,p=1$")) << stored;
  EXPECT_TRUE(*run(hasher.verify(ctx, with_zero, stored)));
  EXPECT_FALSE(*run(hasher.verify(ctx, "pass", stored)));
  EXPECT_FALSE(*run(hasher.verify(ctx, "", stored)));
  EXPECT_NE(*run(hasher.hash(ctx, with_zero)), stored) << "no salt";
}

TEST_F(password, of_nobody_is_never_right) {
  runtime::blocking_pool pool("hashing", 1, 10);
  password_hasher hasher(pool, cheap);
  EXPECT_FALSE(*run(hasher.verify(context{}, "", "")));
  EXPECT_FALSE(*run(hasher.verify(context{}, "anything", "")));
  EXPECT_FALSE(*run(hasher.verify(context{}, "anything", "not a hash")));
}

TEST_F(password, of_nobody_costs_as_much_as_a_real_one) {
  runtime::blocking_pool pool("hashing", 1, 10);
  password_hasher hasher(pool);
  std::string stored = *run(hasher.hash(context{}, "right"));
  auto time_of = [&](const std::string& against) {
    auto quickest = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 5; ++i) {
      auto start = std::chrono::steady_clock::now();
      run(hasher.verify(context{}, "wrong", against));
      quickest = std::min(quickest, std::chrono::steady_clock::now() - start);
    }
    return std::chrono::duration<double>(quickest).count();
  };
  double known = time_of(stored);
  double unknown = time_of("");
  EXPECT_LT(unknown, known * 3);
  EXPECT_LT(known, unknown * 3);
}

TEST_F(password, hashing_is_refused_when_too_many_wait) {
  asio::io_context other;
  runtime::blocking_pool pool("hashing", 1, 1);
  password_hasher hasher(pool, cheap);
  std::latch begun(1), gate(1);
  auto occupy = [&](std::latch* tell) {
    return pool.run(context{}, [tell, &gate]() -> result<int> {
      if (tell) tell->count_down();
      gate.wait();
      return 1;
    });
  };
  asio::co_spawn(asio::make_strand(other), occupy(&begun), asio::detached);
  std::jthread runner([&] { other.run(); });
  begun.wait();
  asio::co_spawn(asio::make_strand(other), occupy(nullptr), asio::detached);
  auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (pool.waiting() == 0 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  auto refused = run(hasher.hash(context{}, "x"));
  gate.count_down();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "overloaded");
  EXPECT_GT(refused.error().retry_after.count(), 0);
}

TEST_F(password, cost_must_be_possible) {
  runtime::blocking_pool pool("hashing", 1, 1);
  EXPECT_THROW(password_hasher(pool, {1024, 1}), std::invalid_argument);
  EXPECT_THROW(password_hasher(pool, {64 * 1024, 0}), std::invalid_argument);
}

}  // namespace
}  // namespace oficio::security
