#include "platform/telemetry/sampler.hpp"

#include <gtest/gtest.h>

#include "platform/base/random.hpp"

namespace oficio::telemetry {
namespace {

using namespace std::chrono_literals;
using clock_time = std::chrono::steady_clock::time_point;

// How many of `count` new traces are kept, all at `now`; and for how many they stand.
struct outcome {
  int kept = 0;
  double stand_for = 0;
};

outcome ask(sampler& s, int count, clock_time now) {
  outcome out;
  for (int i = 0; i < count; ++i) {
    auto weight = s.keep(random_hex(16), now);
    out.kept += weight > 0 ? 1 : 0;
    out.stand_for += weight;
  }
  return out;
}

int kept_of(sampler& s, int count, clock_time now) {
  return ask(s, count, now).kept;
}

// Of a trace that is kept whatever the share.
double weight(const sampler& s) {
  return s.weight_of(std::string(32, '0'));
}

TEST(sampler, a_share_of_one_keeps_all_and_of_none_nothing) {
  sampler all(1, 0);
  sampler none(0, 0);
  EXPECT_EQ(kept_of(all, 1'000, clock_time(5s)), 1'000);
  EXPECT_EQ(kept_of(none, 1'000, clock_time(5s)), 0);
  EXPECT_EQ(weight(all), 1);
}

TEST(sampler, a_share_is_about_that_share_of_all) {
  sampler some(0.25, 0);
  EXPECT_NEAR(kept_of(some, 10'000, clock_time(5s)), 2'500, 250);
  EXPECT_EQ(weight(some), 4);
}

TEST(sampler, all_processes_keep_the_same_traces) {
  sampler a(0.3, 0);
  sampler b(0.3, 0);
  sampler less(0.1, 0);
  for (int i = 0; i < 1'000; ++i) {
    auto trace = random_hex(16);
    EXPECT_EQ(a.keep(trace, clock_time(1s)), b.weight_of(trace));
    if (less.weight_of(trace) > 0) EXPECT_GT(a.weight_of(trace), 0);
  }
}

TEST(sampler, a_rush_is_thinned_out_and_what_is_kept_stands_for_more) {
  sampler s(1, 100);
  auto begun = ask(s, 1'600, clock_time(1s));  // 200 of them all, then 100 at each halving
  EXPECT_NEAR(begun.kept, 500, 60);
  EXPECT_NEAR(begun.stand_for, 1'600, 500);
  kept_of(s, 1'600, clock_time(2s));
  EXPECT_GE(weight(s), 8);
  EXPECT_LE(weight(s), 32);
  // About 100 of them; half or twice as many where one more or less made the difference.
  EXPECT_NEAR(kept_of(s, 1'600, clock_time(3s)), 110, 90);
  // When it is over all are kept again, step by step.
  for (auto t = 4s; t < 30s; ++t) kept_of(s, 10, clock_time(t));
  EXPECT_EQ(weight(s), 1);
  EXPECT_EQ(kept_of(s, 10, clock_time(31s)), 10);
}

TEST(allowance, gives_some_each_second) {
  allowance a(2);
  EXPECT_TRUE(a.take(clock_time(1s)));
  EXPECT_TRUE(a.take(clock_time(1s)));
  EXPECT_FALSE(a.take(clock_time(1s + 999ms)));
  EXPECT_TRUE(a.take(clock_time(2s)));
}

}  // namespace
}  // namespace oficio::telemetry
