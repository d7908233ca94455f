#include "services/gateway/ops_events.hpp"

#include <algorithm>

#include "platform/http/query.hpp"
#include "platform/json/json.hpp"
#include "platform/security/cursor.hpp"
#include "services/gateway/operators.hpp"

namespace oficio::gateway {
namespace {

using answer = awaitable<result<http::response>>;

constexpr route listing{"GET", "/ops/events", ""};
constexpr route replaying{"POST", "/ops/events/{id}/replay", ""};
// One service that hangs must not hide the others.
constexpr std::chrono::milliseconds patience{2'000};

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
  std::string subject;
  std::string reason;
  std::int64_t attempts = 0;
  std::string died_at;
  std::optional<std::string> trace_id;  // of what led to it
};
BOOST_DESCRIBE_STRUCT(dead_event, (),
                      (id, queue, type, subject, reason, attempts, died_at, trace_id))

// What one service says, as /internal/events has it.
struct told {
  std::vector<queue_state> queues;
  std::vector<dead_event> dead_letters;
};
BOOST_DESCRIBE_STRUCT(told, (), (queues, dead_letters))

// What operators see.
struct overview {
  std::vector<dead_event> items;  // the last first
  std::optional<std::string> next_cursor;
  std::vector<queue_state> queues;
  std::vector<std::string> away;  // services that did not answer
};
BOOST_DESCRIBE_STRUCT(overview, (), (items, next_cursor, queues, away))

awaitable<result<told>> ask(forwarder& to, const context& ctx, std::string service) {
  auto hurried = ctx;
  hurried.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience);
  CO_TRY(auto got, co_await to.ask_internally(hurried, std::move(service), http::method::get,
                                              "/internal/events"));
  if (got.status != 200) {
    co_return error{errc::bad_upstream, "bad_upstream", "The service does not tell of its events."};
  }
  CO_TRY(auto parsed, json::parse(got.body));
  co_return json::from_stored<told>(parsed);
}

// The last first; one event may rest in several queues.
std::string position_of(const dead_event& e) {
  return e.died_at + " " + e.queue + " " + e.id;
}

awaitable<overview> gather(forwarder& to, const context& ctx) {
  overview out;
  for (const auto& [name, upstream] : to.services().by_service) {
    auto said = co_await ask(to, ctx, name);
    if (!said) {
      out.away.push_back(name);
      continue;
    }
    std::ranges::move(said->queues, std::back_inserter(out.queues));
    std::ranges::move(said->dead_letters, std::back_inserter(out.items));
  }
  std::ranges::sort(out.items, std::greater{}, position_of);
  co_return out;
}

answer list(forwarder& to, const security::cursor_signer& cursors, http::request& r) {
  CO_TRY_VOID(co_await admit_operator(to, r, listing));
  http::query_reader query(r);
  auto limit = query.limit(100);
  auto cursor = query.text("cursor", 4'096);
  CO_TRY_VOID(query.done());
  std::string after;
  if (cursor) {
    CO_TRY(after, cursors.open("ops/events", *cursor));
  }
  auto all = co_await gather(to, r.ctx);
  if (cursor) std::erase_if(all.items, [&](const auto& e) { return position_of(e) >= after; });
  if (all.items.size() > limit) {
    all.items.resize(limit);
    all.next_cursor = cursors.sign("ops/events", position_of(all.items.back()));
  }
  co_return http::json_response(200, json::to_text(all));
}

// "notifications" of "notifications.notices".
std::string service_of(const std::string& queue) {
  return queue.substr(0, queue.find('.'));
}

answer replay(forwarder& to, http::request& r) {
  CO_TRY_VOID(co_await admit_operator(to, r, replaying));
  http::query_reader query(r);
  auto queue = query.text("queue");
  CO_TRY_VOID(query.done());
  auto id = r.param("id");
  auto all = co_await gather(to, r.ctx);
  bool found = false;
  for (const auto& letter : all.items) {
    if (letter.id != id || (queue && letter.queue != *queue)) continue;
    CO_TRY(auto done,
           co_await to.ask_internally(r.ctx, service_of(letter.queue), http::method::post,
                                      "/internal/events/" + http::encode_segment(id) +
                                          "/replay?queue=" + http::encode_segment(letter.queue)));
    // Somebody else may have replayed it just now.
    if (done.status != 204 && done.status != 404) co_return done;
    found = found || done.status == 204;
  }
  if (!found) co_return not_found("The event");
  co_return http::no_content();
}

}  // namespace

void add_ops_events(http::router& routes, forwarder& to, std::string cursor_key) {
  auto cursors = std::make_shared<security::cursor_signer>(std::move(cursor_key));
  routes.get("/api/v1/ops/events",
             [&to, cursors](http::request& r) { return list(to, *cursors, r); });
  routes.post("/api/v1/ops/events/{id}/replay", [&to](http::request& r) { return replay(to, r); });
}

}  // namespace oficio::gateway
