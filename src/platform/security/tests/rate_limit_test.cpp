#include "platform/security/rate_limit.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace oficio::security {
namespace {

using namespace std::chrono_literals;

int granted(rate_limiter& limiter, std::string_view key, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += limiter.take(key).has_value() ? 1 : 0;
  return count;
}

TEST(rate_limit, what_was_given_elsewhere_is_taken_without_asking) {
  rate_limiter limiter({.burst = 10, .refill_all_in = 1h});
  limiter.charge("a", 4);
  EXPECT_EQ(granted(limiter, "a", 20), 6);
  EXPECT_EQ(granted(limiter, "b", 20), 10);
}

TEST(rate_limit, a_charge_empties_a_bucket_but_digs_no_hole) {
  rate_limiter limiter({.burst = 10, .refill_all_in = 1h});
  limiter.charge("a", 1'000'000);
  auto wait = limiter.take("a").error().retry_after;
  EXPECT_LE(wait, 6min);
  limiter.charge("b", 0);
  EXPECT_EQ(limiter.size(), 1u);
}

TEST(rate_limit, gives_the_burst_and_no_more) {
  rate_limiter limiter({.burst = 5, .refill_all_in = 1h});
  EXPECT_EQ(granted(limiter, "a", 20), 5);
  EXPECT_EQ(granted(limiter, "b", 20), 5) << "keys share a bucket";
  auto refused = limiter.take("a");
  EXPECT_EQ(refused.error().kind, errc::too_many);
  EXPECT_EQ(refused.error().code, "rate_limited");
  EXPECT_NEAR(static_cast<double>(refused.error().retry_after.count()), 3600.0 / 5, 2);
}

TEST(rate_limit, takes_by_cost) {
  rate_limiter limiter({.burst = 10, .refill_all_in = 1h});
  EXPECT_TRUE(limiter.take("a", 8).has_value());
  EXPECT_FALSE(limiter.take("a", 3).has_value());
  EXPECT_TRUE(limiter.take("a", 2).has_value());
  EXPECT_FALSE(limiter.take("b", 10.5).has_value()) << "more than there can ever be";
  EXPECT_FALSE(limiter.take("b", 1e300).has_value());
  EXPECT_TRUE(limiter.take("b", 10).has_value());
  EXPECT_TRUE(limiter.take("b", -5).has_value()) << "nothing is always there";
  EXPECT_FALSE(limiter.take("b", 1).has_value()) << "a negative cost gave something back";
}

TEST(rate_limit, refills) {
  rate_limiter limiter({.burst = 2, .refill_all_in = 100ms});
  EXPECT_EQ(granted(limiter, "a", 2), 2);
  auto limit = std::chrono::steady_clock::now() + 10s;
  bool again = false;
  while (!again && std::chrono::steady_clock::now() < limit) {
    again = limiter.take("a").has_value();
    std::this_thread::yield();
  }
  EXPECT_TRUE(again);
}

TEST(rate_limit, with_many_keys_forgets_the_fullest) {
  rate_limiter limiter({.burst = 100, .refill_all_in = 1h}, 1'000);
  EXPECT_EQ(granted(limiter, "busy", 100), 100);
  for (int i = 0; i < 50'000; ++i) {
    ASSERT_TRUE(limiter.take("key" + std::to_string(i)).has_value());
  }
  EXPECT_FALSE(limiter.take("busy").has_value()) << "the emptiest bucket was forgotten";
  EXPECT_LE(limiter.size(), 1'000U);
}

TEST(rate_limit, forgets_buckets_that_are_full_again) {
  rate_limiter limiter({.burst = 1'000, .refill_all_in = 1s});
  for (int i = 0; i < 1'000; ++i) limiter.take("key" + std::to_string(i));
  auto limit = std::chrono::steady_clock::now() + 10s;
  while (limiter.size() > 1 && std::chrono::steady_clock::now() < limit) limiter.take("one more");
  EXPECT_LE(limiter.size(), 1U);
}

TEST(rate_limit, holds_for_many_threads) {
  rate_limiter limiter({.burst = 1'000, .refill_all_in = 24h});
  std::atomic<int> total{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] { total += granted(limiter, "shared", 500); });
    }
  }
  EXPECT_EQ(total.load(), 1'000);
}

TEST(rate_limit, must_make_sense) {
  EXPECT_THROW(rate_limiter({.burst = 0}), std::invalid_argument);
  EXPECT_THROW(rate_limiter({.burst = 1, .refill_all_in = 0ms}), std::invalid_argument);
  EXPECT_THROW(rate_limiter({}, 0), std::invalid_argument);
}

}  // namespace
}  // namespace oficio::security
