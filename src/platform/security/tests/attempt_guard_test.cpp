#include "platform/security/attempt_guard.hpp"

#include <gtest/gtest.h>

namespace oficio::security {
namespace {

using namespace std::chrono_literals;

class attempts : public testing::Test {
 protected:
  // Seconds to wait; 0 if the attempt may be made.
  long long begin(attempt_guard& g, std::string_view key = "ana") {
    auto done = g.begin(key);
    if (done.has_value()) return 0;
    EXPECT_EQ(done.error().code, "rate_limited");
    return done.error().retry_after.count();
  }

  wall_clock clock;
  patience limits{.free = 3, .first_delay = 1s, .longest_delay = 10s, .forgets_one_in = 1h};
  attempt_guard guard{limits, clock};
};

TEST_F(attempts, a_few_cost_nothing_then_the_delay_doubles) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(begin(guard), 0);
  for (long long delay : {1, 2, 4, 8, 10, 10}) {
    EXPECT_EQ(begin(guard), 0) << "one more is allowed once the wait is over";
    EXPECT_EQ(begin(guard), delay);
    clock.advance(std::chrono::seconds(delay));
  }
}

TEST_F(attempts, asking_while_one_must_wait_costs_nothing) {
  for (int i = 0; i < 4; ++i) begin(guard);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(begin(guard), 1);
}

TEST_F(attempts, are_counted_by_key) {
  for (int i = 0; i < 5; ++i) begin(guard);
  EXPECT_EQ(begin(guard, "bob"), 0);
}

TEST_F(attempts, the_right_one_is_taken_back_alone) {
  for (int i = 0; i < 3; ++i) begin(guard);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(begin(guard), 0);
    guard.forgive("ana");
  }
  EXPECT_EQ(begin(guard), 0);
  EXPECT_EQ(begin(guard), 1) << "the wrong ones before still count";
  guard.forgive("nobody");
}

TEST_F(attempts, who_has_proved_himself_starts_anew) {
  for (int i = 0; i < 4; ++i) begin(guard);
  guard.forget("ana");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(begin(guard), 0);
  EXPECT_EQ(begin(guard), 1);
}

TEST_F(attempts, are_forgotten_one_after_the_other) {
  for (int i = 0; i < 4; ++i) begin(guard);
  clock.advance(2h);
  EXPECT_EQ(begin(guard), 0);
  EXPECT_EQ(begin(guard), 0) << "of four, two were forgotten";
  EXPECT_EQ(begin(guard), 1);
}

TEST_F(attempts, keys_are_bounded_and_quiet_ones_go) {
  attempt_guard small{limits, clock, 2};
  for (auto key : {"a", "b", "c"}) begin(small, key);
  EXPECT_EQ(small.size(), 2U);
  clock.advance(5h);
  begin(small, "d");
  EXPECT_EQ(small.size(), 1U);
}

TEST_F(attempts, none_are_counted_without_a_limit) {
  attempt_guard open{{.free = 0}, clock};
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(begin(open), 0);
  EXPECT_EQ(open.size(), 0U);
}

TEST(client_keys, take_an_ipv6_network_as_one_client) {
  EXPECT_EQ(client_key("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(client_key("::ffff:10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(client_key("2001:db8:1:2::1"), client_key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(client_key("2001:db8:1:2::1"), client_key("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace oficio::security
