#include "drivers/redis/protocol.hpp"

#include <gtest/gtest.h>

#include "drivers/redis/endpoint.hpp"
#include "platform/config/settings.hpp"

namespace oficio::redis {
namespace {

endpoint read(const std::string& text) {
  return read_endpoint(config::parse_server_address("cache", text));
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const config::wrong_setting& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST(redis_protocol, a_command_says_the_size_of_each_word) {
  EXPECT_EQ(command({"SET", "k\r\n", ""}), "*3\r\n$3\r\nSET\r\n$3\r\nk\r\n\r\n$0\r\n\r\n");
}

TEST(redis_protocol, replies_are_read_from_pieces_of_any_size) {
  std::string bytes = "+OK\r\n$-1\r\n:42\r\n$3\r\na\r\n\r\n-ERR no\r\n*2\r\n$1\r\nx\r\n:7\r\n";
  for (std::size_t step : {std::size_t{1}, std::size_t{3}, bytes.size()}) {
    reply_reader in;
    std::vector<reply> got;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      in.feed(std::string_view(bytes).substr(at, step));
      for (reply one; in.next(one).value();) got.push_back(one);
    }
    ASSERT_EQ(got.size(), 6u);
    EXPECT_EQ(got[0].text, "OK");
    EXPECT_EQ(got[1].is, reply::type::nothing);
    EXPECT_EQ(got[2].number, 42);
    EXPECT_EQ(got[3].text, "a\r\n");
    EXPECT_TRUE(got[4].failed());
    ASSERT_EQ(got[5].items.size(), 2u);
    EXPECT_EQ(got[5].items[1].number, 7);
  }
}

TEST(redis_protocol, what_is_no_redis_is_told) {
  reply_reader in;
  in.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
  reply one;
  EXPECT_EQ(in.next(one).error().code, "not_redis");
}

TEST(redis_address, says_who_we_are_and_which_part_is_ours) {
  auto all = read("redis://ana:s%40cret@cache.example:7000/3?prefix=market:");
  EXPECT_EQ(all.host, "cache.example");
  EXPECT_EQ(all.port, "7000");
  EXPECT_EQ(all.user, "ana");
  EXPECT_EQ(all.password, "s@cret");
  EXPECT_EQ(all.database, "3");
  EXPECT_EQ(all.prefix, "market:");
  EXPECT_FALSE(all.tls);
  auto least = read("redis://[::1]");
  EXPECT_EQ(least.host, "::1");
  EXPECT_EQ(least.port, "6379");
  EXPECT_EQ(least.database, "0");
  EXPECT_EQ(least.prefix, "oficio:");
  EXPECT_TRUE(read("rediss://cache.example").tls);
  EXPECT_TRUE(read("redis://cache.example?tls=true").tls);
}

TEST(redis_address, what_makes_no_sense_is_refused_with_the_settings_name) {
  for (auto bad : {"http://x", "redis://a,b", "redis://ana@x", "redis://x/books",
                   "redis://x/123456", "redis://x?verify=false", "rediss://x?tls=false",
                   "redis://x?colour=red", "rediss://x?ca=/nowhere.pem"}) {
    EXPECT_TRUE(refusal(bad).starts_with("cache: ")) << bad << ": " << refusal(bad);
  }
}

}  // namespace oficio::redis
