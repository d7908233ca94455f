#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "conformance/support.hpp"
#include "drivers/embedded/mail/mail.hpp"
#include "transport_conformance.hpp"

namespace oficio::mail::conformance {
namespace {

using texts = std::vector<std::string>;

// How a local outbox under test is made; the same folder names the same outbox again.
struct driver_under_test {
  std::string name;
  std::function<std::unique_ptr<local_outbox>(
      const std::string& folder, runtime::blocking_pool& pool, const wall_clock& clock)>
      make;
};

class outbox_conformance : public testing::TestWithParam<driver_under_test> {
 protected:
  void SetUp() override { restart(); }
  void restart() {
    outbox_.reset();
    outbox_ = GetParam().make(folder_.path(), pool_, clock_);
  }

  static message mail(std::string id, std::string to = "ana@example.org") {
    return {.id = id,
            .to = std::move(to),
            .subject = "About " + id,
            .text = "Hola ñ",
            .html = "<p>",
            .language = "es",
            .unsubscribe_url = "https://market.example/stop?token=t"};
  }
  result<void> send(message m) { return run(outbox_->send(ctx_, std::move(m))); }
  std::vector<sent_message> list(std::string to = {}, std::size_t limit = 100) {
    return run(outbox_->list(ctx_, std::move(to), limit)).value();
  }
  texts ids(std::string to = {}, std::size_t limit = 100) {
    texts out;
    for (const auto& m : list(std::move(to), limit)) out.push_back(m.mail.id);
    return out;
  }

  oficio::conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"mail", 2, 256};
  wall_clock clock_;
  context ctx_ = context::for_system(std::chrono::minutes(1));
  std::unique_ptr<local_outbox> outbox_;
};

// What is kept counts as received.
class kept_mail final : public post_office {
 public:
  kept_mail(std::unique_ptr<local_outbox> in, sender from)
      : in_(std::move(in)), from_(std::move(from)) {}
  transport& way() override { return *in_; }
  std::vector<arrived> received() override {
    std::vector<arrived> out;
    auto all = run(in_->list(context::for_system(), "", 1'000)).value();
    for (const auto& one : all) out.push_back({one.mail.to, to_mime(one.mail, from_, one.at)});
    return out;
  }

 private:
  std::unique_ptr<local_outbox> in_;
  sender from_;
};

}  // namespace

TEST_P(outbox_conformance, mail_is_listed_whole_newest_first) {
  clock_.advance(std::chrono::hours(73));
  auto before = clock_.now();
  ASSERT_TRUE(send(mail("one")).has_value());
  ASSERT_TRUE(send(mail("two")).has_value());
  EXPECT_EQ(ids(), (texts{"two", "one"}));
  EXPECT_EQ(ids({}, 1), texts{"two"});
  auto one = list().at(1);
  EXPECT_EQ(one.mail.to, "ana@example.org");
  EXPECT_EQ(one.mail.subject, "About one");
  EXPECT_EQ(one.mail.text, "Hola ñ");
  EXPECT_EQ(one.mail.html, "<p>");
  EXPECT_EQ(one.mail.language, "es");
  EXPECT_EQ(one.mail.unsubscribe_url, "https://market.example/stop?token=t");
  EXPECT_GE(one.at, before);
  EXPECT_LE(one.at, clock_.now());
}

TEST_P(outbox_conformance, one_mail_is_found_by_its_id) {
  ASSERT_TRUE(send(mail("one")).has_value());
  EXPECT_EQ(run(outbox_->get(ctx_, "one")).value()->mail.subject, "About one");
  EXPECT_FALSE(run(outbox_->get(ctx_, "two")).value().has_value());
}

TEST_P(outbox_conformance, mail_is_listed_by_recipient_whatever_the_case) {
  ASSERT_TRUE(send(mail("one", "ana@example.org")).has_value());
  ASSERT_TRUE(send(mail("two", "Bob@example.org")).has_value());
  EXPECT_EQ(ids("bob@Example.org"), texts{"two"});
  EXPECT_EQ(ids("nobody@example.org"), texts{});
}

TEST_P(outbox_conformance, a_message_that_is_there_already_is_not_kept_twice) {
  ASSERT_TRUE(send(mail("one")).has_value());
  ASSERT_TRUE(send(mail("two")).has_value());
  auto again = mail("one");
  again.subject = "Changed";
  ASSERT_TRUE(send(again).has_value());
  EXPECT_EQ(ids(), (texts{"two", "one"}));
  EXPECT_EQ(list().at(1).mail.subject, "About one");
}

TEST_P(outbox_conformance, mail_is_still_there_after_a_restart) {
  ASSERT_TRUE(send(mail("one")).has_value());
  restart();
  ASSERT_TRUE(send(mail("one")).has_value());
  EXPECT_EQ(ids(), texts{"one"});
}

TEST_P(outbox_conformance, the_newest_ten_thousand_are_kept) {
  for (int from = 0; from < 10'010; from += 1'001) {
    std::vector<awaitable<result<void>>> work;
    for (int i = from; i < from + 1'001; ++i) {
      work.push_back(outbox_->send(ctx_, mail(std::to_string(i))));
    }
    for (const auto& done : run_all(std::move(work))) ASSERT_TRUE(done.has_value());
  }
  EXPECT_EQ(ids({}, 20'000).size(), 10'000u);
  auto newest = mail("newest");
  ASSERT_TRUE(send(newest).has_value());
  EXPECT_EQ(ids({}, 1), texts{"newest"});
  EXPECT_EQ(ids({}, 20'000).size(), 10'000u);
}

INSTANTIATE_TEST_SUITE_P(embedded, outbox_conformance,
                         testing::Values(driver_under_test{
                             "sqlite",
                             [](const std::string& folder, runtime::blocking_pool& pool,
                                const wall_clock& clock) {
                               return embedded::make_mail_outbox(folder + "/mail.db", pool, clock);
                             }}),
                         [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(embedded, transport_conformance,
                         testing::Values(office_under_test{
                             "sqlite",
                             [](const std::string& folder, const sender& from,
                                runtime::blocking_pool& pool,
                                const wall_clock& clock) -> std::unique_ptr<post_office> {
                               auto outbox =
                                   embedded::make_mail_outbox(folder + "/mail.db", pool, clock);
                               return std::make_unique<kept_mail>(std::move(outbox), from);
                             }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace oficio::mail::conformance
