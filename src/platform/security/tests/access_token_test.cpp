#include "platform/security/access_token.hpp"

#include <fstream>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/stat.h>

#include "platform/security/crypto.hpp"
#include "platform/security/sodium.hpp"
#include "platform/security/tests/temporary_folder.hpp"

namespace oficio::security {
namespace {

using namespace std::chrono_literals;

class access_token : public testing::Test {
 protected:
  access_token() : keys(text), verifier(clock, 4) {
    EXPECT_TRUE(verifier.set_keys(keys.jwks()).has_value());
  }

  access_claims claims(std::string sub = "0190") {
    auto now = clock.now();
    return {{.sub = std::move(sub),
             .username = "ana",
             .roles = {"user"},
             .sid = "s1",
             .locale = "es",
             .country = "UY",
             .email_verified = true},
            now,
            now + 15min};
  }

  std::string kid() {
    auto jwks = keys.jwks();
    return jwks.at("keys").as_array().at(0).as_object().at("kid").as_string().c_str();
  }

  static std::string kid_of(const std::string& token) {
    auto header = from_base64url(token.substr(0, token.find('.')));
    return boost::json::parse(header.value()).at("kid").as_string().c_str();
  }

  // Signs any header and claims with the real key.
  std::string sign_raw(std::string_view header, std::string_view body) {
    std::string raw(crypto_sign_SEEDBYTES, '\0');
    sodium_hex2bin(bytes_of(raw), raw.size(), seed.data(), seed.size(), nullptr, nullptr, nullptr);
    std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
    std::string open(crypto_sign_PUBLICKEYBYTES, '\0');
    crypto_sign_seed_keypair(bytes_of(open), bytes_of(secret), bytes_of(std::string_view(raw)));
    std::string head = base64url(header) + "." + base64url(body);
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(std::string_view(head)),
                         head.size(), bytes_of(std::string_view(secret)));
    return head + "." + base64url(signature);
  }
  std::string good_header() { return R"({"alg":"EdDSA","typ":"JWT","kid":")" + kid() + R"("})"; }
  std::string good_claims(std::string_view more = "") {
    auto exp = std::chrono::floor<std::chrono::seconds>(clock.now() + 1min);
    return R"({"iss":"oficio","aud":"oficio-api","sub":"x","exp":)" +
           std::to_string(exp.time_since_epoch().count()) + std::string(more) + "}";
  }

  std::string refusal(std::string_view token) {
    auto got = verifier.verify(token);
    return got.has_value() ? "accepted" : got.error().code;
  }

  wall_clock clock;
  std::string text = signing_keys::make_text();
  std::string seed = text.substr(0, text.find('\n'));
  signing_keys keys;
  access_verifier verifier;
};

TEST_F(access_token, carries_all_claims) {
  auto sent = claims();
  for (int i = 0; i < 2; ++i) {  // by signature, then from memory
    auto got = verifier.verify(keys.sign(sent));
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->who.sub, "0190");
    EXPECT_EQ(got->who.username, "ana");
    EXPECT_EQ(got->who.roles, (std::vector<std::string>{"user"}));
    EXPECT_EQ(got->who.sid, "s1");
    EXPECT_EQ(got->who.locale, "es");
    EXPECT_EQ(got->who.country, "UY");
    EXPECT_TRUE(got->who.email_verified);
    EXPECT_EQ(got->expires_at, std::chrono::floor<std::chrono::seconds>(sent.expires_at));
  }
}

TEST_F(access_token, expires_to_the_second_even_when_remembered) {
  std::string token = keys.sign(claims());
  EXPECT_EQ(refusal(token), "accepted");
  clock.advance(15min - 2s);
  EXPECT_EQ(refusal(token), "accepted");
  clock.advance(2s);
  EXPECT_EQ(refusal(token), "token_expired");
  EXPECT_EQ(refusal(token), "token_expired");
}

TEST_F(access_token, that_was_touched_is_refused) {
  std::string token = keys.sign(claims());
  ASSERT_EQ(refusal(token), "accepted");
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (char other : {'A', 'B', '.', '=', '\0'}) {
      if (token[i] == other) continue;
      std::string broken = token;
      broken[i] = other;
      EXPECT_NE(refusal(broken), "accepted") << "at " << i;
    }
    EXPECT_NE(refusal(token.substr(0, i)), "accepted") << "cut at " << i;
  }
  EXPECT_NE(refusal(token + "A"), "accepted");
  EXPECT_NE(refusal(token + "."), "accepted");
}

TEST_F(access_token, of_another_algorithm_is_refused) {
  ASSERT_EQ(refusal(sign_raw(good_header(), good_claims())), "accepted");
  for (std::string_view alg : {"none", "None", "HS256", "RS256", "eddsa", "Ed25519", ""}) {
    std::string header =
        R"({"alg":")" + std::string(alg) + R"(","typ":"JWT","kid":")" + kid() + R"("})";
    EXPECT_EQ(refusal(sign_raw(header, good_claims())), "invalid_token") << alg;
    EXPECT_EQ(refusal(base64url(header) + "." + base64url(good_claims()) + "."), "invalid_token");
    // The public key, which everybody has, as the secret of an HMAC.
    std::string head = base64url(header) + "." + base64url(good_claims());
    EXPECT_EQ(refusal(head + "." + base64url(hmac_sha256(kid(), head))), "invalid_token");
  }
}

TEST_F(access_token, for_somebody_else_is_refused) {
  auto with = [&](std::string_view claims_text) { return sign_raw(good_header(), claims_text); };
  auto exp = std::to_string(
      std::chrono::floor<std::chrono::seconds>(clock.now() + 1min).time_since_epoch().count());
  EXPECT_EQ(refusal(with(R"({"iss":"oficio","aud":"other","sub":"x","exp":)" + exp + "}")),
            "invalid_token");
  EXPECT_EQ(refusal(with(R"({"iss":"other","aud":"oficio-api","sub":"x","exp":)" + exp + "}")),
            "invalid_token");
  EXPECT_EQ(refusal(with(R"({"iss":"oficio","aud":"oficio-api","exp":)" + exp + "}")),
            "invalid_token");
  EXPECT_EQ(refusal(with(R"({"iss":"oficio","aud":"oficio-api","sub":"x"})")), "invalid_token");
  EXPECT_EQ(
      refusal(with(R"({"iss":"oficio","aud":"oficio-api","sub":"x","exp":9223372036854775807})")),
      "invalid_token");
  for (std::string_view role : {"system", "gateway"}) {
    EXPECT_EQ(refusal(with(good_claims(R"(,"roles":[")" + std::string(role) + R"("])"))),
              "invalid_token");
  }
  EXPECT_THROW(keys.sign({identity::system(), clock.now(), clock.now() + 1min}),
               std::invalid_argument);
}

TEST_F(access_token, of_nonsense_is_refused) {
  for (const auto& bad : {std::string(), std::string("."), std::string(".."), std::string("a.b.c"),
                          std::string("Bearer x"), std::string(100'000, 'A'),
                          std::string(9'000, '.'), sign_raw("[]", "[]"), sign_raw("{}", "{}"),
                          sign_raw(good_header(), "not json"), sign_raw(good_header(), "[1]")}) {
    EXPECT_EQ(refusal(bad), "invalid_token") << bad.substr(0, 50);
  }
}

TEST_F(access_token, of_an_unknown_key_says_so) {
  signing_keys others(signing_keys::make_text());
  EXPECT_EQ(refusal(others.sign(claims())), "unknown_key");
}

TEST_F(access_token, of_a_key_that_is_gone_is_not_remembered) {
  std::string token = keys.sign(claims());
  ASSERT_EQ(refusal(token), "accepted");
  signing_keys others(signing_keys::make_text());
  ASSERT_TRUE(verifier.set_keys(others.jwks()).has_value());
  EXPECT_EQ(refusal(token), "unknown_key");
}

TEST_F(access_token, memory_is_bounded) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 50; ++i) tokens.push_back(keys.sign(claims("account" + std::to_string(i))));
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      auto got = verifier.verify(tokens[i]);
      ASSERT_TRUE(got.has_value());
      EXPECT_EQ(got->who.sub, "account" + std::to_string(i));
      EXPECT_LE(verifier.remembered(), 4U);
    }
  }
  clock.advance(16min);
  for (const auto& token : tokens) EXPECT_EQ(refusal(token), "token_expired");
  EXPECT_EQ(verifier.remembered(), 0U);
}

TEST_F(access_token, is_verified_by_many_threads_while_keys_change) {
  signing_keys others(signing_keys::make_text());
  std::string token = keys.sign(claims());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 300; ++i) {
        auto got = verifier.verify(token);
        if (!got.has_value()) EXPECT_EQ(got.error().code, "unknown_key");
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(verifier.set_keys(i % 2 ? keys.jwks() : others.jwks()).has_value());
  }
}

TEST_F(access_token, several_keys_verify_and_the_newest_signs) {
  std::string old_token = keys.sign(claims());
  signing_keys rotated(signing_keys::make_text() + text);
  EXPECT_EQ(rotated.jwks().at("keys").as_array().size(), 2U);
  ASSERT_TRUE(verifier.set_keys(rotated.jwks()).has_value());
  EXPECT_EQ(refusal(old_token), "accepted");
  EXPECT_EQ(refusal(rotated.sign(claims())), "accepted");
}

TEST_F(access_token, a_new_key_is_published_before_it_signs_and_the_old_one_verifies_on) {
  auto now = clock.now();
  auto first = kid_of(keys.sign(claims()));
  auto [changed, done] = rotate_signing_keys(text, now);
  EXPECT_EQ(done.old_kid, first);
  EXPECT_TRUE(keys.replace(changed));
  EXPECT_FALSE(keys.replace(changed)) << "nothing is new";
  EXPECT_EQ(keys.jwks(now).at("keys").as_array().size(), 2U);
  ASSERT_TRUE(verifier.set_keys(keys.jwks(now)).has_value());

  auto token_at = [&](time_point at) {
    return keys.sign({claims().who, at, at + std::chrono::minutes(15)});
  };
  EXPECT_EQ(kid_of(token_at(now)), first);
  EXPECT_EQ(kid_of(token_at(done.signs_from)), done.new_kid);
  auto last_of_old = token_at(done.signs_from - std::chrono::milliseconds(1));
  EXPECT_EQ(kid_of(last_of_old), first);
  auto end_of_life = done.signs_from + std::chrono::minutes(15);
  EXPECT_EQ(keys.jwks(end_of_life).at("keys").as_array().size(), 2U);
  EXPECT_EQ(refusal(last_of_old), "accepted");
  EXPECT_EQ(refusal(token_at(done.signs_from)), "accepted");
  EXPECT_EQ(keys.jwks(done.old_until).at("keys").as_array().size(), 1U);
}

TEST_F(access_token, keys_may_rotate_again_meanwhile) {
  auto now = clock.now();
  auto second = rotate_signing_keys(text, now);
  auto third = rotate_signing_keys(second.text, now + std::chrono::seconds(30));
  signing_keys all(third.text);
  EXPECT_EQ(all.jwks(now).at("keys").as_array().size(), 3U);
  auto kid_at = [&](time_point at) {
    return kid_of(all.sign({claims().who, at, at + std::chrono::minutes(15)}));
  };
  EXPECT_EQ(kid_at(second.what.signs_from), second.what.new_kid);
  EXPECT_EQ(kid_at(third.what.signs_from), third.what.new_kid);
  EXPECT_EQ(all.jwks(third.what.old_until).at("keys").as_array().size(), 1U);
  auto later = rotate_signing_keys(third.text, third.what.old_until);
  EXPECT_EQ(later.what.old_kid, third.what.new_kid);
  EXPECT_TRUE(all.replace(later.text));
  EXPECT_EQ(all.jwks().at("keys").as_array().size(), 2U) << "what nobody needs is removed";
}

TEST_F(access_token, keys_do_not_rotate_without_end) {
  for (int i = 0; i < 15; ++i) text = rotate_signing_keys(text, clock.now()).text;
  EXPECT_THROW(rotate_signing_keys(text, clock.now()), std::runtime_error);
  EXPECT_NO_THROW(rotate_signing_keys(text, clock.now() + std::chrono::hours(1)));
}

TEST_F(access_token, keys_are_kept_when_their_text_breaks) {
  EXPECT_THROW(keys.replace("broken"), std::runtime_error);
  EXPECT_THROW(keys.replace(""), std::runtime_error);
  EXPECT_EQ(refusal(keys.sign(claims())), "accepted");
}

TEST_F(access_token, nothing_is_signed_without_a_key) {
  signing_keys none;
  EXPECT_TRUE(none.jwks().at("keys").as_array().empty());
  EXPECT_THROW(none.sign(claims()), std::logic_error);
}

TEST_F(access_token, keys_of_the_same_text_are_the_same) {
  signing_keys again(text);
  EXPECT_EQ(boost::json::serialize(again.jwks()), boost::json::serialize(keys.jwks()));
  EXPECT_EQ(boost::json::serialize(keys.jwks()).find(seed), std::string::npos);
}

TEST_F(access_token, broken_keys_are_refused) {
  for (std::string_view content :
       {"", "\n", "zz", "abcd", "KEY from=yesterday", "KEY from", "KEY for=2026-01-01T00:00:00Z"}) {
    auto broken = std::string(content);
    if (broken.starts_with("KEY")) broken.replace(0, 3, random_hex(32));
    EXPECT_THROW(signing_keys(broken).jwks(), std::runtime_error) << content;
  }
}

TEST_F(access_token, bad_key_lists_are_refused_and_change_nothing) {
  std::string token = keys.sign(claims());
  for (std::string_view text :
       {R"({})", R"({"keys":1})", R"({"keys":[]})", R"({"keys":[1]})",
        R"({"keys":[{"kty":"RSA"}]})", R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a"}]})",
        R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA"}]})"}) {
    auto set = verifier.set_keys(boost::json::parse(text).as_object());
    ASSERT_FALSE(set.has_value()) << text;
    EXPECT_EQ(set.error().code, "bad_jwks");
  }
  EXPECT_EQ(refusal(token), "accepted");
}

}  // namespace
}  // namespace oficio::security
