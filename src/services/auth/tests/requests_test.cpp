#include "services/auth/requests.hpp"

#include <gtest/gtest.h>

namespace oficio::auth {
namespace {

std::string codes(const sign_up_request& r) {
  json::violations found;
  check(r, found);
  std::string all;
  for (const auto& v : found.take()) all += v.pointer + ":" + v.code + " ";
  return all;
}

sign_up_request good() {
  return {.username = "ana", .email = "ana@example.com", .password = "correct horse"};
}

TEST(sign_up, takes_sensible_people) {
  EXPECT_EQ(codes(good()), "");
  auto r = good();
  r.country = "UY";
  r.locale = "es-UY";
  EXPECT_EQ(codes(r), "");
}

TEST(sign_up, names_are_3_to_30_plain_characters) {
  for (const std::string& name : {std::string("abc"), std::string("A-b_9"), std::string(30, 'a')}) {
    auto r = good();
    r.username = name;
    EXPECT_EQ(codes(r), "") << name;
  }
  for (const std::string& name :
       {std::string(), std::string("ab"), std::string(31, 'a'), std::string("9ab"),
        std::string("-ab"), std::string("_ab"), std::string("a b"), std::string("añb"),
        std::string("a'b"), std::string("a.b"), std::string("a%b"), std::string("abc\n"),
        std::string("ab\0c", 4), std::string("a@b")}) {
    auto r = good();
    r.username = name;
    EXPECT_EQ(codes(r), "/username:format ") << name;
  }
}

TEST(sign_up, addresses_must_be_plausible) {
  for (const std::string& email :
       {std::string("a@b.co"), std::string("o'hara+x%_y@mail.example.com"),
        std::string("A.B@EXAMPLE.COM"), std::string(64, 'a') + "@example.com",
        std::string("a@xn--bcher-kva.example")}) {
    auto r = good();
    r.email = email;
    EXPECT_EQ(codes(r), "") << email;
  }
  for (const std::string& email : {std::string(),
                                   std::string("a"),
                                   std::string("@"),
                                   std::string("a@"),
                                   std::string("@b.co"),
                                   std::string("a@b"),
                                   std::string("a@b."),
                                   std::string("a@.co"),
                                   std::string("a@b..co"),
                                   std::string("a@-b.co"),
                                   std::string("a@b-.co"),
                                   std::string("a@b.c"),
                                   std::string("a@1.22"),
                                   std::string(".a@b.co"),
                                   std::string("a.@b.co"),
                                   std::string("a..b@b.co"),
                                   std::string("a b@c.co"),
                                   std::string("a@b@c.co"),
                                   std::string("a@b.co\r\nBcc: x@y.co"),
                                   std::string("a,b@c.co"),
                                   std::string("<a@b.co>"),
                                   std::string("é@b.co"),
                                   std::string(65, 'a') + "@b.co",
                                   "a@" + std::string(64, 'b') + ".co",
                                   "a@" + std::string(260, 'b') + ".co"}) {
    auto r = good();
    r.email = email;
    EXPECT_EQ(codes(r), "/email:format ") << email;
  }
}

TEST(sign_up, passwords_are_counted_in_characters) {
  auto with = [](std::string password) {
    auto r = good();
    r.password = std::move(password);
    return codes(r);
  };
  std::string umlauts;
  for (int i = 0; i < 10; ++i) umlauts += "ü";
  EXPECT_EQ(with(umlauts), "");
  EXPECT_EQ(with(umlauts.substr(2)), "/password:too_short ");
  EXPECT_EQ(with(std::string(128, 'x')), "");
  EXPECT_EQ(with(std::string(129, 'x')), "/password:too_long ");
  EXPECT_EQ(with("ANA@example.COM"), "/password:too_easy ");
}

TEST(sign_up, tells_everything_at_once) {
  EXPECT_EQ(codes({"x", "y", "z", "uy", "Spanish"}),
            "/username:format /email:format /password:too_short /country:format /locale:format ");
}

TEST(sign_in, is_bounded) {
  json::violations found;
  check(sign_in_request{std::string(255, 'a'), std::string(2'000, 'a'), std::string(101, 'a')},
        found);
  EXPECT_EQ(found.take().size(), 3U);
}

}  // namespace
}  // namespace oficio::auth
