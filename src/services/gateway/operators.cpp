#include "services/gateway/operators.hpp"

#include <algorithm>

#include "platform/http/problem.hpp"
#include "platform/http/query.hpp"
#include "platform/json/json.hpp"
#include "services/gateway/everyone.hpp"

namespace oficio::gateway {
namespace {

constexpr route listing{"GET", "/ops/events", ""};
constexpr route replaying{"POST", "/ops/events/{id}/replay", ""};
constexpr auto scope = "ops/events";
constexpr std::chrono::seconds patience{5};

std::string text_of(const json::object& from, std::string_view name) {
  auto* found = from.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

// Where a dead letter stands in the list: by its death, then by what no two of them share.
std::string position_of(const json::object& letter) {
  return text_of(letter, "died_at") + " " + text_of(letter, "queue") + " " + text_of(letter, "id");
}

// Adds what one service answered. Error: unavailable, if it did not.
result<void> add_letters(const std::string& service, const result<http::response>& answer,
                         std::vector<json::object>& to) {
  error away{errc::unavailable,
             "service_unavailable",
             "The service " + service + " does not tell its events just now.",
             {},
             std::chrono::seconds(1)};
  if (answer.has_error() || answer->status != 200) return away;
  auto body = json::parse(answer->body);
  auto* object = body.has_value() ? body->if_object() : nullptr;
  auto* letters = object ? object->if_contains("dead_letters") : nullptr;
  if (!letters || !letters->is_array()) return away;
  for (auto& letter : letters->get_array()) {
    if (letter.is_object()) to.push_back(std::move(letter.get_object()));
  }
  return {};
}

std::string service_of(std::string_view queue) {
  return std::string(queue.substr(0, queue.find('.')));
}

}  // namespace

void operators::add_routes(http::router& routes) {
  routes.get("/api/v1/ops/events", [this](http::request& r) { return list(r); });
  routes.post("/api/v1/ops/events/{id}/replay", [this](http::request& r) { return replay(r); });
}

awaitable<result<std::vector<json::object>>> operators::dead(context ctx) {
  auto until = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience);
  auto answers = co_await ask_everyone(
      to_.services(),
      [this, ctx](const std::string& service) {
        return to_.question(ctx, service, http::method::get, "/internal/events");
      },
      until);
  std::vector<json::object> all;
  for (const auto& [service, answer] : answers) CO_TRY_VOID(add_letters(service, answer, all));
  std::ranges::sort(all, std::ranges::greater{}, position_of);
  co_return all;
}

awaitable<result<http::response>> operators::list(http::request& r) {
  CO_TRY_VOID(co_await to_.admit(r, listing));
  http::query_reader query(r);
  auto limit = query.limit();
  auto cursor = query.text("cursor", 1'000);
  CO_TRY_VOID(query.done());
  std::string before;
  if (cursor) {
    CO_TRY(before, cursors_.open(scope, *cursor));
  }
  CO_TRY(auto all, co_await dead(r.ctx));
  if (cursor) std::erase_if(all, [&](const auto& letter) { return position_of(letter) >= before; });

  json::object page;
  auto& items = page["items"].emplace_array();
  for (auto& letter : all) {
    if (items.size() == limit) break;
    items.push_back(std::move(letter));
  }
  bool more = items.size() < all.size();
  page["next_cursor"] =
      more ? json::value(cursors_.sign(scope, position_of(items.back().get_object())))
           : json::value(nullptr);
  co_return http::json_response(200, json::to_text(json::value(std::move(page))));
}

// In all queues that it died in.
awaitable<result<http::response>> operators::replay(http::request& r) {
  CO_TRY_VOID(co_await to_.admit(r, replaying));
  const auto& id = r.param("id");
  CO_TRY(auto all, co_await dead(r.ctx));
  bool found = false;
  for (const auto& letter : all) {
    if (text_of(letter, "id") != id) continue;
    found = true;
    auto queue = text_of(letter, "queue");
    auto again = to_.question(r.ctx, service_of(queue), http::method::post,
                              "/internal/events/" + http::encode_segment(id) +
                                  "/replay?queue=" + http::encode_segment(queue));
    CO_TRY(auto answer, co_await to_.send(service_of(queue), again));
    // Somebody else may have been quicker.
    if (answer.status >= 300 && answer.status != 404) co_return http::read_problem(answer);
  }
  if (!found) co_return not_found("The event");
  co_return http::no_content();
}

}  // namespace oficio::gateway
