#include "app/events/events.hpp"

#include <iomanip>
#include <iostream>

#include <boost/describe.hpp>

#include "app/events/market_client.hpp"
#include "platform/base/unicode.hpp"

namespace oficio::app {
namespace {

constexpr std::size_t longest_reason = 120;

struct queue_state {
  std::string name;
  std::int64_t waiting = 0;
  std::int64_t dead = 0;
};
BOOST_DESCRIBE_STRUCT(queue_state, (), (name, waiting, dead))

struct dead_event {
  std::string id;
  std::string queue;
  std::string type;
  std::string reason;
  std::int64_t attempts = 0;
  std::string died_at;
};
BOOST_DESCRIBE_STRUCT(dead_event, (), (id, queue, type, reason, attempts, died_at))

struct overview {
  std::vector<dead_event> items;
  std::vector<queue_state> queues;
  std::vector<std::string> away;
};
BOOST_DESCRIBE_STRUCT(overview, (), (items, queues, away))

awaitable<result<overview>> list(market_client& to) {
  return to.ask_for<overview>(http::method::get, "/ops/events?limit=100");
}

awaitable<result<void>> replay(market_client& to, std::string id, std::string queue) {
  auto path = "/ops/events/" + http::encode_segment(id) + "/replay";
  if (!queue.empty()) path += "?queue=" + http::encode_segment(queue);
  CO_TRY_VOID(co_await to.ask(http::method::post, std::move(path)));
  co_return result<void>{};
}

void show(const overview& all) {
  std::cout << std::left << std::setw(32) << "QUEUE" << std::right << std::setw(9) << "WAITING"
            << std::setw(7) << "DEAD" << "\n";
  for (const auto& q : all.queues) {
    std::cout << std::left << std::setw(32) << tidy_line(q.name, 100) << std::right << std::setw(9)
              << q.waiting << std::setw(7) << q.dead << "\n";
  }
  for (const auto& name : all.away) std::cout << tidy_line(name, 100) << " does not answer\n";
  if (all.items.empty()) {
    std::cout << "\nEvery event was handled, or still waits.\n";
    return;
  }
  std::cout << "\nCould not be handled; `oficio events replay ID` tries again:\n";
  for (const auto& e : all.items) {
    std::cout << tidy_line(e.id, 100) << "  " << tidy_line(e.died_at, 40) << "  "
              << tidy_line(e.queue, 100) << "  " << tidy_line(e.type, 100) << "\n    " << e.attempts
              << " attempts; " << tidy_line(e.reason, longest_reason) << "\n";
  }
}

awaitable<result<void>> replay_all(market_client& to) {
  CO_TRY(auto all, co_await list(to));
  for (const auto& e : all.items) {
    CO_TRY_VOID(co_await replay(to, e.id, e.queue));
    std::cout << "on its way again: " << tidy_line(e.id, 100) << " to " << tidy_line(e.queue, 100)
              << "\n";
  }
  std::cout << all.items.size() << " events\n";
  co_return result<void>{};
}

awaitable<result<void>> carry_out(market_client& to, events_command command) {
  if (!command.replay) {
    CO_TRY(auto all, co_await list(to));
    show(all);
  } else if (command.id.empty()) {
    CO_TRY_VOID(co_await replay_all(to));
  } else {
    CO_TRY_VOID(co_await replay(to, command.id, command.queue));
    std::cout << "on its way again\n";
  }
  co_return result<void>{};
}

}  // namespace

int run_events_command(const config::settings& s, const events_command& command,
                       std::string token) {
  return ask_market(s, command.url, std::move(token),
                    [&command](market_client& to) { return carry_out(to, command); });
}

}  // namespace oficio::app
