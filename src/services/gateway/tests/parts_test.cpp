#include <set>

#include <gtest/gtest.h>

#include "services/gateway/cookies.hpp"
#include "services/gateway/dev_pages.hpp"
#include "services/gateway/ended_sessions.hpp"
#include "services/gateway/table.hpp"

namespace oficio::gateway {
namespace {

using namespace std::chrono_literals;

TEST(cookies, are_found_by_their_exact_name) {
  http::headers h;
  h.add("Cookie", "xaccess=1; access = two ; access=3;;=;bare");
  h.add("cookie", "refresh=r=1");
  EXPECT_EQ(cookie_value(h, "access"), "two");
  EXPECT_EQ(cookie_value(h, "refresh"), "r=1");
  EXPECT_EQ(cookie_value(h, "bare"), "");
  EXPECT_EQ(cookie_value(h, "none"), "");
}

TEST(cookies, take_no_value_that_would_add_attributes) {
  EXPECT_TRUE(is_cookie_value("abc.DEF-_=="));
  for (auto bad : {"a;b", "a b", "a,b", "a\"b", "a\\b", "a\r\nb", "é"})
    EXPECT_FALSE(is_cookie_value(bad));
}

TEST(ended_sessions, are_remembered_as_long_as_an_access_token_lives) {
  ended_sessions ended;
  time_point start{1h};
  ended.add("a", start);
  ended.add("a", start + 10min);
  ended.add("b", start + 14min);
  EXPECT_TRUE(ended.contains("a"));
  ended.add("c", start + 15min);
  EXPECT_FALSE(ended.contains("a"));
  EXPECT_TRUE(ended.contains("b"));
}

TEST(ended_sessions, are_bounded) {
  ended_sessions ended(2);
  for (auto id : {"a", "b", "c", ""}) ended.add(id, time_point{1h});
  EXPECT_FALSE(ended.contains("a"));
  EXPECT_TRUE(ended.contains("b"));
  EXPECT_TRUE(ended.contains("c"));
  EXPECT_FALSE(ended.contains(""));
}

TEST(durations, are_read_strictly) {
  EXPECT_EQ(parse_duration("73h"), 73h);
  EXPECT_EQ(parse_duration("14d"), 14 * 24h);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("5m"), 5min);
  for (auto bad : {"", "h", "5", "-5h", "1.5h", "5 h", "5y", "99999999999h", "4000000000d"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(table, names_every_place_once_and_known_services_only) {
  std::set<std::string_view> known{"auth", "users", "gigs", "chat", "orders", "reviews", ""};
  std::set<std::string_view> paths;
  for (const auto& entry : public_routes()) {
    EXPECT_TRUE(known.contains(entry.service)) << entry.path;
    EXPECT_TRUE(paths.insert(entry.path).second) << entry.path;
    EXPECT_EQ(entry.path.find("internal"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace oficio::gateway
