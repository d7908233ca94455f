#include <filesystem>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/embedded/mail/mail.hpp"
#include "platform/base/uuid.hpp"
#include "platform/json/json.hpp"
#include "services/notifications/dev_mail.hpp"

namespace oficio::notifications {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace asio = boost::asio;

class outbox_page : public testing::Test {
 protected:
  outbox_page()
      : folder_(std::filesystem::temp_directory_path() / uuid_v7(clock_.now())),
        outbox_(embedded::make_mail_outbox((folder_ / "mail.db").string(), pool_, clock_)) {
    add_dev_mail(routes_, *outbox_, {"Oficio", "no-reply@market.example"});
    send({.id = "m1",
          .to = "ana@example.com",
          .subject = "A <b>\"subject\"</b>",
          .text = "Hello,\nSee https://market.example/verify?token=t",
          .html = "<html><head></head><body onload=\"x()\"><script>alert(1)</script>"
                  "<a href='https://market.example/'>ñ</a></body></html>"});
    send({.id = "m2", .to = "bruno@example.com", .subject = "S", .text = "T", .html = "<p>H</p>"});
  }
  ~outbox_page() override {
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
  void send(mail::message m) {
    ASSERT_TRUE(run(outbox_->send(context::for_system(), std::move(m))).has_value());
  }
  http::response get(const std::string& target, const std::string& accept = "text/html") {
    http::request r;
    r.target = target;
    EXPECT_TRUE(http::parse_target(target, r));
    r.headers.add("Accept", accept);
    return run(routes_.handle(r));
  }

  asio::io_context io_;
  runtime::blocking_pool pool_{"test", 2, 100};
  wall_clock clock_;
  std::filesystem::path folder_;
  std::unique_ptr<mail::local_outbox> outbox_;
  http::router routes_;
};

TEST_F(outbox_page, shows_mails_where_they_can_do_nothing) {
  auto page = get("/dev/mail");
  ASSERT_EQ(page.status, 200);
  EXPECT_THAT(page.body,
              HasSubstr("<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
  EXPECT_THAT(page.body, Not(HasSubstr("allow-scripts")));
  EXPECT_THAT(page.body, Not(HasSubstr("allow-same-origin")));
  EXPECT_THAT(page.body, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page.body, Not(HasSubstr("onload=\"x()\"")));
  EXPECT_THAT(page.body, HasSubstr("&lt;base target=&quot;_blank&quot;&gt;"));
  EXPECT_THAT(page.body, HasSubstr("A &lt;b&gt;&quot;subject&quot;&lt;/b&gt;"));
  EXPECT_THAT(page.body, HasSubstr("<a href=\"https://market.example/verify?token=t\""));
  EXPECT_THAT(page.body, HasSubstr("<pre>Hello,\nSee https"));
  auto policy = std::string(page.headers.get("Content-Security-Policy"));
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("script-src")));
}

TEST_F(outbox_page, gives_programs_what_the_contract_says) {
  auto answer = get("/dev/mail?to=ana@example.com", "application/json");
  ASSERT_EQ(answer.status, 200);
  auto items = json::parse(answer.body).value().at("items").as_array();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].at("id"), "m1");
  EXPECT_EQ(items[0].at("to"), "ana@example.com");
  EXPECT_EQ(items[0].at("subject"), "A <b>\"subject\"</b>");
  EXPECT_EQ(items[0].at("links"), (json::value{"https://market.example/verify?token=t"}));
  for (auto name : {"text", "html", "at"}) EXPECT_TRUE(items[0].as_object().contains(name));
}

TEST_F(outbox_page, gives_one_as_it_would_travel) {
  auto answer = get("/dev/mail/m1");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Content-Type"), "message/rfc822");
  EXPECT_EQ(answer.headers.get("Content-Disposition"), "attachment");
  EXPECT_THAT(answer.body, HasSubstr("Message-ID: <m1@market.example>\r\n"));
}

TEST_F(outbox_page, refuses_what_it_does_not_know) {
  EXPECT_EQ(get("/dev/mail/m3").status, 404);
  EXPECT_EQ(get("/dev/mail/m1?x=y").status, 422);
  EXPECT_EQ(get("/dev/mail?limit=0").status, 422);
  EXPECT_EQ(get("/dev/mail?limit=x").status, 422);
  EXPECT_EQ(get("/dev/mail?colour=blue").status, 422);
  EXPECT_EQ(get("/dev/mail?to=" + std::string(201, 'a')).status, 422);
  EXPECT_EQ(get("/dev/mail?to=%E2%80%AEa").status, 422);
  EXPECT_THAT(get("/dev/mail?to=%27%20OR%201=1--").body, HasSubstr("No mail."));
  EXPECT_THAT(get("/dev/mail?to=%22%3E%3Cscript%3E").body, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace oficio::notifications
