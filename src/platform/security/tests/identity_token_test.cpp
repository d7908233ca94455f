#include "platform/security/identity_token.hpp"

#include <gtest/gtest.h>

#include "platform/security/crypto.hpp"

namespace oficio::security {
namespace {

using namespace std::chrono_literals;

const std::string first_key(32, '1');
const std::string second_key(32, '2');

identity ana() {
  return {.sub = "0190",
          .username = "ana",
          .roles = {"user", "operator"},
          .sid = "s1",
          .locale = "es",
          .country = "UY",
          .email_verified = true};
}

// A token of anything at all, signed as ours are.
std::string forge(std::string_view key, std::string_view payload) {
  std::string body = base64url(payload);
  return body + "." + base64url(hmac_sha256(key, "identity\n" + body));
}

TEST(identity_token, carries_everything) {
  wall_clock clock;
  identity_tokens tokens({first_key}, clock);
  auto who = tokens.verify(tokens.issue(ana(), "orders"), "orders");
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->sub, "0190");
  EXPECT_EQ(who->username, "ana");
  EXPECT_EQ(who->roles, (std::vector<std::string>{"user", "operator"}));
  EXPECT_EQ(who->sid, "s1");
  EXPECT_EQ(who->locale, "es");
  EXPECT_EQ(who->country, "UY");
  EXPECT_TRUE(who->email_verified);
}

TEST(identity_token, is_for_one_service_and_half_a_minute) {
  wall_clock clock;
  identity_tokens tokens({first_key}, clock);
  std::string token = tokens.issue(ana(), "orders");
  EXPECT_EQ(tokens.verify(token, "gigs").error().code, "invalid_identity");
  EXPECT_EQ(tokens.verify(token, "").error().code, "invalid_identity");
  clock.advance(29s);
  EXPECT_TRUE(tokens.verify(token, "orders").has_value());
  clock.advance(1s);
  EXPECT_EQ(tokens.verify(token, "orders").error().kind, errc::unauthorized);
}

TEST(identity_token, rotates_its_keys) {
  wall_clock clock;
  identity_tokens before({first_key}, clock);
  identity_tokens between({second_key, first_key}, clock);
  identity_tokens after({second_key}, clock);
  EXPECT_TRUE(between.verify(before.issue(ana(), "a"), "a").has_value());
  EXPECT_TRUE(after.verify(between.issue(ana(), "a"), "a").has_value());
  EXPECT_FALSE(after.verify(before.issue(ana(), "a"), "a").has_value());
}

TEST(identity_token, never_carries_the_programs_own_role) {
  wall_clock clock;
  identity_tokens tokens({first_key}, clock);
  EXPECT_THROW(tokens.issue(identity::system(), "orders"), std::invalid_argument);
  auto sneaked = ana();
  sneaked.roles.push_back("system");
  EXPECT_THROW(tokens.issue(sneaked, "orders"), std::invalid_argument);
  std::string far = std::to_string((clock.now() + 20s).time_since_epoch().count());
  std::string head = R"({"sub":"x","aud":"orders","exp":)" + far;
  EXPECT_TRUE(tokens.verify(forge(first_key, head + "}"), "orders").has_value());
  EXPECT_FALSE(
      tokens.verify(forge(first_key, head + R"(,"rol":["system"]})"), "orders").has_value());
}

TEST(identity_token, that_was_touched_is_refused) {
  wall_clock clock;
  identity_tokens tokens({first_key}, clock);
  std::string token = tokens.issue(ana(), "orders");
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (char other : {'A', 'B', '.', '\0', '\xff'}) {
      if (token[i] == other) continue;
      std::string broken = token;
      broken[i] = other;
      EXPECT_FALSE(tokens.verify(broken, "orders").has_value()) << "at " << i;
    }
    EXPECT_FALSE(tokens.verify(token.substr(0, i), "orders").has_value()) << "cut at " << i;
  }
}

TEST(identity_token, of_nonsense_is_refused) {
  wall_clock clock;
  identity_tokens tokens({first_key}, clock);
  for (const auto& bad :
       {std::string(), std::string("."), std::string("a.b.c"), std::string(20'000, '.'),
        forge(first_key, "not json"), forge(first_key, "[]"), forge(first_key, "{}"),
        forge(first_key, R"({"aud":"orders","exp":"soon"})"),
        forge(first_key, R"({"aud":"orders","exp":-1})"), forge(second_key, "{}")}) {
    EXPECT_EQ(tokens.verify(bad, "orders").error().code, "invalid_identity") << bad;
  }
}

TEST(identity_token, needs_good_keys) {
  wall_clock clock;
  EXPECT_THROW(identity_tokens({}, clock), std::invalid_argument);
  EXPECT_THROW(identity_tokens({first_key, "short"}, clock), std::invalid_argument);
}

TEST(proofs, are_of_one_purpose_text_and_key) {
  wall_clock clock;
  identity_tokens old_ones({std::string(32, 'a')}, clock);
  identity_tokens both({std::string(32, 'b'), std::string(32, 'a')}, clock);
  auto proof = old_ones.proof("csrf", "session-1");
  EXPECT_TRUE(old_ones.is_proof("csrf", "session-1", proof));
  EXPECT_TRUE(both.is_proof("csrf", "session-1", proof)) << "while keys rotate";
  EXPECT_FALSE(old_ones.is_proof("csrf", "session-1", both.proof("csrf", "session-1")));
  EXPECT_FALSE(old_ones.is_proof("csrf", "session-2", proof));
  EXPECT_FALSE(old_ones.is_proof("other", "session-1", proof));
  EXPECT_FALSE(old_ones.is_proof("csrf", "session-1", ""));
  EXPECT_FALSE(old_ones.is_proof("csrf", "session-1", proof + "A"));
}

}  // namespace
}  // namespace oficio::security
