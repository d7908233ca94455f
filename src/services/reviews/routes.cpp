#include "services/reviews/routes.hpp"

#include <algorithm>

#include "platform/hosting/service.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"
#include "platform/security/crypto.hpp"
#include "services/reviews/events.hpp"

namespace oficio::reviews {
namespace {

using answer = awaitable<result<http::response>>;

result<request_mark> mark_of(const http::request& r) {
  auto key = r.headers.get("Idempotency-Key");
  bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
  if (key.size() > 100 || !visible || (key.empty() && r.headers.has("Idempotency-Key"))) {
    return error{errc::bad_request, "bad_idempotency_key",
                 "An Idempotency-Key has 1 to 100 visible ASCII characters."};
  }
  return request_mark{std::string(key), security::digest(r.target + '\n' + r.body)};
}

answer shown(service& reviews, const context& ctx, std::vector<review> found,
             std::string next_cursor = {}) {
  CO_TRY(auto faces, co_await reviews.faces_of(ctx, found));
  json::array items;
  for (const auto& one : found) items.push_back(view_of(one, faces));
  json::object body{{"items", std::move(items)}, {"next_cursor", nullptr}};
  if (!next_cursor.empty()) body["next_cursor"] = next_cursor;
  co_return http::json_response(200, body);
}

answer shown_one(service& reviews, const context& ctx, review one, bool created) {
  std::vector<review> all{std::move(one)};
  CO_TRY(auto faces, co_await reviews.faces_of(ctx, all));
  co_return http::json_response(created ? 201 : 200, view_of(all.front(), faces));
}

answer give(std::shared_ptr<service> reviews, http::request& r) {
  CO_TRY(auto mark, mark_of(r));
  CO_TRY(auto what, http::read_body<review_request>(r));
  CO_TRY(auto given,
         co_await reviews->give(r.ctx, r.param("id"), std::move(what), std::move(mark)));
  co_return co_await shown_one(*reviews, r.ctx, std::move(given.review), given.created);
}

answer reply_to(std::shared_ptr<service> reviews, http::request& r) {
  CO_TRY(auto mark, mark_of(r));
  CO_TRY(auto what, http::read_body<reply_request>(r));
  CO_TRY(auto given,
         co_await reviews->reply(r.ctx, r.param("id"), std::move(what), std::move(mark)));
  co_return co_await shown_one(*reviews, r.ctx, std::move(given.review), given.created);
}

answer list(std::shared_ptr<service> reviews, http::request& r, filter::by field) {
  http::query_reader query(r);
  filter which{.field = field, .id = {}, .mark = query.number("rating", 1, 5).value_or(0)};
  auto limit = query.limit();
  auto cursor = query.text("cursor", 500).value_or("");
  CO_TRY_VOID(query.done());
  if (field == filter::by::gig) {
    which.id = r.param("id");
  } else {
    CO_TRY(which.id, co_await reviews->seller(r.ctx, r.param("username")));
  }
  CO_TRY(auto page, co_await reviews->list(r.ctx, std::move(which), limit, std::move(cursor)));
  co_return co_await shown(*reviews, r.ctx, std::move(page.items), std::move(page.next_cursor));
}

// At most two, so there is no second page.
answer of_order(std::shared_ptr<service> reviews, http::request& r) {
  http::query_reader query(r);
  CO_TRY_VOID(query.done());
  CO_TRY(auto items, co_await reviews->of_order(r.ctx, r.param("id")));
  co_return co_await shown(*reviews, r.ctx, std::move(items));
}

}  // namespace

void add_routes(http::router& to, std::shared_ptr<service> reviews) {
  to.post("/orders/{id}/review",
          hosting::signed_in([reviews](http::request& r) { return give(reviews, r); }));
  to.post("/reviews/{id}/reply",
          hosting::signed_in([reviews](http::request& r) { return reply_to(reviews, r); }));
  to.get("/orders/{id}/reviews",
         hosting::signed_in([reviews](http::request& r) { return of_order(reviews, r); }));
  to.get("/gigs/{id}/reviews",
         [reviews](http::request& r) { return list(reviews, r, filter::by::gig); });
  to.get("/sellers/{username}/reviews",
         [reviews](http::request& r) { return list(reviews, r, filter::by::seller); });
}

}  // namespace oficio::reviews
