#include "platform/http/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oficio::http {
namespace {

using testing::ElementsAre;

request asked(std::string_view query) {
  request r;
  EXPECT_TRUE(parse_target("/x?" + std::string(query), r));
  return r;
}

std::string code_of(result<void> done) {
  return done.has_value() ? "" : done.error().violations.at(0).code;
}

TEST(query, gives_typed_values) {
  auto r = asked("q=logo&min=-5&stars=4.5&active=false&sort=newest&tags=a,,b&limit=7");
  query_reader in(r);
  EXPECT_EQ(in.text("q"), "logo");
  EXPECT_EQ(in.number("min", -10, 10), -5);
  EXPECT_EQ(in.decimal("stars", 0, 5), 4.5);
  EXPECT_EQ(in.flag("active"), false);
  EXPECT_EQ(in.choice("sort", {"newest", "rating"}), "newest");
  EXPECT_THAT(in.list("tags", 5), ElementsAre("a", "b"));
  EXPECT_EQ(in.limit(), 7u);
  EXPECT_TRUE(in.done().has_value());
}

TEST(query, absent_and_empty_are_the_same) {
  auto r = asked("q=&limit=");
  query_reader in(r);
  EXPECT_EQ(in.text("q"), std::nullopt);
  EXPECT_EQ(in.number("min", 0, 1), std::nullopt);
  EXPECT_EQ(in.limit(33), 33u);
  EXPECT_TRUE(in.done().has_value());
}

TEST(query, tells_all_that_is_wrong_at_once) {
  auto r = asked("min=x&stars=9&active=1&sort=old&limit=101&typo=1&typo=2&tags=a,b,c");
  query_reader in(r);
  in.number("min", 0, 9);
  in.decimal("stars", 0, 5);
  in.flag("active");
  in.choice("sort", {"newest"});
  in.list("tags", 2);
  in.limit();
  auto done = in.done();
  ASSERT_TRUE(done.has_error());
  EXPECT_EQ(done.error().kind, errc::invalid);
  std::vector<std::string> found;
  for (const auto& v : done.error().violations) found.push_back(v.pointer + " " + v.code);
  EXPECT_THAT(found, ElementsAre("?min type", "?stars range", "?active type", "?sort choice",
                                 "?tags too_many", "?limit range", "?typo unknown"));
}

TEST(query, names_the_bounds_that_were_broken) {
  auto r = asked("stars=9&share=2&tags=a,b,c&limit=101&q=" + std::string(201, 'a'));
  query_reader in(r);
  in.decimal("stars", 0, 5);
  in.decimal("share", 0.5, 1);
  in.list("tags", 2);
  in.limit();
  in.text("q");
  auto done = in.done();
  ASSERT_TRUE(done.has_error());
  std::vector<bounds> found;
  for (const auto& v : done.error().violations) found.push_back(v.broken);
  EXPECT_THAT(found, ElementsAre(bounds{0, 5}, bounds{{}, 1}, bounds{{}, 2}, bounds{1, 100},
                                 bounds{{}, 200}));
}

TEST(query, a_value_given_twice_is_refused) {
  auto r = asked("q=a&q=b");
  query_reader in(r);
  EXPECT_EQ(in.text("q"), std::nullopt);
  EXPECT_EQ(code_of(in.done()), "repeated");
}

TEST(query, refuses_numbers_that_are_none) {
  for (auto text : {"1e3", "0x10", "1.0", "99999999999999999999", " 1", "+1"}) {
    request r;
    r.query.emplace_back("n", text);
    query_reader in(r);
    in.number("n", 0, 1000);
    EXPECT_EQ(code_of(in.done()), "type") << text;
  }
  for (auto text : {"nan", "inf", "1,5"}) {
    request r;
    r.query.emplace_back("n", text);
    query_reader in(r);
    in.decimal("n", 0, 1000);
    EXPECT_EQ(code_of(in.done()), "type") << text;
  }
}

TEST(query, refuses_text_that_is_too_long_or_has_control_characters) {
  auto r = asked("q=" + std::string(201, 'a'));
  query_reader in(r);
  in.text("q");
  EXPECT_EQ(code_of(in.done()), "too_long");
  auto other = asked("q=a%07b");
  query_reader in_other(other);
  in_other.text("q");
  EXPECT_EQ(code_of(in_other.done()), "control_character");
}

}  // namespace
}  // namespace oficio::http
