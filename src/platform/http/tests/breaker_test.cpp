#include "platform/http/breaker.hpp"

#include <gtest/gtest.h>

namespace oficio::http::detail {
namespace {

using namespace std::chrono_literals;
using state = circuit_breaker::state;

struct breaker : testing::Test {
  void fail(int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(b.let_through(now));
      b.failed(now);
    }
  }
  void succeed(int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(b.let_through(now));
      b.succeeded(now);
    }
  }

  circuit_breaker b;
  steady_time now = std::chrono::steady_clock::now();
};

TEST_F(breaker, opens_after_failures_in_a_row_only) {
  fail(4);
  succeed(1);
  fail(4);
  EXPECT_EQ(b.now_in(), state::closed);
  fail(1);
  EXPECT_EQ(b.now_in(), state::open);
  EXPECT_FALSE(b.let_through(now));
  EXPECT_EQ(b.next_try(), now + 1s);
}

TEST_F(breaker, opens_when_half_of_many_calls_fail) {
  for (int i = 0; i < 9; ++i) {
    succeed(1);
    fail(1);
  }
  EXPECT_EQ(b.now_in(), state::closed);
  succeed(1);
  fail(1);
  EXPECT_EQ(b.now_in(), state::open);
}

TEST_F(breaker, forgets_what_is_long_ago) {
  for (int i = 0; i < 9; ++i) {
    succeed(1);
    fail(1);
  }
  now += 11s;
  succeed(1);
  fail(1);
  EXPECT_EQ(b.now_in(), state::closed);
}

TEST_F(breaker, lets_one_try_after_a_pause) {
  fail(5);
  now += 999ms;
  EXPECT_FALSE(b.let_through(now));
  now += 1ms;
  EXPECT_TRUE(b.let_through(now));
  EXPECT_EQ(b.now_in(), state::half_open);
  EXPECT_FALSE(b.let_through(now));
  b.succeeded(now);
  EXPECT_EQ(b.now_in(), state::closed);
  succeed(3);
}

TEST_F(breaker, waits_longer_each_time_that_nobody_is_there) {
  fail(5);
  for (auto pause : {1s, 2s, 4s, 5s, 5s}) {
    EXPECT_EQ(b.next_try(), now + pause);
    now += pause;
    fail(1);
    EXPECT_EQ(b.now_in(), state::open);
  }
  now += 5s;
  succeed(1);
  fail(5);
  EXPECT_EQ(b.next_try(), now + 1s);
}

TEST_F(breaker, lets_another_try_when_a_try_told_nothing) {
  fail(5);
  now += 1s;
  EXPECT_TRUE(b.let_through(now));
  b.cancelled();
  EXPECT_TRUE(b.let_through(now));
}

TEST_F(breaker, ignores_the_ends_of_calls_from_before_it_opened) {
  ASSERT_TRUE(b.let_through(now));
  ASSERT_TRUE(b.let_through(now));
  fail(5);
  b.succeeded(now);
  b.failed(now);
  EXPECT_EQ(b.now_in(), state::open);
  EXPECT_EQ(b.next_try(), now + 1s);
}

TEST(retry_budget, is_a_share_of_the_calls) {
  retry_budget b;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(b.may_retry());
  EXPECT_FALSE(b.may_retry());
  for (int i = 0; i < 11; ++i) b.called();
  EXPECT_TRUE(b.may_retry());
  EXPECT_FALSE(b.may_retry());
  for (int i = 0; i < 10'000; ++i) b.called();
  int more = 0;
  while (b.may_retry()) ++more;
  EXPECT_EQ(more, 10);
}

}  // namespace
}  // namespace oficio::http::detail
