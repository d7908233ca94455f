#include "platform/http/request_head.hpp"

#include <gtest/gtest.h>

namespace oficio::http {
namespace {

request with(std::string name, std::string value) {
  request r;
  r.headers.add(std::move(name), std::move(value));
  return r;
}

TEST(request_head, a_revision_in_every_dress) {
  for (const auto* text : {"3", "\"3\"", "W/\"3\""}) {
    EXPECT_EQ(read_if_match(with("If-Match", text)).value(), 3) << text;
  }
  EXPECT_FALSE(read_if_match(request{}).value());
  EXPECT_FALSE(read_if_match(with("If-Match", "*")).value());
}

TEST(request_head, what_is_no_revision_is_refused) {
  for (const auto* text : {"abc", "\"\"", "\"3", "3\"", "-1", "3.5", "\"3\", \"4\"", " ", "W/3",
                           "99999999999999999999", "3 or so"}) {
    auto read = read_if_match(with("If-Match", text));
    ASSERT_TRUE(read.has_error()) << text;
    EXPECT_EQ(read.error().code, "bad_if_match");
  }
}

TEST(request_head, a_key_is_printable_and_short) {
  EXPECT_EQ(read_idempotency_key(request{}).value(), "");
  EXPECT_EQ(read_idempotency_key(with("Idempotency-Key", "a-1")).value(), "a-1");
  EXPECT_TRUE(read_idempotency_key(with("Idempotency-Key", std::string(200, 'k'))).has_value());
  for (const auto& text : {std::string(), std::string("a b"), std::string("a\tb"),
                           std::string("\xc3\xa9"), std::string(201, 'k'), std::string("a\x7f")}) {
    auto read = read_idempotency_key(with("Idempotency-Key", text));
    ASSERT_TRUE(read.has_error()) << text;
    EXPECT_EQ(read.error().code, "bad_idempotency_key");
  }
}

}  // namespace
}  // namespace oficio::http
