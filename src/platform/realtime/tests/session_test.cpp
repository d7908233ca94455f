// The session alone: its transports are scripted.
#include "platform/realtime/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/realtime/engine_core.hpp"

namespace oficio::realtime {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct user final : session_user {
  void received(std::string_view data, bool binary) override {
    got.push_back((binary ? "b:" : "") + std::string(data));
  }
  void closed(end_reason why) override { got.push_back("closed: " + std::string(to_string(why))); }
  bool wants_pause() override { return false; }
  std::vector<std::string> got;
};

struct scripted_websocket final : outlet {
  void wake() override { ++wakes; }
  void resume() override {}
  void shut(end_reason) override { how += "shut"; }
  void drop() override { how += "drop"; }
  std::vector<std::string> take(session& from, std::size_t bytes = 1'000'000) {
    std::vector<frame::pointer> frames;
    from.take(*this, bytes, frames);
    std::vector<std::string> out;
    for (const auto& f : frames) out.emplace_back(f->packet());
    return out;
  }
  int wakes = 0;
  std::string how;
};

class a_session : public testing::Test {
 protected:
  void begin(bool websocket, engine_options o = {.ping_interval = 1h}) {
    core = std::make_shared<engine_core>(io, o, nullptr);
    it = std::make_shared<session>(core, io.get_executor(), "id", nullptr, nullptr);
    who = std::make_shared<user>();
    core->add(it);
    line = std::make_shared<scripted_websocket>();
    it->begin(who, websocket ? line : nullptr);
  }
  ~a_session() override { core->stop_deadlines(); }

  bool send(std::string_view text) {
    auto f = frame::text({"4", text});
    return it->send({&f, 1});
  }
  // A GET; "-" while it waits.
  struct get {
    explicit get(session& of) : it(of) {
      p->ready = [this] { ++ready; };
      refused = it.begin_poll(p) != session::refusal::none;
    }
    std::string answer() {
      if (refused) return "refused";
      if (ready == 0) return "-";
      auto body = it.take(p);
      return body.empty() ? "-" : body;
    }
    session& it;
    std::shared_ptr<poll> p = std::make_shared<poll>();
    int ready = 0;
    bool refused = false;
  };
  session::refusal post(std::string_view body) {
    auto refused = it->begin_post();
    if (refused == session::refusal::none) {
      it->end_post(read_payload(body, [&](const auto& p) { return it->receive(p); }));
    }
    return refused;
  }
  session::probe_step probe(std::string_view text) {
    engine_packet p;
    EXPECT_TRUE(read_packet(text, p));
    return it->probe(line, p);
  }
  // Deadlines, until something holds.
  void run_until(const std::function<bool()>& holds) {
    auto until = std::chrono::steady_clock::now() + 5s;
    while (!holds() && std::chrono::steady_clock::now() < until) io.run_one_for(10ms);
    EXPECT_TRUE(holds());
  }

  boost::asio::io_context io;
  std::shared_ptr<engine_core> core;
  std::shared_ptr<session> it;
  std::shared_ptr<user> who;
  std::shared_ptr<scripted_websocket> line;
};

TEST_F(a_session, answers_a_get_with_what_waits) {
  begin(false);
  send("a");
  send("b");
  EXPECT_EQ(get(*it).answer(),
            "4a\x1e"
            "4b");
  get waiting(*it);
  EXPECT_EQ(waiting.answer(), "-");
  send("c");
  send("d");
  EXPECT_EQ(waiting.ready, 1);
  EXPECT_EQ(waiting.answer(),
            "4c\x1e"
            "4d");
}

TEST_F(a_session, answers_with_no_more_than_fits) {
  begin(false, {.ping_interval = 1h, .max_payload = 10});
  for (int i = 0; i < 3; ++i) send("12345");
  EXPECT_EQ(get(*it).answer(), "412345");
  EXPECT_EQ(get(*it).answer(), "412345");
}

TEST_F(a_session, ends_if_two_gets_wait) {
  begin(false);
  get first(*it);
  get second(*it);
  EXPECT_EQ(second.answer(), "refused");
  EXPECT_EQ(first.answer(), "1");
  EXPECT_EQ(get(*it).answer(), "refused");
  EXPECT_THAT(who->got, ElementsAre("closed: protocol error"));
  EXPECT_EQ(core->size(), 0u);
}

TEST_F(a_session, ends_if_two_posts_overlap) {
  begin(false);
  EXPECT_EQ(it->begin_post(), session::refusal::none);
  EXPECT_EQ(it->begin_post(), session::refusal::overlap);
  EXPECT_THAT(who->got, ElementsAre("closed: protocol error"));
}

TEST_F(a_session, ends_with_its_get) {
  begin(false);
  get waiting(*it);
  it->poll_lost(waiting.p);
  EXPECT_THAT(who->got, ElementsAre("closed: line lost"));
}

TEST_F(a_session, takes_the_packets_of_a_post_in_order) {
  begin(false);
  EXPECT_EQ(post("4a\x1e"
                 "bAQ==\x1e"
                 "6\x1e"
                 "4c"),
            session::refusal::none);
  EXPECT_THAT(who->got, ElementsAre("a", "b:\x01", "c"));
}

TEST_F(a_session, ends_at_what_is_no_packet) {
  for (auto bad : {"abc", "2", "0{}", ""}) {
    begin(false);
    post("4a\x1e" + std::string(bad) +
         "\x1e"
         "4b");
    EXPECT_THAT(who->got, ElementsAre("a", "closed: protocol error")) << bad;
    core->stop_deadlines();
  }
}

TEST_F(a_session, ends_when_its_client_says_so) {
  begin(false);
  get waiting(*it);
  post(
      "1\x1e"
      "4late");
  EXPECT_EQ(waiting.answer(), "6");
  EXPECT_THAT(who->got, ElementsAre("closed: client closed"));
  EXPECT_FALSE(send("a"));
  EXPECT_EQ(it->begin_post(), session::refusal::not_here);
}

TEST_F(a_session, delivers_what_waits_before_it_ends) {
  begin(false);
  send("last words");
  it->close(end_reason::server_closed);
  EXPECT_THAT(who->got, ElementsAre("closed: server closed"));
  EXPECT_EQ(core->size(), 1u);
  EXPECT_EQ(get(*it).answer(),
            "4last words\x1e"
            "1");
  EXPECT_EQ(core->size(), 0u);
}

TEST_F(a_session, does_not_wait_for_ever_for_that) {
  begin(false, {.ping_interval = 1h, .close_timeout = 20ms});
  it->close(end_reason::server_closed);
  run_until([&] { return core->size() == 0; });
}

TEST_F(a_session, wakes_its_websocket_once_for_many_packets) {
  begin(true);
  EXPECT_THAT(line->take(*it), testing::SizeIs(1));  // open
  send("a");
  send("b");
  EXPECT_EQ(line->wakes, 1);
  EXPECT_THAT(line->take(*it), ElementsAre("4a", "4b"));
  send("c");
  EXPECT_EQ(line->wakes, 2);
  it->cork(true);
  EXPECT_THAT(line->take(*it), ElementsAre("4c"));
  send("d");
  EXPECT_EQ(line->wakes, 2);
}

TEST_F(a_session, loses_and_repeats_nothing_while_it_changes_over) {
  begin(false);
  ASSERT_TRUE(it->begin_probe(line));
  EXPECT_FALSE(it->begin_probe(std::make_shared<scripted_websocket>()));
  get waiting(*it);
  EXPECT_EQ(probe("2probe"), session::probe_step::pong);
  EXPECT_EQ(waiting.answer(), "6");
  EXPECT_EQ(get(*it).answer(), "6");
  send("by get");
  EXPECT_EQ(get(*it).answer(), "4by get");
  send("by websocket");
  EXPECT_EQ(probe("5"), session::probe_step::upgraded);
  EXPECT_THAT(line->take(*it), ElementsAre("4by websocket"));
  EXPECT_EQ(get(*it).answer(), "refused");
  EXPECT_EQ(it->begin_post(), session::refusal::not_here);
  EXPECT_FALSE(it->begin_probe(std::make_shared<scripted_websocket>()));
}

TEST_F(a_session, ends_a_get_that_waits_through_the_change) {
  begin(false);
  ASSERT_TRUE(it->begin_probe(line));
  EXPECT_EQ(probe("2probe"), session::probe_step::pong);
  get waiting(*it);
  EXPECT_EQ(probe("5"), session::probe_step::upgraded);
  EXPECT_EQ(waiting.answer(), "6");
}

TEST_F(a_session, goes_on_without_a_websocket_that_failed) {
  for (auto bad : {"5", "2", "2other", "4a", "3probe"}) {
    begin(false);
    ASSERT_TRUE(it->begin_probe(line));
    EXPECT_EQ(probe(bad), session::probe_step::failed) << bad;
    it->probe_lost(*line);
    send("a");
    EXPECT_EQ(get(*it).answer(), "4a");
    EXPECT_TRUE(it->begin_probe(line));
    core->stop_deadlines();
  }
}

TEST_F(a_session, is_asked_whether_it_lives) {
  begin(true, {.ping_interval = 10ms, .ping_timeout = 1h});
  line->take(*it);
  for (int i = 0; i < 3; ++i) {
    run_until([&] { return line->wakes > i; });
    EXPECT_THAT(line->take(*it), ElementsAre("2"));
    EXPECT_TRUE(it->receive({packet_type::pong, false, ""}));
  }
}

TEST_F(a_session, ends_if_it_does_not_answer) {
  begin(true, {.ping_interval = 10ms, .ping_timeout = 10ms});
  run_until([&] { return !who->got.empty(); });
  EXPECT_THAT(who->got, ElementsAre("closed: ping timeout"));
  EXPECT_EQ(line->how, "shut");
}

TEST_F(a_session, ends_if_it_reads_too_slowly) {
  begin(true, {.ping_interval = 1h, .max_queued_bytes = 100});
  while (send(std::string(50, 'x'))) {
  }
  EXPECT_THAT(who->got, ElementsAre());  // the sender may hold locks
  run_until([&] { return !who->got.empty(); });
  EXPECT_THAT(who->got, ElementsAre("closed: slow reader"));
}

TEST_F(a_session, ends_if_it_sends_too_much) {
  begin(true, {.ping_interval = 1h, .per_connection = {.events = {1, 3}}});
  for (int i = 0; i < 5; ++i) it->receive({packet_type::message, false, "a"});
  EXPECT_THAT(who->got, ElementsAre("a", "a", "a", "closed: too many events"));
  begin(true, {.ping_interval = 1h, .per_connection = {.bytes = {1, 10}}});
  for (int i = 0; i < 5; ++i) it->receive({packet_type::message, true, "12345"});
  EXPECT_THAT(who->got, ElementsAre("b:12345", "b:12345", "closed: too many bytes"));
}

}  // namespace
}  // namespace oficio::realtime
