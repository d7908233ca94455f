#include "platform/hosting/republishing.hpp"

#include <gtest/gtest.h>

#include "platform/json/json.hpp"
#include "platform/runtime/application.hpp"

namespace oficio::hosting {
namespace {

// Keeps what is published, or refuses it.
class keeping_bus final : public events::bus {
 public:
  awaitable<result<void>> subscribe(events::queue, events::handler) override { return done(); }
  awaitable<result<void>> publish(const context&, std::vector<events::envelope> all) override {
    if (away) co_return error{errc::unavailable, "events_unavailable", "away"};
    published.insert(published.end(), all.begin(), all.end());
    co_return result<void>{};
  }
  awaitable<result<std::vector<events::queue_status>>> status(const context&) override {
    co_return std::vector<events::queue_status>{};
  }
  awaitable<result<std::vector<events::dead_letter>>> dead_letters(const context&,
                                                                   std::size_t) override {
    co_return std::vector<events::dead_letter>{};
  }
  awaitable<result<void>> replay(const context&, std::string, std::string) override {
    return done();
  }
  awaitable<void> stop(std::chrono::milliseconds) override { co_return; }

  bool away = false;
  std::vector<events::envelope> published;

 private:
  static awaitable<result<void>> done() { co_return result<void>{}; }
};

awaitable<result<std::vector<events::retold>>> page_of(std::vector<std::string> subjects,
                                                       std::string after, std::size_t limit) {
  std::vector<events::retold> out;
  for (const auto& s : subjects) {
    if (s <= after || out.size() == limit) continue;
    out.push_back({s, 7, {}});
    // Of what ends in x there is nothing to tell.
    if (!s.ends_with('x')) out.back().facts.push_back({"sample.thing.changed", {{"it", s}}, {"a"}});
  }
  co_return out;
}

class republishing : public testing::Test {
 protected:
  republishing() {
    s_.name = "sample";
    for (std::vector<std::string> subjects :
         {std::vector<std::string>{}, {"a1", "a2x", "a3"}, {"b1"}}) {
      s_.facts.push_back(
          {"/oficio/sample", [subjects](const context&, std::string after, std::size_t limit) {
             return page_of(subjects, std::move(after), limit);
           }});
    }
    add_republishing(s_, bus_, clock_);
  }

  http::response ask(const std::string& query, std::vector<std::string> roles = {"gateway"}) {
    http::response out;
    runtime::application once({.io_threads = 1});
    auto send = [&]() -> awaitable<void> {
      http::request r;
      r.method = http::method::post;
      http::parse_target("/internal/republish" + query, r);
      r.ctx.who.roles = roles;
      out = co_await s_.routes.handle(r);
      once.request_stop();
    };
    once.run(send);
    return out;
  }

  wall_clock clock_;
  keeping_bus bus_;
  service s_;
};

TEST_F(republishing, tells_every_source_page_by_page) {
  std::string after;
  std::vector<std::int64_t> sent;
  for (;;) {
    auto got = ask("?limit=2&after=" + http::encode_segment(after));
    ASSERT_EQ(got.status, 200) << got.body;
    auto said = json::parse(got.body).value();
    sent.push_back(said.at("sent").to_number<std::int64_t>());
    if (said.at("next").is_null()) break;
    after = said.at("next").as_string();
  }
  EXPECT_EQ(sent, (std::vector<std::int64_t>{1, 1, 1, 0}));
  ASSERT_EQ(bus_.published.size(), 3U);
  EXPECT_EQ(bus_.published[0].subject, "a1");
  EXPECT_EQ(bus_.published[1].subject, "a3");
  EXPECT_EQ(bus_.published[2].subject, "b1");
}

TEST_F(republishing, a_fact_keeps_its_id_and_says_that_it_is_not_new) {
  ask("");
  ASSERT_EQ(bus_.published.size(), 2U);
  const auto& e = bus_.published[0];
  events::raised raised{"sample.thing.changed", {{"it", "a1"}}, {"a"}};
  EXPECT_EQ(e.id, events::seal(raised, "/oficio/sample", "a1", 7, 0, clock_.now(), {}).id);
  EXPECT_TRUE(e.republished);
  EXPECT_EQ(e.version(), 7);
}

TEST_F(republishing, says_so_when_the_bus_is_away) {
  bus_.away = true;
  EXPECT_EQ(ask("").status, 503);
}

TEST_F(republishing, refuses_what_was_no_place) {
  for (auto wrong : {"?after=x", "?after=1", "?after=%3Aa", "?after=99999999999999999999%3Aa"}) {
    EXPECT_EQ(ask(wrong).status, 400) << wrong;
  }
  EXPECT_EQ(json::parse(ask("?after=9%3Aa").body)->at("next"), nullptr);
  EXPECT_EQ(ask("?limit=0").status, 422);
}

TEST_F(republishing, is_for_the_gateway_alone) {
  EXPECT_EQ(ask("", {"user", "operator"}).status, 403);
  EXPECT_TRUE(bus_.published.empty());
}

}  // namespace
}  // namespace oficio::hosting
