#include "transport_conformance.hpp"

namespace oficio::mail::conformance {
namespace {

// Without the line that says when: the test cannot know the second.
std::string timeless(std::string mime) {
  auto start = mime.find("\r\nDate: ");
  if (start == std::string::npos) return "no date in: " + mime;
  return mime.erase(start, mime.find("\r\n", start + 2) - start);
}

}  // namespace

std::vector<arrived> transport_conformance::of(const std::string& id) {
  std::vector<arrived> out;
  for (auto& one : office_->received()) {
    if (one.mime.find("\r\nMessage-ID: <" + id + "@market.example>\r\n") != std::string::npos) {
      out.push_back(std::move(one));
    }
  }
  return out;
}

TEST_P(transport_conformance, mail_arrives_as_it_was_written) {
  auto m = mail("one");
  ASSERT_TRUE(send(m).has_value());
  auto got = of("one");
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].to, "ana@example.org");
  EXPECT_EQ(timeless(got[0].mime), timeless(to_mime(m, from_, clock_.now())));
}

TEST_P(transport_conformance, whatever_is_in_a_text_arrives) {
  auto m = mail("odd");
  m.subject = "¿Señor? " + std::string(300, 'x') + " =?utf-8?Q?no?= 日本語";
  m.text = ".\r\n..\n.\r\nFrom here on\r\nQUIT\r\n" + std::string(5'000, 'y') + "\r\n.\r\n=41 🙂 ";
  m.html = std::string(200'000, 'z') + "\r\n.\r\n\t \n";
  ASSERT_TRUE(send(m).has_value());
  auto got = of("odd");
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(timeless(got[0].mime), timeless(to_mime(m, from_, clock_.now())));
}

TEST_P(transport_conformance, many_mails_at_once_arrive_once_each) {
  std::vector<awaitable<result<void>>> work;
  for (int i = 0; i < 60; ++i) {
    work.push_back(office_->way().send(
        ctx_, mail("many-" + std::to_string(i), "p" + std::to_string(i) + "@example.org")));
  }
  for (const auto& done : run_all(std::move(work), 4)) EXPECT_TRUE(done.has_value());
  for (int i = 0; i < 60; ++i) {
    auto got = of("many-" + std::to_string(i));
    ASSERT_EQ(got.size(), 1u) << i;
    EXPECT_EQ(got[0].to, "p" + std::to_string(i) + "@example.org");
  }
}

TEST_P(transport_conformance, mail_that_no_server_would_take_is_refused_for_good) {
  auto two_lines = mail("bad");
  two_lines.subject = "Hello\r\nBcc: everybody@example.org";
  auto two_ids = mail("bad\r\nBcc: everybody@example.org");
  auto stop = mail("bad");
  stop.unsubscribe_url = "https://market.example/>\r\nBcc: everybody@example.org";
  for (const auto& bad : {mail(""), mail("bad", ""), mail("bad", "a@b.cd, e@f.gh"),
                          mail("bad", "a@b.cd>\r\nDATA"), two_lines, two_ids, stop}) {
    auto refused = send(bad);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, errc::invalid);
    EXPECT_EQ(refused.error().code, "mail_refused");
  }
  EXPECT_TRUE(of("bad").empty());
}

TEST_P(transport_conformance, nothing_is_begun_when_there_is_no_time_left) {
  context late = ctx_;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  auto done = run(office_->way().send(late, mail("late")));
  ASSERT_TRUE(done.has_error());
  EXPECT_EQ(done.error().kind, errc::timeout);
  EXPECT_TRUE(of("late").empty());
}

TEST_P(transport_conformance, it_would_take_mail) {
  EXPECT_TRUE(run(office_->way().ping(ctx_)).has_value());
  ASSERT_TRUE(send(mail("after-ping")).has_value());
  EXPECT_EQ(of("after-ping").size(), 1u);
}

}  // namespace oficio::mail::conformance
