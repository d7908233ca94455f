#include "cache_conformance.hpp"

namespace oficio::cache::conformance {

using namespace std::chrono_literals;

bool cache_conformance::goes(const std::string& key) {
  auto limit = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < limit) {
    if (!get(key)) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

TEST_P(cache_conformance, what_was_put_is_there_until_it_is_erased) {
  EXPECT_EQ(get("name"), std::nullopt);
  std::string bytes("a\0b\xff", 4);
  put("name", bytes);
  EXPECT_EQ(get("name"), bytes);
  put("name", "");
  EXPECT_EQ(get("name"), "");
  run(store_->erase(ctx_, "name")).value();
  EXPECT_EQ(get("name"), std::nullopt);
  run(store_->erase(ctx_, "name")).value();
}

TEST_P(cache_conformance, a_value_ends_after_its_time_and_not_before) {
  put("short", "x", 40ms);
  put("long", "y");
  auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(goes("short"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 35ms);
  EXPECT_EQ(get("long"), "y");
}

TEST_P(cache_conformance, putting_again_starts_the_time_again) {
  put("name", "x", 40ms);
  put("name", "y");
  put("other", "z", 60ms);
  EXPECT_TRUE(goes("other"));
  EXPECT_EQ(get("name"), "y");
}

TEST_P(cache_conformance, a_value_without_time_is_not_kept) {
  put("name", "x");
  put("name", "y", 0ms);
  EXPECT_EQ(get("name"), std::nullopt);
}

TEST_P(cache_conformance, a_counter_adds_up_and_ends_after_its_first_additions_time) {
  EXPECT_EQ(add("hits", 2, 60ms), 2);
  EXPECT_EQ(add("hits", 3), 5);
  EXPECT_EQ(add("hits", -1), 4);
  EXPECT_EQ(get("hits"), "4");
  EXPECT_TRUE(goes("hits"));
  EXPECT_EQ(add("hits", 1), 1);
}

TEST_P(cache_conformance, text_and_full_counters_cannot_be_added_to) {
  put("name", "words");
  EXPECT_FALSE(run(store_->add(ctx_, "name", 1, 1s)).has_value());
  EXPECT_EQ(get("name"), "words");
  auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(add("full", most), most);
  EXPECT_FALSE(run(store_->add(ctx_, "full", 1, 1s)).has_value());
}

TEST_P(cache_conformance, concurrent_additions_lose_nothing) {
  std::vector<awaitable<result<std::int64_t>>> work;
  for (int i = 0; i < 400; ++i) work.push_back(store_->add(ctx_, "hits", 1, 5min));
  for (const auto& sum : run_all(std::move(work), 4)) EXPECT_TRUE(sum.has_value());
  EXPECT_EQ(add("hits", 0), 400);
}

}  // namespace oficio::cache::conformance
