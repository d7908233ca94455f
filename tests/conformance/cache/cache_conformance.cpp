#include "cache_conformance.hpp"

#include <algorithm>

namespace oficio::cache::conformance {

using namespace std::chrono_literals;

bool eventually(const std::function<bool()>& so) {
  auto limit = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < limit) {
    if (so()) return true;
    std::this_thread::sleep_for(1ms);
  }
  return so();
}

bool cache_conformance::goes(const std::string& key) {
  return eventually([&] { return !get(key); });
}

bool cache_conformance::reaches(const std::string& channel, const ear& who) {
  return eventually([&] {
    publish(channel, "are you there?");
    return who.has("are you there?");
  });
}

std::size_t ear::count(const std::string& message) const {
  return static_cast<std::size_t>(std::ranges::count(heard(), message));
}

bool ear::has(const std::string& message) const {
  return count(message) > 0;
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
  auto began = std::chrono::steady_clock::now();
  put("short", "x", 40ms);
  put("long", "y");
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

TEST_P(cache_conformance, counters_of_one_key_end_by_their_own_first_addition) {
  EXPECT_EQ(add("hits", 5, 0ms), 5);
  EXPECT_EQ(get("hits"), std::nullopt);
  EXPECT_EQ(add("hits", 1), 1);
  run(store_->erase(ctx_, "hits")).value();
  EXPECT_EQ(add("hits", 1), 1);
}

TEST_P(cache_conformance, large_values_and_odd_keys_are_kept_as_they_are) {
  std::string large(300'000, 'x');
  large += "\r\n$3\r\n";
  std::string odd("a key\r\n\0with {everything}*\xff", 27);
  put(odd, large);
  EXPECT_EQ(get(odd), large);
  EXPECT_EQ(get("a key"), std::nullopt);
}

TEST_P(cache_conformance, many_calls_at_once_get_their_own_answers) {
  for (int i = 0; i < 300; ++i) put("key" + std::to_string(i), "value" + std::to_string(i));
  std::vector<awaitable<result<std::optional<std::string>>>> work;
  for (int i = 0; i < 300; ++i) work.push_back(store_->get(ctx_, "key" + std::to_string(i)));
  auto found = run_all(std::move(work), 4);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].value(), "value" + std::to_string(i));
  }
}

TEST_P(cache_conformance, who_listens_to_a_channel_hears_what_is_said_there) {
  ear ana;
  ear bob;
  ear other;
  auto one = store_->subscribe("talk", ana.hearing());
  auto two = store_->subscribe("talk", bob.hearing());
  auto three = store_->subscribe("elsewhere", other.hearing());
  ASSERT_TRUE(reaches("talk", ana));
  ASSERT_TRUE(reaches("talk", bob));
  ASSERT_TRUE(reaches("elsewhere", other));
  std::string bytes("a\0\r\n\xff", 5);
  publish("talk", bytes);
  publish("talk", "last");
  publish("elsewhere", "end");
  ASSERT_TRUE(eventually([&] { return ana.has("last") && bob.has("last") && other.has("end"); }));
  EXPECT_EQ(ana.count(bytes), 1u);
  EXPECT_EQ(bob.count(bytes), 1u);
  EXPECT_EQ(other.count(bytes), 0u);
  EXPECT_EQ(ana.heard().back(), "last");
}

TEST_P(cache_conformance, who_listens_no_more_hears_nothing_more) {
  ear ana;
  ear bob;
  auto one = store_->subscribe("talk", ana.hearing());
  auto two = store_->subscribe("talk", bob.hearing());
  ASSERT_TRUE(reaches("talk", ana));
  one.reset();
  auto before = ana.heard().size();
  publish("talk", "after");
  ASSERT_TRUE(eventually([&] { return bob.has("after"); }));
  EXPECT_EQ(ana.heard().size(), before);
  one = store_->subscribe("talk", ana.hearing());
  publish("talk", "again");
  ASSERT_TRUE(eventually([&] { return ana.has("again"); }));
  two.reset();
  one.reset();
  publish("talk", "to nobody");
  EXPECT_FALSE(ana.has("to nobody"));
}

TEST_P(cache_conformance, it_answers) {
  EXPECT_TRUE(run(store_->ping(ctx_)).has_value());
}

}  // namespace oficio::cache::conformance
