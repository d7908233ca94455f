#include "drivers/smtp/server.hpp"

#include <gtest/gtest.h>

#include "platform/config/settings.hpp"

namespace oficio::smtp {
namespace {

server read(const std::string& text) {
  return read_server(config::parse_server_address("mail", text), {"Oficio", "no-reply@m.example"});
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

TEST(smtp_address, says_where_and_as_whom) {
  auto all = read("smtp://ana:p%40ss@mail.example:2525?from=shop@other.example&connections=7");
  EXPECT_EQ(all.host, "mail.example");
  EXPECT_EQ(all.port, 2525);
  EXPECT_EQ(all.user, "ana");
  EXPECT_EQ(all.password, "p@ss");
  EXPECT_EQ(all.from.address, "shop@other.example");
  EXPECT_EQ(all.from.name, "Oficio");
  EXPECT_EQ(all.connections, 7u);
  EXPECT_EQ(read("smtp://mail.example").port, 587);
  EXPECT_EQ(read("smtps://mail.example").port, 465);
  EXPECT_EQ(read("smtp://mail.example").from.address, "no-reply@m.example");
}

TEST(smtp_address, says_how_it_is_encrypted) {
  EXPECT_EQ(read("smtps://x").by, encryption::tls);
  EXPECT_EQ(read("smtp://x?tls=true").by, encryption::starttls);
  EXPECT_EQ(read("smtp://x?tls=required").by, encryption::starttls);
  EXPECT_EQ(read("smtp://x?tls=false").by, encryption::none);
  EXPECT_EQ(read("smtp://x").by, encryption::if_offered);
  EXPECT_FALSE(read("smtp://x").tls.verify);
  EXPECT_TRUE(read("smtp://x?tls=true").tls.verify);
  EXPECT_TRUE(read("smtps://x").tls.verify);
  // A password never goes out in clear unless somebody asked for just that.
  EXPECT_EQ(read("smtp://ana:pw@x").by, encryption::starttls);
  EXPECT_EQ(read("smtp://ana:pw@x?tls=false").by, encryption::none);
  EXPECT_NE(refusal("smtp://ana:pw@x?tls=opportunistic"), "");
}

TEST(smtp_address, what_makes_no_sense_is_refused_with_the_settings_name) {
  for (auto bad : {"http://x", "smtp://a,b", "smtp://x/path", "smtp://ana@x", "smtps://x?tls=false",
                   "smtp://x?tls=perhaps", "smtp://x?tls=false&verify=false",
                   "smtp://x?from=nobody", "smtp://x?connections=0", "smtp://x?colour=red"}) {
    EXPECT_TRUE(refusal(bad).starts_with("mail: ")) << bad << ": " << refusal(bad);
  }
}

}  // namespace oficio::smtp
