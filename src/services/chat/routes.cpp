#include "services/chat/routes.hpp"

#include <algorithm>
#include <limits>

#include "platform/hosting/service.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"

namespace oficio::chat {
namespace {

using answer = awaitable<result<http::response>>;

constexpr std::size_t longest_cursor = 1'000;

template <class T>
http::response page_response(const messenger::page<T>& p) {
  return http::json_response(200, json::object{{"items", json::to_value(p.items)},
                                               {"next_cursor", json::to_value(p.next_cursor)}});
}

answer open(messenger& own, http::request& r) {
  CO_TRY(auto input, http::read_body<new_conversation>(r));
  CO_TRY(auto opened, co_await own.open(r.ctx, std::move(input)));
  auto out = http::json_response(opened.made ? 201 : 200, opened.value);
  if (opened.made) out.headers.set("Location", "/conversations/" + opened.value.id);
  co_return out;
}

answer get(messenger& own, http::request& r) {
  CO_TRY(auto value, co_await own.get(r.ctx, r.param("id")));
  co_return http::json_response(200, value);
}

// For the gateway, which tells people at once who types.
answer correspondent(messenger& own, http::request& r) {
  CO_TRY(auto id, co_await own.correspondent(r.ctx, r.param("id")));
  co_return http::json_response(200, json::object{{"id", id}});
}

answer messages(messenger& own, http::request& r) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  http::query_reader query(r);
  auto limit = query.limit();
  messenger::position from{.before = query.number("before", 1, most),
                           .after = query.number("after", 0, most),
                           .cursor = query.text("cursor", longest_cursor)};
  CO_TRY_VOID(query.done());
  if (from.before.has_value() + from.after.has_value() + from.cursor.has_value() > 1) {
    std::vector<violation> wrong{
        {"?before", "exclusive", "before, after and cursor exclude each other"}};
    co_return invalid(std::move(wrong));
  }
  CO_TRY(auto page, co_await own.messages(r.ctx, r.param("id"), std::move(from), limit));
  co_return page_response(page);
}

// A client that repeats a message may say so in either of two ways.
result<void> take_idempotency_key(const http::request& r, std::optional<std::string>& client_id) {
  auto key = r.headers.get("Idempotency-Key");
  if (key.empty() || client_id) return {};
  bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() > longest_client_id || !visible) {
    return error{errc::bad_request, "bad_idempotency_key",
                 "An Idempotency-Key has 1 to 200 visible ASCII characters."};
  }
  client_id = std::string(key);
  return {};
}

answer send(messenger& own, http::request& r) {
  CO_TRY(auto input, http::read_body<new_message>(r));
  CO_TRY_VOID(take_idempotency_key(r, input.client_id));
  CO_TRY(auto sent, co_await own.send(r.ctx, r.param("id"), std::move(input)));
  co_return http::json_response(sent.made ? 201 : 200, sent.value);
}

answer make_offer(messenger& own, http::request& r) {
  CO_TRY(auto input, http::read_body<new_offer>(r));
  CO_TRY_VOID(take_idempotency_key(r, input.client_id));
  CO_TRY(auto sent, co_await own.make_offer(r.ctx, r.param("id"), std::move(input)));
  co_return http::json_response(sent.made ? 201 : 200, sent.value);
}

answer get_offer(messenger& own, http::request& r) {
  CO_TRY(auto value, co_await own.get_offer(r.ctx, r.param("id")));
  co_return http::json_response(200, value);
}

answer decline_offer(messenger& own, http::request& r) {
  CO_TRY(auto value, co_await own.close_offer(r.ctx, r.param("id"), offer_status::declined));
  co_return http::json_response(200, value);
}

answer withdraw_offer(messenger& own, http::request& r) {
  CO_TRY(auto value, co_await own.close_offer(r.ctx, r.param("id"), offer_status::withdrawn));
  co_return http::json_response(200, value);
}

answer mark_read(messenger& own, http::request& r) {
  CO_TRY(auto mark, http::read_body<read_mark>(r));
  CO_TRY(auto value, co_await own.mark_read(r.ctx, r.param("id"), mark.seq));
  co_return http::json_response(200, value);
}

answer block_person(messenger& own, http::request& r) {
  CO_TRY_VOID(co_await own.block(r.ctx, r.param("username")));
  co_return http::no_content();
}

answer unblock_person(messenger& own, http::request& r) {
  CO_TRY_VOID(co_await own.unblock(r.ctx, r.param("username")));
  co_return http::no_content();
}

// A list that takes nothing but limit and cursor.
template <class T>
answer listed(messenger& own, http::request& r,
              awaitable<result<messenger::page<T>>> (messenger::*list)(
                  const context&, std::size_t, std::optional<std::string>)) {
  http::query_reader query(r);
  auto limit = query.limit();
  auto cursor = query.text("cursor", longest_cursor);
  CO_TRY_VOID(query.done());
  CO_TRY(auto page, co_await (own.*list)(r.ctx, limit, std::move(cursor)));
  co_return page_response(page);
}

answer list(messenger& own, http::request& r) {
  http::query_reader query(r);
  auto limit = query.limit();
  auto cursor = query.text("cursor", longest_cursor);
  CO_TRY_VOID(query.done());
  CO_TRY(auto page, co_await own.list(r.ctx, limit, std::move(cursor)));
  CO_TRY(auto unread, co_await own.unread(r.ctx));
  co_return http::json_response(200,
                                json::object{{"items", json::to_value(page.items)},
                                             {"unread", unread},
                                             {"next_cursor", json::to_value(page.next_cursor)}});
}

answer blocks(messenger& own, http::request& r) {
  return listed(own, r, &messenger::blocks);
}

answer reports(messenger& own, http::request& r) {
  return listed(own, r, &messenger::reports);
}

answer report_message(messenger& own, http::request& r) {
  CO_TRY(auto input, http::read_body<new_report>(r));
  CO_TRY(auto kept, co_await own.report(r.ctx, r.param("id"), std::move(input)));
  co_return http::json_response(kept.made ? 201 : 200, kept.value);
}

}  // namespace

void add_routes(http::router& to, std::shared_ptr<messenger> own) {
  auto with = [&](answer (*use)(messenger&, http::request&)) {
    return hosting::signed_in([own, use](http::request& r) { return use(*own, r); });
  };
  to.get("/conversations", with(list));
  to.post("/conversations", with(open));
  to.get("/conversations/{id}", with(get));
  to.get("/internal/conversations/{id}/correspondent", with(correspondent));
  to.get("/conversations/{id}/messages", with(messages));
  to.post("/conversations/{id}/messages", with(send));
  to.post("/conversations/{id}/read", with(mark_read));
  to.post("/conversations/{id}/offers", with(make_offer));
  to.put("/users/me/blocks/{username}", with(block_person));
  to.del("/users/me/blocks/{username}", with(unblock_person));
  to.get("/users/me/blocks", with(blocks));
  to.post("/messages/{id}/report", with(report_message));
  to.get("/ops/reports", with(reports));
  to.get("/offers/{id}", with(get_offer));
  to.post("/offers/{id}/decline", with(decline_offer));
  to.post("/offers/{id}/withdraw", with(withdraw_offer));
}

}  // namespace oficio::chat
