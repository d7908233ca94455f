#include "platform/http/address.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace oficio::http {
namespace {

TEST(networks, hold_addresses) {
  networks some("10.0.0.0/8, 192.168.1.7,fd00::/8, 203.0.113.128/25");
  for (auto in : {"10.0.0.1", "10.255.255.255", "192.168.1.7", "fd12:3456::1", "203.0.113.128",
                  "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(some.contains(in)) << in;
  }
  for (auto out : {"11.0.0.1", "192.168.1.8", "fe80::1", "203.0.113.127", "", "ten", "10.0.0.1 "}) {
    EXPECT_FALSE(some.contains(out)) << out;
  }
  EXPECT_FALSE(networks("").contains("10.0.0.1"));
  EXPECT_TRUE(networks("0.0.0.0/0").contains("8.8.8.8"));
  EXPECT_FALSE(networks("0.0.0.0/0").contains("2001:db8::1"));
}

TEST(networks, are_told_from_what_is_none) {
  for (auto bad : {"10.0.0.0/33", "10.0.0", "proxy", "10.0.0.1,,10.0.0.2", "10.0.0.0/",
                   "fd00::/129", "10.0.0.0/-1", "10.0.0.0/8x"}) {
    EXPECT_THROW(networks{bad}, std::invalid_argument) << bad;
  }
}

TEST(client_network, takes_an_ipv6_household_as_one) {
  EXPECT_EQ(client_network("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(client_network("::ffff:10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(client_network("2001:db8:1:2:3::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_network("unknown"), "unknown");
}

TEST(loopback, is_this_machine) {
  for (auto in : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(in));
  for (auto out : {"10.0.0.1", "::2", "localhost", ""}) EXPECT_FALSE(is_loopback(out));
}

}  // namespace
}  // namespace oficio::http
