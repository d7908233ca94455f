#include "cache_conformance.hpp"
#include "drivers/embedded/cache/cache.hpp"
#include "platform/cache/counting.hpp"

namespace oficio::cache::conformance {
namespace {

class memory_cache : public cache_conformance {};
class counted_cache : public cache_conformance {};

telemetry::metrics& figures() {
  static telemetry::metrics all;
  return all;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(embedded, cache_conformance,
                         testing::Values(driver_under_test{
                             "memory", [] { return embedded::make_memory_cache(); }}),
                         [](const auto& info) { return info.param.name; });

// Room for ten values of 1,000 bytes at most.
INSTANTIATE_TEST_SUITE_P(embedded, memory_cache,
                         testing::Values(driver_under_test{
                             "small", [] { return embedded::make_memory_cache(10'000); }}),
                         [](const auto& info) { return info.param.name; });

// What is counted is the same cache.
const auto counted = testing::Values(driver_under_test{
    "counted", [] { return cache::count(embedded::make_memory_cache(), figures()); }});
INSTANTIATE_TEST_SUITE_P(counting, cache_conformance, counted,
                         [](const auto& info) { return info.param.name; });
INSTANTIATE_TEST_SUITE_P(counting, counted_cache, counted,
                         [](const auto& info) { return info.param.name; });

TEST_P(counted_cache, what_was_found_is_told_from_what_was_not) {
  auto& hits = figures().count("oficio_cache_reads_total", "", {{"result", "hit"}});
  auto& misses = figures().count("oficio_cache_reads_total", "", {{"result", "miss"}});
  auto before = std::pair(hits.value(), misses.value());
  put("there", "x");
  EXPECT_TRUE(get("there"));
  EXPECT_TRUE(get("there"));
  EXPECT_FALSE(get("nowhere"));
  EXPECT_EQ(hits.value() - before.first, 2U);
  EXPECT_EQ(misses.value() - before.second, 1U);
}

TEST_P(memory_cache, what_was_used_least_recently_makes_room) {
  std::string big(1'000, 'x');
  put("used", big);
  put("unused", big);
  for (int i = 0; i < 7; ++i) {
    put("filler" + std::to_string(i), big);
    EXPECT_TRUE(get("used"));
  }
  EXPECT_TRUE(get("used"));
  EXPECT_FALSE(get("unused"));
}

TEST_P(memory_cache, it_never_holds_more_than_it_may) {
  std::string big(1'000, 'x');
  for (int i = 0; i < 100; ++i) put("key" + std::to_string(i), big);
  std::size_t held = 0;
  for (int i = 0; i < 100; ++i) held += get("key" + std::to_string(i)).value_or("").size();
  EXPECT_LE(held, 10'000u);
  EXPECT_GE(held, 5'000u);
  EXPECT_TRUE(get("key99"));
}

TEST_P(memory_cache, a_value_too_big_for_it_is_not_kept_and_throws_nothing_out) {
  put("small", "x");
  put("huge", std::string(20'000, 'x'));
  EXPECT_FALSE(get("huge"));
  EXPECT_TRUE(get("small"));
}

}  // namespace oficio::cache::conformance
