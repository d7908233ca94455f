#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "platform/base/clock.hpp"
#include "platform/base/context.hpp"
#include "platform/base/money.hpp"
#include "platform/base/result.hpp"
#include "platform/base/unicode.hpp"
#include "platform/base/uuid.hpp"

namespace oficio {
namespace {

using namespace std::chrono_literals;

TEST(time, is_written_as_rfc_3339_in_utc_with_milliseconds) {
  auto t = parse_time("2026-01-31T09:30:00.5+02:00");
  ASSERT_TRUE(t);
  EXPECT_EQ(format_time(*t), "2026-01-31T07:30:00.500Z");
}

TEST(time, survives_a_round_trip) {
  wall_clock clock;
  auto now = clock.now();
  EXPECT_EQ(parse_time(format_time(now)), now);
}

TEST(time, refuses_what_is_no_time) {
  for (auto* text : {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
                     "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00Zx",
                     "2026-01-01T00:00:00.Z", "2026-01-01T-1:00:00Z", "２026-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(uuid, v7_keeps_the_order_of_its_making_even_within_a_millisecond) {
  wall_clock clock;
  auto now = clock.now();
  std::string last;
  for (int i = 0; i < 10'000; ++i) {
    auto id = uuid_v7(now);
    EXPECT_TRUE(is_uuid(id));
    EXPECT_LT(last, id);
    last = id;
  }
}

TEST(uuid, v7_is_unique_over_threads) {
  std::vector<std::vector<std::string>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : made) {
      threads.emplace_back([&mine] {
        wall_clock clock;
        for (int i = 0; i < 2'000; ++i) mine.push_back(uuid_v7(clock.now()));
      });
    }
  }
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 8'000U);
}

TEST(uuid, v7_tells_when_it_was_made) {
  auto at = *parse_time("2030-05-06T07:08:09.010Z");
  EXPECT_EQ(uuid_time(uuid_v7(at)), at);
  EXPECT_FALSE(uuid_time(uuid_v5("x")));
  EXPECT_FALSE(uuid_time("no id"));
}

TEST(uuid, v5_gives_one_name_one_id) {
  EXPECT_EQ(uuid_v5("a/1/0"), uuid_v5("a/1/0"));
  EXPECT_NE(uuid_v5("a/1/0"), uuid_v5("a/1/1"));
  EXPECT_EQ(uuid_v5("x")[14], '5');
}

TEST(trace, goes_on_below_the_span_that_a_header_names) {
  auto got = trace_context::from_header("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(got->parent_id, "b7ad6b7169203331");
  EXPECT_NE(got->span_id, got->parent_id);
}

TEST(trace, says_onward_whether_it_is_recorded) {
  std::string ids = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";
  for (auto [flags, sampled] :
       {std::pair{"01", true}, {"00", false}, {"02", false}, {"0b", true}}) {
    auto got = trace_context::from_header(ids + flags);
    ASSERT_TRUE(got) << flags;
    EXPECT_EQ(got->sampled, sampled) << flags;
    EXPECT_EQ(got->child().header().substr(53), sampled ? "01" : "00");
  }
  EXPECT_TRUE(trace_context::start().header().ends_with("-00"));  // nobody records it yet
}

TEST(trace, refuses_malformed_headers) {
  for (auto* text : {"", "00-x", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                     "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                     "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"}) {
    EXPECT_FALSE(trace_context::from_header(text)) << text;
  }
}

TEST(money, shares_round_half_up) {
  EXPECT_EQ(share_of(10'000, 550), 550);
  EXPECT_EQ(share_of(100, 550), 6);  // 5.5
  EXPECT_EQ(share_of(99, 550), 5);   // 5.445
  EXPECT_EQ(share_of(-100, 550), -6);
}

result<int> half(int n) {
  if (n % 2 != 0) return error{errc::invalid, "odd", "is odd"};
  return n / 2;
}

result<int> quarter(int n) {
  TRY(int h, half(n));
  return half(h);
}

TEST(result, try_hands_on_the_first_error) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().code, "odd");
  EXPECT_THROW(quarter(6).value(), unchecked_error);
}

TEST(clock, moves_forward_when_told) {
  wall_clock clock(1h);
  auto before = clock.now();
  clock.advance(73h);
  EXPECT_GE(clock.now() - before, 73h);
}

TEST(unicode, tidies_what_others_wrote) {
  EXPECT_EQ(tidy_line("  a\r\nBcc: b\t c ", 100), "a Bcc: b c");
  EXPECT_EQ(tidy_line("\u202Eevil\u2066 \u2028x\xff", 100), "evil x");
  EXPECT_EQ(tidy_text("a\nb\u202E\x01", 100), "a\nb");
  EXPECT_EQ(tidy_line("ñandú", 5), "ñandú");
  EXPECT_EQ(tidy_line("ñandúes", 5), "ñand…");
  EXPECT_EQ(tidy_line("👩‍👩‍👧", 100), "👩‍👩‍👧");
  std::string zalgo = "a";
  for (int i = 0; i < 50; ++i) zalgo += "\u0301";
  EXPECT_EQ(tidy_line(zalgo, 100).size(), 1U + 2U * most_marks);
  EXPECT_EQ(tidy_line("", 5), "");
}

}  // namespace
}  // namespace oficio
