#include "platform/security/cursor.hpp"

#include <gtest/gtest.h>

#include "platform/security/crypto.hpp"

namespace oficio::security {
namespace {

TEST(cursor, opens_for_its_own_list_only) {
  cursor_signer signer("key");
  std::string cursor = signer.sign("orders/a", "2026|id");
  EXPECT_EQ(*signer.open("orders/a", cursor), "2026|id");
  EXPECT_EQ(signer.open("orders/b", cursor).error().code, "bad_cursor");
  EXPECT_EQ(cursor_signer("other").open("orders/a", cursor).error().code, "bad_cursor");
  EXPECT_EQ(*signer.open("s", signer.sign("s", "")), "");
}

TEST(cursor, keeps_scope_and_position_apart) {
  cursor_signer signer("key");
  auto raw = from_base64url(signer.sign("ab", "cd")).value();
  ASSERT_EQ(raw.substr(raw.size() - 2), "cd");
  raw.erase(raw.size() - 2, 1);
  EXPECT_FALSE(signer.open("abc", base64url(raw)).has_value());
}

TEST(cursor, that_was_touched_is_refused) {
  cursor_signer signer("key");
  std::string cursor = signer.sign("s", "position");
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string broken = cursor;
    broken[i] = broken[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer.open("s", broken).has_value()) << "at " << i;
    EXPECT_FALSE(signer.open("s", cursor.substr(0, i)).has_value()) << "cut at " << i;
  }
  for (const auto& garbage : {std::string("%"), std::string("null"), std::string(10'000, 'A')}) {
    auto opened = signer.open("s", garbage);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().kind, errc::bad_request);
  }
}

TEST(cursor, needs_a_key) {
  EXPECT_THROW(cursor_signer(""), std::invalid_argument);
}

}  // namespace
}  // namespace oficio::security
