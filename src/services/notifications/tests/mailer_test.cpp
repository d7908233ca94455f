#include <filesystem>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "drivers/embedded/mail/mail.hpp"
#include "platform/base/uuid.hpp"
#include "platform/security/crypto.hpp"
#include "services/notifications/events.hpp"

namespace oficio::notifications {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class mailer_test : public testing::Test {
 protected:
  mailer_test()
      : folder_(std::filesystem::temp_directory_path() / uuid_v7(clock_.now())),
        outbox_(embedded::make_mail_outbox((folder_ / "mail.db").string(), pool_, clock_)),
        mailer_(*outbox_, clock_, telemetry::logger(nullptr, "test"),
                {.public_url = "http://localhost:4000", .seal_key = std::string(32, 'k')}) {}
  ~mailer_test() override {
    outbox_.reset();
    std::filesystem::remove_all(folder_);
  }

  template <class T>
  T run(awaitable<T> work) {
    auto done = asio::co_spawn(asio::make_strand(io_), std::move(work), asio::use_future);
    io_.restart();
    io_.run();
    return done.get();
  }

  std::size_t sent() { return run(outbox_->list(ctx_, "", 100)).value().size(); }

  events::envelope verification(std::string token) {
    events::envelope e;
    e.id = uuid_v5("verification");
    e.data = {{"email", "ana@example.com"},
              {"username", "ana"},
              {"locale", "en"},
              {"token", std::move(token)},
              {"not_after", format_time(clock_.now() + 1h)}};
    return e;
  }

  events::envelope notice(bool wants) {
    events::envelope e;
    e.id = uuid_v5("notice");
    e.data = {
        {"email", "ana@example.com"},
        {"username", "ana"},
        {"locale", "es"},
        {"channels", {{"email", wants}, {"live", true}}},
        {"notice", {{"kind", "order.paid"}, {"text", "Tienes un pedido"}, {"link", "/orders/1"}}},
        {"facts", {{"title", "Un búho"}, {"actor", "bruno"}}},
        {"unsubscribe", security::seal(std::string(32, 'k'), "st-op")},
        {"not_after", format_time(clock_.now() + 1h)}};
    return e;
  }

  asio::io_context io_;
  runtime::blocking_pool pool_{"test", 2, 100};
  wall_clock clock_;
  context ctx_ = context::for_system();
  std::filesystem::path folder_;
  std::unique_ptr<mail::local_outbox> outbox_;
  mailer mailer_;
};

TEST_F(mailer_test, an_event_that_comes_twice_is_one_mail) {
  auto e = verification(security::seal(std::string(32, 'k'), "the-token"));
  EXPECT_TRUE(run(mailer_.on_verification(e, ctx_)).has_value());
  EXPECT_TRUE(run(mailer_.on_verification(e, ctx_)).has_value());
  auto mails = run(outbox_->list(ctx_, "ana@example.com", 10)).value();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_NE(mails[0].mail.text.find("token=the-token"), std::string::npos);
}

TEST_F(mailer_test, secrets_of_the_account_are_mailed) {
  auto code = verification("");
  code.data["code"] = security::seal(std::string(32, 'k'), "012345");
  EXPECT_TRUE(run(mailer_.on_challenge(code, ctx_)).has_value());
  auto reset = verification(security::seal(std::string(32, 'k'), "the-token"));
  reset.id = uuid_v5("reset");
  reset.data["locale"] = "es";
  EXPECT_TRUE(run(mailer_.on_reset(reset, ctx_)).has_value());
  reset.id = uuid_v5("changed");
  EXPECT_TRUE(run(mailer_.on_password_changed(reset, ctx_)).has_value());
  auto mails = run(outbox_->list(ctx_, "ana@example.com", 10)).value();
  ASSERT_EQ(mails.size(), 3U);
  EXPECT_EQ(mails[0].mail.subject, "Tu contraseña ha cambiado");
  EXPECT_NE(mails[1].mail.text.find("http://localhost:4000/reset?token=the-token"),
            std::string::npos);
  EXPECT_NE(mails[2].mail.text.find("\n    012345\n"), std::string::npos);
  EXPECT_FALSE(run(mailer_.on_challenge(verification(""), ctx_)).has_value());
}

TEST_F(mailer_test, a_token_that_cannot_be_opened_is_an_error) {
  auto done = run(mailer_.on_verification(verification("nonsense"), ctx_));
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, "unreadable_secret");
  EXPECT_EQ(sent(), 0U);
}

TEST_F(mailer_test, what_is_too_late_or_republished_is_not_sent) {
  auto late = notice(true);
  late.data["not_after"] = format_time(clock_.now() - 1s);
  EXPECT_TRUE(run(mailer_.on_notice(late, ctx_)).has_value());
  auto again = notice(true);
  again.republished = true;
  EXPECT_TRUE(run(mailer_.on_notice(again, ctx_)).has_value());
  EXPECT_EQ(sent(), 0U);
}

TEST_F(mailer_test, a_notice_is_sent_to_those_who_want_mail) {
  EXPECT_TRUE(run(mailer_.on_notice(notice(false), ctx_)).has_value());
  EXPECT_EQ(sent(), 0U);
  EXPECT_TRUE(run(mailer_.on_notice(notice(true), ctx_)).has_value());
  auto mails = run(outbox_->list(ctx_, "", 10)).value();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].mail.id, notice(true).id);
  EXPECT_EQ(mails[0].mail.subject, "Nuevo pedido: «Un búho»");
  EXPECT_EQ(mails[0].mail.unsubscribe_url, "http://localhost:4000/api/v1/unsubscribe?token=st-op");
  EXPECT_NE(mails[0].mail.text.find("http://localhost:4000/orders/1"), std::string::npos);
}

}  // namespace
}  // namespace oficio::notifications
