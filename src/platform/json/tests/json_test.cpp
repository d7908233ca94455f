#include "platform/json/json.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "platform/json/check.hpp"

namespace oficio::json {
namespace {

enum class size { small, large };
BOOST_DESCRIBE_ENUM(size, small, large)

struct part {
  std::string name;
  std::int32_t count = 0;
};
BOOST_DESCRIBE_STRUCT(part, (), (name, count))

struct thing {
  std::string title;
  json::size size = json::size::small;
  std::vector<part> parts;
  std::optional<std::string> note;
  std::map<std::string, bool> flags;
  time_point at;
};
BOOST_DESCRIBE_STRUCT(thing, (), (title, size, parts, note, flags, at))

void check(const thing& t, violations& out) {
  check_text(out, "/title", t.title, 3, 5);
}

std::map<std::string, std::string> by_pointer(const error& e) {
  std::map<std::string, std::string> out;
  for (const auto& v : e.violations) out[v.pointer] = v.code;
  return out;
}

constexpr auto good =
    R"({"title":"abc","size":"large","parts":[{"name":"x","count":2}],"note":null,"flags":{"a":true},"at":"2026-01-01T00:00:00Z"})";

TEST(json_codec, reads_back_what_it_wrote) {
  auto first = from_request<thing>(good);
  ASSERT_TRUE(first.has_value());
  auto second = from_request<thing>(to_text(*first));
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(to_text(*first), to_text(*second));
  EXPECT_EQ(second->parts[0].count, 2);
  EXPECT_EQ(second->size, size::large);
  EXPECT_TRUE(second->flags["a"]);
}

TEST(json_request, tells_everything_that_is_wrong_at_once_with_pointers) {
  auto got = from_request<thing>(
      R"({"title":"ab","size":"huge","parts":[{"name":1,"count":3000000000},{"count":"x"}],"at":"now","extra/~":1})");
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().code, "validation_failed");
  auto found = by_pointer(got.error());
  EXPECT_EQ(found["/title"], "too_short");
  EXPECT_EQ(found["/size"], "choice");
  EXPECT_EQ(found["/parts/0/name"], "type");
  EXPECT_EQ(found["/parts/0/count"], "range");
  EXPECT_EQ(found["/parts/1/name"], "required");
  EXPECT_EQ(found["/parts/1/count"], "type");
  EXPECT_EQ(found["/at"], "type");
  EXPECT_EQ(found["/flags"], "required");
  EXPECT_EQ(found["/extra~1~0"], "unknown");
}

TEST(json_request, refuses_what_is_not_json) {
  for (std::string text : {"", "{", "{}x", "{\"a\":01}", "nul", "\xff", "{\"a\":\"\xc3\x28\"}"}) {
    auto got = parse(text);
    ASSERT_FALSE(got.has_value()) << text;
    EXPECT_EQ(got.error().code, "malformed_json");
  }
  EXPECT_FALSE(parse(std::string(40, '[') + std::string(40, ']')).has_value());
  EXPECT_TRUE(parse(" {\"a\": [1, 2]} \n").has_value());
}

TEST(json_request, keeps_at_most_fifty_violations) {
  std::string many = "{";
  for (int i = 0; i < 200; ++i) many += (i ? ",\"x" : "\"x") + std::to_string(i) + "\":1";
  auto got = from_request<thing>(many + "}");
  ASSERT_FALSE(got.has_value());
  EXPECT_LE(got.error().violations.size(), 50U);
}

TEST(json_stored, forgives_unknown_and_missing_members) {
  auto got = from_stored<thing>(*parse(R"({"title":"whatever it was","new":1})"));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->title, "whatever it was");
  EXPECT_EQ(from_stored<thing>(*parse("[]")).error().code, "unreadable_document");
}

TEST(json_check, takes_peoples_texts_and_no_tricks) {
  auto codes = [](std::string_view text) {
    violations out;
    check_text(out, "/a", text, 0, 100);
    std::string all;
    for (const auto& v : out.take()) all += v.code + " ";
    return all;
  };
  for (auto fine : {"Señor Ñandú", "Ελληνικά", "עִבְרִית \u200f", "العَرَبِيَّة", "ภาษาไทยที่นี่",
                    "👩‍👩‍👧 🇪🇸 ❤️", "Tiếng Việt", "a\nb\tc", "' OR 1=1 --",
                    "{\"$gt\": \"\"}"}) {
    EXPECT_EQ(codes(fine), "") << fine;
  }
  for (auto hidden : {"\u202Eabc", "a\u2066b", "\uFEFFa", "\u2028", "\uFFF9", "\uFFFF", "\xff\xfe",
                      "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82"}) {
    EXPECT_EQ(codes(hidden), "deceptive_character ") << hidden;
  }
  EXPECT_EQ(codes("\x01"), "control_character ");
  EXPECT_EQ(codes("\u0085"), "control_character ");
  std::string zalgo = "a";
  for (int i = 0; i < 6; ++i) zalgo += "\u0301";
  EXPECT_EQ(codes(zalgo), "too_many_marks ");
}

TEST(json_check, counts_characters_not_bytes) {
  EXPECT_EQ(length_of("señal"), 5U);
  violations out;
  check_text(out, "/a", "ñañañ", 3, 5);
  EXPECT_TRUE(out.empty());
  check_text(out, "/b", "   ", 1, 5);
  check_text(out, "/c", std::string("a\0b", 3), 1, 5);
  auto found = out.take();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].code, "too_short");
  EXPECT_EQ(found[1].code, "control_character");
}

TEST(json_check, names_the_bounds_that_were_broken) {
  violations out;
  check_text(out, "/a", "ab", 3, 5);
  check_text(out, "/b", "abcdef", 3, 5);
  check_range(out, "/c", 9, 1, 5);
  check_count(out, "/d", 0, 1, 5);
  check_count(out, "/e", 6, 1, 5);
  std::vector<bounds> found;
  for (const auto& v : out.take()) found.push_back(v.broken);
  std::vector<bounds> expected{
      {.min = 3}, {.max = 5}, {.min = 1, .max = 5}, {.min = 1}, {.max = 5}};
  EXPECT_EQ(found, expected);
}

TEST(json_text, writes_fractions_plainly) {
  auto text = [](double number) { return to_text(value(number)); };
  EXPECT_EQ(text(4.75), "4.75");
  EXPECT_EQ(text(0.1), "0.1");
  EXPECT_EQ(text(5), "5.0");
  EXPECT_EQ(text(0), "0.0");
  EXPECT_EQ(text(-2.5), "-2.5");
  EXPECT_EQ(text(1e300), "1e+300");
  EXPECT_EQ(text(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(text(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(json_text, is_read_back_as_what_it_was) {
  for (auto written :
       {R"({})", R"([])", R"([null,true,false,0,-1,9223372036854775807,18446744073709551615])",
        R"({"a":{"b":[1.5,5.0,1e-07,1.7976931348623157e+308]},"c":""})",
        R"(["\u0000\u001f\b\f\n\r\t\"\\/","ñ€😀"])"}) {
    auto parsed = parse(written);
    ASSERT_TRUE(parsed.has_value()) << written;
    EXPECT_EQ(to_text(*parsed), written);
  }
}

TEST(json_text, is_refused_where_it_has_no_number_that_can_be_kept) {
  for (auto text : {"[NaN]", "[Infinity]", "[-Infinity]", "[1e999]", "[-1E400]", "[01]", "[+1]",
                    "[.5]", "[1.]", "[0x10]", R"({"a":[{"b":2e308}]})"}) {
    auto parsed = parse(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().code, "malformed_json") << text;
  }
  EXPECT_TRUE(parse("[" + std::string(400, '9') + "]").has_error());
  EXPECT_TRUE(parse("[1e-999, 1e308]").has_value());
}

}  // namespace
}  // namespace oficio::json
