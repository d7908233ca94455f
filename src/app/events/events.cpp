#include "app/events/events.hpp"

#include <iomanip>
#include <iostream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe.hpp>

#include "platform/base/unicode.hpp"
#include "platform/http/upstream.hpp"
#include "platform/json/json.hpp"

namespace oficio::app {
namespace {

namespace asio = boost::asio;

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

class market_client {
 public:
  market_client(asio::io_context& io, const std::string& url, std::string token)
      : to_(http::make_http_upstream(io, url, {})), token_(std::move(token)) {}

  awaitable<result<http::response>> ask(http::method m, std::string path) {
    http::request r;
    r.method = m;
    r.target = "/api/v1" + path;
    r.headers.add("Host", "127.0.0.1");
    r.headers.add("Accept", "application/json");
    r.headers.add("Authorization", "Bearer " + token_);
    r.ctx = context::for_system(std::chrono::seconds(20));
    co_return co_await to_->send(r);
  }

  awaitable<result<overview>> list() {
    CO_TRY(auto got, co_await ask(http::method::get, "/ops/events?limit=100"));
    if (got.status != 200) co_return problem_of(got);
    CO_TRY(auto parsed, json::parse(got.body));
    co_return json::from_stored<overview>(parsed);
  }

  awaitable<result<void>> replay(std::string id, std::string queue) {
    auto path = "/ops/events/" + http::encode_segment(id) + "/replay";
    if (!queue.empty()) path += "?queue=" + http::encode_segment(queue);
    CO_TRY(auto got, co_await ask(http::method::post, std::move(path)));
    if (got.status != 204) co_return problem_of(got);
    co_return result<void>{};
  }

 private:
  static error problem_of(const http::response& got) {
    auto parsed = json::parse(got.body);
    std::string detail = "The market answers " + std::to_string(got.status) + ".";
    if (parsed && parsed->is_object()) {
      if (auto* found = parsed->get_object().if_contains("detail"); found && found->is_string()) {
        detail = std::string(found->as_string());
      }
    }
    return {errc::bad_upstream, "refused", detail};
  }

  std::unique_ptr<http::upstream> to_;
  std::string token_;
};

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
  CO_TRY(auto all, co_await to.list());
  for (const auto& e : all.items) {
    CO_TRY_VOID(co_await to.replay(e.id, e.queue));
    std::cout << "on its way again: " << tidy_line(e.id, 100) << " to " << tidy_line(e.queue, 100)
              << "\n";
  }
  std::cout << all.items.size() << " events\n";
  co_return result<void>{};
}

awaitable<result<void>> carry_out(market_client& to, events_command command) {
  if (!command.replay) {
    CO_TRY(auto all, co_await to.list());
    show(all);
  } else if (command.id.empty()) {
    CO_TRY_VOID(co_await replay_all(to));
  } else {
    CO_TRY_VOID(co_await to.replay(command.id, command.queue));
    std::cout << "on its way again\n";
  }
  co_return result<void>{};
}

}  // namespace

int run_events_command(const config::settings& s, const events_command& command,
                       std::string token) {
  auto url = command.url.empty() ? "http://127.0.0.1:" + s.text("port") : command.url;
  asio::io_context io;
  market_client to(io, url, std::move(token));
  auto work = asio::co_spawn(asio::make_strand(io), carry_out(to, command), asio::use_future);
  io.run();
  auto done = work.get();
  if (done) return 0;
  std::cerr << "oficio: " << tidy_line(done.error().detail, 500) << "\n";
  return 1;
}

}  // namespace oficio::app
