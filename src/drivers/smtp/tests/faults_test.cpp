#include <thread>

#include <gtest/gtest.h>

#include "drivers/smtp/mail.hpp"
#include "platform/config/settings.hpp"
#include "tests/conformance/mail/mail_server.hpp"
#include "tests/conformance/support.hpp"

namespace oficio::smtp {
namespace {

using conformance::run;
using conformance::run_all;
using mail::conformance::mail_server;
using namespace std::chrono_literals;

class a_mail_server : public testing::Test {
 protected:
  void SetUp() override { way_ = open(mail_server::address()); }
  void TearDown() override {
    mail_server::tell("resume");  // whatever a test that failed left behind
    mail_server::tell("start");
    mail_server::forget_refusals();
  }

  std::unique_ptr<mail::transport> open(const config::server_address& address) {
    return make_mail(address, {"Oficio", "no-reply@market.example"}, clock_, {nullptr, "test"});
  }

  std::string refusal(const config::server_address& address) {
    try {
      open(address);
    } catch (const config::wrong_setting& e) {
      return e.what();
    }
    return "";
  }

  // The code of what came of it; "" if it went.
  std::string send(const std::string& id, std::chrono::milliseconds patience = 1min) {
    mail::message m{.id = id, .to = "ana@example.org", .subject = id, .text = "t", .html = "h"};
    auto done = run(way_->send(context::for_system(patience), m));
    return done.has_value() ? "" : done.error().code;
  }

  static std::size_t arrived(const std::string& id) {
    std::size_t count = 0;
    for (const auto& one : mail_server::messages()) {
      if (one.raw.find("Message-ID: <" + id + "@") != std::string::npos) ++count;
    }
    return count;
  }

  bool goes_in_the_end(const std::string& id) {
    auto limit = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < limit) {
      if (send(id).empty()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  wall_clock clock_;
  std::unique_ptr<mail::transport> way_;
};

}  // namespace

TEST_F(a_mail_server, that_refuses_a_recipient_or_a_message_for_good_refuses_that_mail_alone) {
  for (auto [stage, code] : {std::pair("rcpt", 550), {"data", 554}, {"data", 552}}) {
    mail_server::refuse(stage, code);
    auto id = std::string(stage) + std::to_string(code);
    EXPECT_EQ(send(id), "mail_refused") << id;
    EXPECT_EQ(send(id + "-next"), "");
    EXPECT_EQ(arrived(id), 0u);
    EXPECT_EQ(arrived(id + "-next"), 1u);
  }
}

TEST_F(a_mail_server, that_refuses_for_now_gets_the_mail_later) {
  for (auto [stage, code] : {std::pair("mail", 451), {"rcpt", 450}, {"data", 452}}) {
    mail_server::refuse(stage, code);
    auto id = std::string(stage) + std::to_string(code);
    EXPECT_EQ(send(id), "mail_unavailable") << id;
    EXPECT_EQ(send(id), "");
    EXPECT_EQ(arrived(id), 1u);
  }
}

TEST_F(a_mail_server, that_does_not_take_our_sender_loses_no_mail) {
  mail_server::refuse("mail", 550);
  EXPECT_EQ(send("sender"), "mail_unavailable");
  mail_server::refuse("rcpt", 530);
  EXPECT_EQ(send("sender"), "mail_unavailable");
  EXPECT_EQ(send("sender"), "");
}

TEST_F(a_mail_server, that_is_away_is_found_again_and_gets_each_mail_once) {
  EXPECT_EQ(send("before"), "");
  mail_server::tell("kill");
  for (int i = 0; i < 200; ++i) EXPECT_EQ(send("away"), "mail_unavailable");
  auto seen = run(way_->ping(context::for_system()));
  EXPECT_EQ(seen.error().kind, errc::unavailable);
  mail_server::tell("start");
  EXPECT_TRUE(goes_in_the_end("away"));
  EXPECT_EQ(arrived("before"), 1u);
  EXPECT_EQ(arrived("away"), 1u);
}

TEST_F(a_mail_server, that_was_restarted_unseen_costs_no_mail) {
  EXPECT_EQ(send("first"), "");
  mail_server::tell("restart");
  EXPECT_EQ(send("second"), "");
  EXPECT_EQ(arrived("second"), 1u);
}

TEST_F(a_mail_server, that_hangs_holds_nobody_longer_than_the_deadline) {
  EXPECT_EQ(send("before-it-hangs"), "");
  mail_server::tell("pause");
  EXPECT_EQ(send("hanging", 300ms), "deadline_exceeded");
  mail_server::tell("resume");
  EXPECT_TRUE(goes_in_the_end("after-it-hung"));
}

TEST_F(a_mail_server, that_hangs_gets_no_unbounded_queue) {
  mail_server::tell("pause");
  std::vector<awaitable<result<void>>> work;
  auto ctx = context::for_system(1s);
  for (int i = 0; i < 400; ++i) {
    mail::message m{.id = "flood" + std::to_string(i), .to = "ana@example.org", .subject = "s"};
    work.push_back(way_->send(ctx, m));
  }
  std::size_t refused = 0;
  for (const auto& done : run_all(std::move(work), 1)) {
    ASSERT_TRUE(done.has_error());
    if (done.error().code == "mail_unavailable") ++refused;
  }
  EXPECT_GE(refused, 100u);
  mail_server::tell("resume");
  EXPECT_TRUE(goes_in_the_end("after-the-flood"));
}

TEST_F(a_mail_server, that_refuses_us_or_is_away_stops_the_start) {
  auto address = mail_server::address();
  EXPECT_EQ(refusal(address), "");
  address.password = "a-wrong-one";
  auto said = refusal(address);
  EXPECT_TRUE(said.starts_with("mail: mail cannot be handed to 127.0.0.1:")) << said;
  EXPECT_NE(said.find("535"), std::string::npos) << said;
  EXPECT_EQ(said.find("a-wrong-one"), std::string::npos);
  mail_server::tell("kill");
  EXPECT_TRUE(refusal(mail_server::address()).starts_with("mail: mail cannot be handed to"));
}

TEST_F(a_mail_server, whose_certificate_is_not_trusted_gets_no_password) {
  auto address = mail_server::address();
  address.options.erase("ca");
  EXPECT_NE(refusal(address), "");
  address.options["verify"] = "false";
  EXPECT_EQ(refusal(address), "");
}

}  // namespace oficio::smtp
