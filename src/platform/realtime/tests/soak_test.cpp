// Many clients and threads at once, coming and going, for ThreadSanitizer above all.
#include <random>

#include <gtest/gtest.h>

#include "platform/realtime/tests/served.hpp"
#include "platform/realtime/tests/wire_client.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::realtime {
namespace {

using namespace std::chrono_literals;
using test::served;
using test::wire_client;

void set_up(server& s) {
  s.on_connect([](const socket_ptr& who) { who->join("all"); });
  s.on("echo", [](const socket_ptr&, const args& a) { return a.from(); });
  s.on("slow", [](socket_ptr who, args a) -> awaitable<items> {
    co_await runtime::sleep_for(1ms);
    who->join("slow");
    co_return a.from();
  });
  s.on("shout",
       [](const socket_ptr& who, const args& a) { who->to("all").emit("heard", a.from()); });
  s.on("leave", [](const socket_ptr& who, const args&) { who->leave("all"); });
  s.on("kick", [](const socket_ptr& who, const args&) { who->disconnect(); });
  s.on("close", [](const socket_ptr& who, const args&) { who->close(); });
  s.on("drop", [](const socket_ptr& who, const args&) { who->drop(); });
  s.of("/").on_disconnect([](const socket_ptr& who, leave_reason) { who->emit("nobody hears"); });
}

// Waits for the answer to one event among whatever else comes.
void expect_answer(wire_client& c, const std::string& head) {
  while (!c.receive().starts_with(head)) {
  }
}

void one_life(std::uint16_t port, unsigned seed, std::atomic<std::size_t>& answered) {
  std::minstd_rand dice(seed);
  wire_client c(port);
  c.connect();
  for (int i = 0; i < 20; ++i) {
    auto n = std::to_string(i);
    c.send("42[\"shout\"," + n + "]");
    c.send("42" + n + (dice() % 3 == 0 ? "[\"slow\"," : "[\"echo\",") + n + "]");
    expect_answer(c, "43" + n + "[");
    ++answered;
  }
  switch (dice() % 5) {
    case 0:
      c.send(R"(42["kick"])");
      return expect_answer(c, "41");
    case 1:
      c.send(R"(42["close"])");
      c.end();
      return;
    case 2:
      c.send(R"(42["drop"])");
      c.end();
      return;
    case 3:
      c.send("41");
      return;
    default:
      return;  // just goes
  }
}

void soak(bool recovery) {
  served s({.engine = {.ping_interval = 20ms, .ping_timeout = 5s},
            .handlers_at_once = 4,
            .recovery = {.on = recovery}});
  set_up(s.realtime);
  auto port = s.start();
  auto until = std::chrono::steady_clock::now() + 2s;
  std::atomic<std::size_t> answered{0};
  std::atomic<std::size_t> lives{0};
  {
    std::vector<std::jthread> crowd;
    for (unsigned i = 0; i < 6; ++i) {
      crowd.emplace_back([&, i] {
        for (unsigned round = 0; std::chrono::steady_clock::now() < until; ++round) {
          one_life(port, i * 1'000 + round, answered);
          ++lives;
        }
      });
    }
    crowd.emplace_back([&] {
      while (std::chrono::steady_clock::now() < until) {
        s.realtime.to("slow").emit("news", 1);
        s.realtime.of("/").all().emit("more", std::string(2'000, 'x'));
        std::this_thread::sleep_for(500us);
      }
    });
  }
  EXPECT_EQ(answered, lives * 20);
  EXPECT_GT(lives, 6u);
  EXPECT_TRUE(test::eventually([&] { return s.realtime.of("/").size() == 0; }));

  // And an end in the middle of it all.
  std::vector<std::jthread> last;
  for (unsigned i = 0; i < 4; ++i) {
    last.emplace_back([&, i] {
      try {
        for (unsigned round = 0; round < 10'000; ++round) one_life(port, i, answered);
      } catch (const std::exception&) {  // as it should
      }
    });
  }
  EXPECT_TRUE(test::eventually([&] { return s.realtime.connections() > 1; }));
  s.stop();
  EXPECT_EQ(s.realtime.connections(), 0u);
  EXPECT_EQ(s.lines(), 0u);
}

TEST(a_crowd, is_served_and_forgotten) {
  soak(false);
}

TEST(a_crowd, is_served_and_forgotten_with_a_history) {
  soak(true);
}

}  // namespace
}  // namespace oficio::realtime
