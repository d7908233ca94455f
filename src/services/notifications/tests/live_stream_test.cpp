#include "services/notifications/live_stream.hpp"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/event_stream.hpp"
#include "platform/json/json.hpp"

namespace oficio::notifications {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using testing::ElementsAre;

events::envelope event(std::string id) {
  events::envelope e;
  e.id = std::move(id);
  e.source = "/oficio/chat";
  e.type = "chat.message.sent";
  e.subject = "conversation";
  e.data = {{"version", 1}, {"concerns", {"ana", "ben"}}};
  return e;
}

// What one gateway reads.
class reader {
 public:
  explicit reader(std::shared_ptr<http::body_stream> from) : from_(std::move(from)) {}

  // The types or ids of what comes with the next piece; "beat" for a heartbeat, "end".
  std::vector<std::string> next() {
    auto piece =
        asio::co_spawn(io_, from_->next(std::chrono::steady_clock::now() + 10s), asio::use_future);
    io_.restart();
    io_.run();
    auto text = piece.get().value();
    if (text.empty()) return {"end"};
    EXPECT_TRUE(in_.give(text));
    std::vector<std::string> out;
    while (auto e = in_.next()) {
      out.push_back(e->type == "resync" ? e->type : e->id.substr(e->id.find('-') + 1));
      got.push_back(std::move(*e));
    }
    return out.empty() ? std::vector<std::string>{"beat"} : out;
  }
  const std::string& last_id() const { return in_.last_id(); }

  std::vector<http::sent_event> got;

 private:
  asio::io_context io_;
  std::shared_ptr<http::body_stream> from_;
  http::event_reader in_{1'000'000};
};

class a_live_stream : public testing::Test {
 protected:
  std::shared_ptr<live_stream> make(live_options o = {}) {
    o.heartbeat = 20ms;
    return std::make_shared<live_stream>(clock, o, &figures);
  }
  static reader follow(live_stream& of, std::string_view last = "") {
    return reader(of.follow(last).value());
  }

  wall_clock clock;
  telemetry::metrics figures;
};

TEST_F(a_live_stream, begins_with_a_resync_and_goes_on_with_what_comes) {
  auto stream = make();
  stream->take(event("before"));
  auto one = follow(*stream);
  EXPECT_THAT(one.next(), ElementsAre("resync"));
  EXPECT_THAT(one.next(), ElementsAre("beat"));
  stream->take(event("1"));
  stream->take(event("2"));
  EXPECT_THAT(one.next(), ElementsAre("1", "2"));
}

TEST_F(a_live_stream, has_the_whole_event) {
  auto stream = make();
  auto one = follow(*stream);
  one.next();
  stream->take(event("1"));
  one.next();
  ASSERT_EQ(one.got.size(), 2U);
  EXPECT_EQ(one.got[1].type, "chat.message.sent");
  auto read = events::from_json(json::parse(one.got[1].data).value());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->id, "1");
  EXPECT_EQ(read->data, event("1").data);
}

TEST_F(a_live_stream, leaves_out_what_is_told_again_or_concerns_nobody) {
  auto stream = make();
  auto one = follow(*stream);
  one.next();
  auto again = event("again");
  again.republished = true;
  stream->take(again);
  auto nobody = event("nobody");
  nobody.data["concerns"] = json::array{};
  stream->take(nobody);
  stream->take(event("1"));
  EXPECT_THAT(one.next(), ElementsAre("1"));
}

TEST_F(a_live_stream, is_resumed_at_another_instance_from_a_little_before) {
  auto first = make();
  auto second = make();
  auto one = follow(*first);
  one.next();
  clock.advance(60s);
  for (auto id : {"1", "2"}) {
    first->take(event(id));
    second->take(event(id));
  }
  EXPECT_THAT(one.next(), ElementsAre("1", "2"));
  clock.advance(30s);
  first->take(event("3"));
  EXPECT_THAT(one.next(), ElementsAre("3"));
  second->take(event("3"));
  second->take(event("4"));
  auto next = follow(*second, one.last_id());
  EXPECT_THAT(next.next(), ElementsAre("3", "4"));
}

TEST_F(a_live_stream, cannot_be_resumed_from_before_its_time) {
  auto first = make();
  auto one = follow(*first);
  one.next();
  first->take(event("1"));
  one.next();
  auto second = make();
  auto next = follow(*second, one.last_id());
  EXPECT_THAT(next.next(), ElementsAre("resync"));
  // A heartbeat says that nothing is missing, so a quiet time is no gap.
  clock.advance(20s);
  one.next();
  auto third = follow(*second, one.last_id());
  EXPECT_THAT(third.next(), ElementsAre("beat"));
  for (auto nonsense : {"x", "1", "-", "99999999999999999999-a", "5x-a"}) {
    EXPECT_THAT(follow(*second, nonsense).next(), ElementsAre("resync")) << nonsense;
  }
}

TEST_F(a_live_stream, is_resumed_after_an_instance_whose_clock_was_ahead) {
  auto stream = make();
  clock.advance(60s);
  stream->take(event("1"));
  auto ahead = std::to_string((clock.now() + 1min).time_since_epoch().count()) + "-x";
  EXPECT_THAT(follow(*stream, ahead).next(), ElementsAre("1"));
}

TEST_F(a_live_stream, keeps_so_much_and_so_long) {
  auto by_count = make({.max_events = 2});
  auto size = json::to_text(json::value(events::to_json(event("1")))).size();
  auto by_bytes = make({.max_bytes = 3 * size});  // room for two, each with its id and type
  auto by_time = make({.kept_for = 1min});
  clock.advance(60s);
  for (const auto& stream : {by_count, by_bytes, by_time}) {
    auto one = follow(*stream);
    one.next();
    stream->take(event("1"));
    one.next();
    auto last = one.last_id();
    stream->take(event("2"));
    EXPECT_THAT(follow(*stream, last).next(), ElementsAre("1", "2"));
    clock.advance(61s);
    stream->take(event("3"));
    stream->take(event("4"));
    EXPECT_THAT(follow(*stream, last).next(), ElementsAre("resync"));
    // One who followed and was too slow is told, too.
    EXPECT_THAT(one.next(), ElementsAre("resync"));
    stream->take(event("5"));
    EXPECT_THAT(one.next(), ElementsAre("5"));
  }
}

TEST_F(a_live_stream, tells_all_when_events_were_missed) {
  auto stream = make();
  auto one = follow(*stream);
  one.next();
  stream->take(event("1"));
  EXPECT_THAT(one.next(), ElementsAre("1"));
  auto last = one.last_id();
  clock.advance(30s);
  stream->missed();
  EXPECT_THAT(one.next(), ElementsAre("resync"));
  EXPECT_THAT(follow(*stream, last).next(), ElementsAre("resync"));
  stream->take(event("2"));
  EXPECT_THAT(one.next(), ElementsAre("2"));
}

TEST_F(a_live_stream, ends_for_all_and_for_ever) {
  auto stream = make();
  auto one = follow(*stream);
  one.next();
  stream->close();
  EXPECT_THAT(one.next(), ElementsAre("end"));
  EXPECT_EQ(stream->follow("").error().code, "stopping");
}

TEST_F(a_live_stream, has_so_many_followers) {
  auto stream = make({.max_followers = 1});
  auto one = stream->follow("");
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(stream->follow("").error().code, "too_many_followers");
  EXPECT_THAT(figures.text(), testing::HasSubstr("oficio_live_followers 1\n"));
  *one = nullptr;
  EXPECT_TRUE(stream->follow("").has_value());
}

}  // namespace
}  // namespace oficio::notifications
