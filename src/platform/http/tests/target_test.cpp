#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/message.hpp"

namespace oficio::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(target, is_split_and_decoded_once) {
  request r;
  ASSERT_TRUE(parse_target("/gigs//a%2Fb/%2541?q=caf%C3%A9+con+leche&tags=a,b&empty&x=%26", r));
  EXPECT_THAT(r.path, ElementsAre("gigs", "a/b", "%41"));
  EXPECT_THAT(r.query, ElementsAre(Pair("q", "café con leche"), Pair("tags", "a,b"),
                                   Pair("empty", ""), Pair("x", "&")));
  EXPECT_EQ(r.query_param("q"), "café con leche");
  EXPECT_EQ(r.query_param("none"), std::nullopt);
}

TEST(target, forgets_what_was_parsed_before) {
  request r;
  ASSERT_TRUE(parse_target("/a?b=c", r));
  ASSERT_TRUE(parse_target("/", r));
  EXPECT_TRUE(r.path.empty());
  EXPECT_TRUE(r.query.empty());
}

class bad_target : public testing::TestWithParam<std::string> {};

TEST_P(bad_target, is_refused) {
  request r;
  EXPECT_FALSE(parse_target(GetParam(), r)) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(all, bad_target,
                         testing::Values("", "gigs", "*", "http://else.where/", "/a%", "/a%2",
                                         "/a%zz", "/a%00", "/a?b=%00", "/.", "/a/../b",
                                         "/a/%2e%2E/b", "/a/.%2e", "/%c3%28", "/%c0%af",
                                         "/%ed%a0%80", "/%f5%80%80%80", "/%e2%82", "/a?b=%ff",
                                         "/a b", "/a\x01", "/a#b", std::string("/a\0b", 4)));

TEST(target, takes_every_length_of_utf8) {
  request r;
  EXPECT_TRUE(parse_target("/%C3%B1/%E2%82%AC/%F0%9F%98%80/ñ", r));
  EXPECT_THAT(r.path, ElementsAre("ñ", "€", "😀", "ñ"));
}

TEST(target, an_encoded_segment_reads_back) {
  std::string text = "a/b?c#d %é😀.~";
  request r;
  ASSERT_TRUE(parse_target("/x/" + encode_segment(text), r));
  EXPECT_THAT(r.path, ElementsAre("x", text));
}

TEST(header_fields, compare_without_case_and_may_repeat) {
  headers h;
  h.add("Set-Cookie", "a=1");
  h.add("set-cookie", "b=2");
  EXPECT_EQ(h.get("SET-COOKIE"), "a=1");
  h.set("Set-Cookie", "c=3");
  EXPECT_EQ(std::distance(h.begin(), h.end()), 1);
  h.remove("sEt-cookie");
  EXPECT_FALSE(h.has("Set-Cookie"));
}

TEST(methods, have_their_names) {
  for (auto m : {method::get, method::head, method::post, method::put, method::patch, method::del,
                 method::options}) {
    EXPECT_EQ(parse_method(to_string(m)), m);
  }
  EXPECT_EQ(parse_method("get"), std::nullopt);
  EXPECT_EQ(parse_method("TRACE"), std::nullopt);
}

TEST(request_parameters, that_the_route_does_not_name_are_a_bug) {
  request r;
  EXPECT_THROW(r.param("id"), std::out_of_range);
}

}  // namespace
}  // namespace oficio::http
