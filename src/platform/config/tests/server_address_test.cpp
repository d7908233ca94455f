#include "platform/config/server_address.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "platform/config/settings.hpp"

namespace oficio::config {
namespace {

std::string complaint(const std::string& value) {
  try {
    auto address = parse_server_address("events", value);
    address.allow_options({"tls", "ca", "certificate", "key", "verify", "pool"});
    read_server_tls(address, address.scheme == "amqps");
    address.number("pool", 4, 1, 64);
  } catch (const wrong_setting& e) {
    return e.what();
  }
  return "";
}

TEST(server_address, is_read_in_all_its_parts) {
  auto a = parse_server_address("events", "amqp://o%40f:p%3Aw@a:1,[::1]:2,c/v%2Fh?pool=7&tls=no");
  EXPECT_EQ(a.scheme, "amqp");
  EXPECT_EQ(a.user, "o@f");
  EXPECT_EQ(a.password, "p:w");
  ASSERT_EQ(a.hosts.size(), 3u);
  EXPECT_EQ(a.hosts[0].host, "a");
  EXPECT_EQ(a.hosts[0].port, 1);
  EXPECT_EQ(a.hosts[1].host, "::1");
  EXPECT_EQ(a.hosts[1].port, 2);
  EXPECT_EQ(a.hosts[2].host, "c");
  EXPECT_EQ(a.hosts[2].port, 0);
  EXPECT_EQ(a.path, "v/h");
  EXPECT_EQ(a.number("pool", 4, 1, 64), 7);
  EXPECT_EQ(a.number("other", 4, 1, 64), 4);
  EXPECT_FALSE(a.flag("tls", true));
  EXPECT_EQ(a.shown(), "amqp://a:1,[::1]:2,c/v/h");
}

TEST(server_address, takes_its_password_from_a_file) {
  std::string file = testing::TempDir() + "/oficio-password";
  std::ofstream(file) << "from file\n";
  EXPECT_EQ(parse_server_address("cache", "redis://h?password_file=" + file).password, "from file");
  EXPECT_NE(complaint("redis://u:p@h?password_file=" + file), "");
  EXPECT_NE(complaint("redis://h?password_file=/none"), "");
}

TEST(server_address, tells_what_is_wrong_and_never_the_password) {
  for (const auto* wrong : {"",
                            "amqp",
                            "amqp:host",
                            "://host",
                            "amqp://",
                            "amqp://u:hidden@",
                            "amqp://h:0",
                            "amqp://h:x",
                            "amqp://h:99999",
                            "amqp://h,",
                            "amqp://[::1",
                            "amqp://[::1]2",
                            "amqp://u:hid%zzn@h",
                            "amqp://h?=1",
                            "amqp://h?pool=1&pool=2",
                            "amqp://h?pool=0",
                            "amqp://h?pool=many",
                            "amqp://h?unknown=1",
                            "amqp://h?tls=perhaps",
                            "amqp://h?ca=/etc/hostname",
                            "amqps://h?tls=false",
                            "amqps://h?certificate=/etc/hostname",
                            "amqps://h?ca=/none"}) {
    auto said = complaint(wrong);
    EXPECT_TRUE(said.starts_with("events: ")) << wrong << " -> " << said;
    EXPECT_EQ(said.find("hid"), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  }
  EXPECT_EQ(complaint("amqps://h?verify=false"), "");
}

}  // namespace
}  // namespace oficio::config
