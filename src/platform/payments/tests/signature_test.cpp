#include "platform/payments/signature.hpp"

#include <gtest/gtest.h>

namespace oficio::payments {
namespace {

using namespace std::chrono_literals;

const time_point now = parse_time("2026-03-01T10:00:00.500Z").value();
constexpr const char* secret = "a shared secret";
constexpr const char* body = R"({"attempt_id": "a1"})";

std::string code(std::string_view header, std::string_view of = body, time_point when = now) {
  auto checked = check_signature(secret, header, of, when);
  return checked ? "ok" : checked.error().code;
}

TEST(signature, of_the_body_and_the_time_holds) {
  EXPECT_EQ(code(sign(secret, body, now)), "ok");
  EXPECT_EQ(code(sign(secret, "", now), ""), "ok");
}

// HMAC-SHA256("a shared secret", "1772359200.{...}"), computed with another tool.
TEST(signature, is_what_others_compute) {
  EXPECT_EQ(sign(secret, body, now),
            "t=1772359200,v1=ba379c69c66c240ff84e84a43e0474aa5c3a6ac1e0df94e3f0b945fe7a4c0cd9");
}

TEST(signature, of_anything_else_does_not_hold) {
  auto good = sign(secret, body, now);
  EXPECT_EQ(code(good, "{}"), "bad_signature");
  EXPECT_EQ(code(sign("another secret", body, now)), "bad_signature");
  auto moved = good;
  moved.replace(0, 12, "t=1772359201");
  EXPECT_EQ(code(moved), "bad_signature");
  EXPECT_EQ(code(good.substr(0, good.size() - 1)), "bad_signature");
}

TEST(signature, that_cannot_be_read_does_not_hold) {
  auto good = sign(secret, body, now);
  for (std::string header :
       {std::string(), std::string("t="), std::string("t=,v1="), std::string(",,,"),
        std::string("v1=") + good.substr(good.find("v1=") + 3), std::string("t=1772359200"),
        std::string("t=99999999999999999999,v1=00"), std::string("t=1772359200,v2=00"),
        std::string("t=x,v1=") + std::string(64, '0'), std::string(5'000, ',') + good}) {
    EXPECT_EQ(code(header), "bad_signature") << header.substr(0, 80);
  }
}

TEST(signature, holds_for_some_minutes_only) {
  auto header = sign(secret, body, now);
  EXPECT_EQ(code(header, body, now + 5min), "ok");
  EXPECT_EQ(code(header, body, now + 5min + 1s), "old_signature");
  EXPECT_EQ(code(header, body, now - 5min), "ok");
  EXPECT_EQ(code(header, body, now - 5min - 1s), "old_signature");
}

TEST(signature, may_be_one_of_several_while_the_secret_changes) {
  auto header = sign("the old secret", body, now);
  header += sign(secret, body, now).substr(12);
  EXPECT_EQ(code(header), "ok");
}

}  // namespace
}  // namespace oficio::payments
