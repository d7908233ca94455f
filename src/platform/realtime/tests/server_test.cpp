// The application's side: handlers, questions, who may come in, limits.
#include "platform/realtime/server.hpp"

#include <boost/describe/class.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/realtime/tests/served.hpp"
#include "platform/realtime/tests/wire_client.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::realtime {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::served;
using test::wire_client;
using testing::HasSubstr;
using testing::StartsWith;

struct note {
  std::string text;
  std::int64_t stars = 0;
};
BOOST_DESCRIBE_STRUCT(note, (), (text, stars))

awaitable<result<note>> rate(socket_ptr, note n) {
  co_await runtime::sleep_for(1ms);
  if (n.stars > 5) co_return error{errc::invalid, "too_many_stars", "There are five stars."};
  n.stars += 1;
  co_return n;
}

awaitable<void> burst(socket_ptr, args) {
  throw std::runtime_error("it broke inside");
  co_return;
}

TEST(a_realtime_server, gives_handlers_what_they_declare_and_clients_a_plain_answer) {
  served s;
  s.realtime.on<note>("rate", rate);
  s.realtime.on("bursts", burst);
  s.realtime.on("bursts at once", [](const socket_ptr&, const args&) -> items {
    throw std::runtime_error("it broke inside");
  });
  wire_client c(s.start());
  c.connect();
  EXPECT_EQ(c.ask(R"(421["rate",{"text":"good","stars":4}])"),
            R"(431[{"ok":true,"data":{"text":"good","stars":5}}])");
  EXPECT_EQ(
      c.ask(R"(422["rate",{"text":"good","stars":6}])"),
      R"(432[{"ok":false,"error":{"code":"too_many_stars","detail":"There are five stars."}}])");
  EXPECT_THAT(c.ask(R"(423["rate",{"text":"good","star":6}])"), HasSubstr("validation_failed"));
  EXPECT_THAT(c.ask(R"(424["rate"])"), HasSubstr("missing_argument"));
  EXPECT_THAT(c.ask(R"(425["bursts"])"), HasSubstr(R"("code":"internal")"));
  EXPECT_THAT(c.ask(R"(426["bursts at once"])"), HasSubstr(R"("code":"internal")"));
}

TEST(a_realtime_server, runs_one_event_of_a_client_after_another) {
  served s;
  std::atomic<int> running{0};
  std::atomic<bool> overlapped{false};
  s.realtime.on("slow", [&](socket_ptr, args a) -> awaitable<items> {
    if (running.fetch_add(1) > 0) overlapped = true;
    co_await runtime::sleep_for(2ms);
    running.fetch_sub(1);
    co_return a.from();
  });
  s.realtime.on("quick", [](const socket_ptr&, const args& a) { return a.from(); });
  wire_client c(s.start());
  c.connect();
  // More than may wait: the line is not read meanwhile, and nothing is lost.
  constexpr int many = 300;
  for (int i = 0; i < many; ++i) {
    auto n = std::to_string(i);
    c.send("42" + n + (i % 3 == 0 ? "[\"slow\"," : "[\"quick\",") + n + "]");
  }
  for (int i = 0; i < many; ++i) {
    auto n = std::to_string(i);
    EXPECT_EQ(c.receive(), "43" + n + "[" + n + "]");
  }
  EXPECT_FALSE(overlapped);
}

TEST(a_realtime_server, lets_events_wait_until_a_client_is_ready_for_them) {
  served s;
  s.realtime.on_connect([](socket_ptr who) -> awaitable<void> {
    co_await runtime::sleep_for(20ms);
    who->join("everybody");
  });
  s.realtime.on("rooms", [](const socket_ptr& who, const args&) {
    return items::of(json::to_value(who->rooms()));
  });
  wire_client c(s.start());
  c.connect();
  EXPECT_EQ(c.ask(R"(421["rooms"])"), R"(431[["everybody"]])");
}

TEST(a_realtime_server, asks_and_waits_no_longer_than_it_said) {
  served s;
  std::promise<socket_ptr> came;
  s.realtime.on_connect([&](const socket_ptr& who) { came.set_value(who); });
  auto port = s.start();
  auto c = std::make_unique<wire_client>(port);
  c->connect();
  auto who = came.get_future().get();

  std::jthread answering([&] {
    EXPECT_EQ(c->receive(), R"(421["how","are you"])");
    c->send(R"(431["fine"])");
    EXPECT_EQ(c->receive(), R"(422["and now"])");
    c->send(R"(4377["to nobody"])");
  });
  auto answer = s.wait(who->ask("how", items::of("are you"), 5s));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->get<std::string>().value(), "fine");
  EXPECT_EQ(s.wait(who->ask("and now", {}, 30ms)).error().code, "ack_timeout");
  answering.join();

  auto cut = std::jthread([&] {
    c->receive();
    c.reset();
  });
  EXPECT_EQ(s.wait(who->ask("the last", {}, 5s)).error().code, "disconnected");
  cut.join();
  EXPECT_TRUE(eventually([&] { return !who->connected(); }));
  EXPECT_EQ(s.wait(who->ask("too late", {}, 5s)).error().code, "disconnected");
}

awaitable<decision> by_cookie_or_token(visitor who) {
  co_await runtime::sleep_for(1ms);
  if (who.from->headers.get("Cookie") == "session=ana") co_return grant{.account = "ana"};
  if (who.auth == R"({"token":"ben"})") co_return grant{.account = "ben"};
  co_return refusal{"Who are you?", {{"code", "unauthorized"}}};
}

TEST(a_realtime_server, lets_in_whom_the_application_knows) {
  served s;
  s.realtime.of("/").authorise(by_cookie_or_token);
  s.realtime.on("who",
                [](const socket_ptr& who, const args&) { return items::of(who->account()); });
  auto port = s.start();
  wire_client ana(port, "Cookie: session=ana\r\n");
  EXPECT_THAT(ana.connect(), StartsWith("40{"));
  EXPECT_EQ(ana.ask(R"(421["who"])"), R"(431["ana"])");
  wire_client ben(port);
  EXPECT_EQ(ben.connect(), R"(44{"message":"Who are you?","data":{"code":"unauthorized"}})");
  EXPECT_THAT(ben.connect(R"(40{"token":"ben"})"), StartsWith("40{"));
  EXPECT_EQ(ben.ask(R"(421["who"])"), R"(431["ben"])");
}

TEST(a_realtime_server, asks_before_there_is_a_session_too) {
  engine_options o;
  o.authorise = [](const handshake& from) -> awaitable<result<void>> {
    if (from.headers.get("Origin") == "https://bad.example") {
      co_return error{errc::forbidden, "origin", "Not from there"};
    }
    co_return result<void>();
  };
  served s({.engine = o});
  auto port = s.start();
  EXPECT_THAT(wire_client(port).connect(), StartsWith("44{") /* no namespace is there */);
  try {
    wire_client bad(port, "Origin: https://bad.example\r\n");
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(), HasSubstr("403"));
    EXPECT_THAT(e.what(), HasSubstr(R"({"code":4,"message":"Not from there"})"));
  }
}

TEST(a_realtime_server, limits_an_account_over_all_its_connections) {
  served s({.per_account = {.events = {1, 10}}});
  s.realtime.of("/").authorise(
      [](visitor) -> awaitable<decision> { co_return grant{.account = "ana"}; });
  s.realtime.on("x", [](const socket_ptr&, const args&) { return items(); });
  auto port = s.start();
  wire_client a(port);
  wire_client b(port);
  a.connect();
  b.connect();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(a.ask(R"(421["x"])"), "431[]");
    EXPECT_EQ(b.ask(R"(421["x"])"), "431[]");
  }
  a.send(R"(421["x"])");
  EXPECT_EQ(a.end(), "too many events");
  EXPECT_TRUE(eventually([&] {
    return s.figures.text().find(
               "oficio_realtime_sessions_ended_total{reason=\"too many events\"} 1") !=
           std::string::npos;
  }));
}

TEST(a_realtime_server, speaks_to_rooms_but_for_others) {
  served s;
  s.realtime.on("join", [](const socket_ptr& who, const args& a) {
    for (std::size_t i = 0; i < a.size(); ++i) who->join(a.get<std::string>(i).value());
  });
  s.realtime.on("others", [](const socket_ptr& who, const args&) { who->to("a").emit("hi", 1); });
  auto port = s.start();
  wire_client one(port);
  wire_client two(port);
  wire_client three(port);
  for (auto* c : {&one, &two, &three}) c->connect();
  one.ask(R"(421["join","a"])");
  two.ask(R"(421["join","a","b"])");
  three.ask(R"(421["join","b","c"])");
  s.realtime.to("a").to("b").emit("both");
  for (auto* c : {&one, &two, &three}) EXPECT_EQ(c->receive(), R"(42["both"])");
  s.realtime.to("a").to("b").except("c").emit("some", "x", 2);
  s.realtime.of("/").all().emit("all");
  for (auto* c : {&one, &two}) EXPECT_EQ(c->receive(), R"(42["some","x",2])");
  for (auto* c : {&one, &two, &three}) EXPECT_EQ(c->receive(), R"(42["all"])");
  one.send(R"(42["others"])");
  EXPECT_EQ(two.receive(), R"(42["hi",1])");
  EXPECT_EQ(s.realtime.of("/").size_of("a"), 2u);
  EXPECT_EQ(one.ask(R"(421["join"])"), "431[]");
}

TEST(a_realtime_server, keeps_nothing_that_is_passing_for_who_comes_back) {
  served s({.recovery = {.on = true}});
  auto& all = s.realtime.of("/");
  all.on_connect([](const socket_ptr& who) { who->join("a"); });
  auto port = s.start();
  std::string private_id;
  {
    wire_client c(port);
    auto answer = json::parse(c.connect().substr(2)).value();
    private_id = answer.at("pid").as_string();
    ASSERT_EQ(all.in_room("a").size(), 1U);
    EXPECT_EQ(all.in_room("a")[0]->id(), answer.at("sid").as_string());
    all.to("a").passing().emit("types");
    EXPECT_EQ(c.receive(), R"(42["types"])");
  }
  ASSERT_TRUE(eventually([&] { return all.in_room("a").empty(); }));
  all.to("a").passing().emit("types");
  all.to("a").emit("says");
  wire_client again(port);
  again.connect(R"(40{"pid":")" + private_id + R"(","offset":""})");
  EXPECT_THAT(again.receive(), StartsWith(R"(42["says",)"));
}

TEST(a_realtime_server, ends_gracefully_with_everything_said) {
  served s;
  std::atomic<bool> finished{false};
  s.realtime.on("slow", [&](socket_ptr, args) -> awaitable<void> {
    co_await runtime::sleep_for(50ms);
    finished = true;
  });
  auto port = s.start();
  wire_client c(port);
  c.connect();
  c.send(R"(421["slow"])");
  EXPECT_TRUE(eventually([&] {
    return s.figures.text().find("oficio_realtime_events_total 1") != std::string::npos;
  }));
  s.realtime.of("/").all().emit("last words");
  std::jthread stopping([&] { s.stop(); });
  EXPECT_EQ(c.receive(), R"(42["last words"])");
  EXPECT_EQ(c.end(), "server stops");
  stopping.join();
  EXPECT_TRUE(finished);
  EXPECT_EQ(s.lines(), 0u);
}

}  // namespace
}  // namespace oficio::realtime
