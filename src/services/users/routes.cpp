#include "services/users/routes.hpp"

#include <memory>

#include "platform/base/uuid.hpp"
#include "platform/hosting/service.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"
#include "services/users/request_head.hpp"

namespace oficio::users {
namespace {

using answer = awaitable<result<http::response>>;

constexpr std::size_t longest_token = 400;

struct rooms {
  people& use_cases;
  favorite_store& favorites;
  const unsubscribe_tokens& tokens;
  security::cursor_signer cursors;
};

http::response with_revision(int status, const json::object& view) {
  auto out = http::json_response(status, json::to_text(json::value(view)));
  out.headers.set("ETag", '"' + std::to_string(view.at("revision").as_int64()) + '"');
  return out;
}

// Cuts off the one that was read beyond the limit, and gives the cursor of the rest if there was
// one.
template <class T>
json::value cut_page(std::vector<T>& items, std::size_t asked, const rooms& own,
                     const http::request& r, const std::string& list) {
  if (items.size() < asked) return nullptr;
  items.pop_back();
  return json::value(cursor_behind(position_of(items.back()), r, own.cursors, list));
}

json::object view_of(const favorite& f) {
  return {{"gig_id", f.gig_id}, {"at", format_time(f.at)}};
}

answer own_profile(rooms& own, http::request& r) {
  CO_TRY(auto view, co_await own.use_cases.own(r.ctx));
  co_return with_revision(200, view);
}

answer edit_profile(rooms& own, http::request& r) {
  CO_TRY(auto revision, read_if_match(r));
  CO_TRY(auto e, http::read_body<profile_edit>(r));
  CO_TRY(auto view, co_await own.use_cases.edit(r.ctx, std::move(e), revision));
  co_return with_revision(200, view);
}

answer shown_profile(rooms& own, http::request& r) {
  CO_TRY(auto text, co_await own.use_cases.shown(r.ctx, r.param("username")));
  co_return http::json_response(200, std::move(text));
}

// A gig's id as such; users never asks gigs whether it is there.
result<std::string> gig_id_of(const http::request& r) {
  auto id = r.param("gig_id");
  if (!is_uuid(id)) return not_found("The gig");
  return id;
}

answer favorite_one(rooms& own, http::request& r) {
  CO_TRY(auto id, gig_id_of(r));
  CO_TRY(auto found, co_await own.favorites.get(r.ctx, r.ctx.who, std::move(id)));
  if (!found) co_return not_found("The favourite");
  co_return http::json_response(200, view_of(*found));
}

answer add_favorite(rooms& own, http::request& r) {
  CO_TRY(auto id, gig_id_of(r));
  CO_TRY(auto added, co_await own.favorites.add(r.ctx, r.ctx.who, std::move(id)));
  co_return http::json_response(200, view_of(added));
}

answer remove_favorite(rooms& own, http::request& r) {
  CO_TRY(auto id, gig_id_of(r));
  CO_TRY_VOID(co_await own.favorites.remove(r.ctx, r.ctx.who, std::move(id)));
  co_return http::no_content();
}

answer list_favorites(rooms& own, http::request& r) {
  CO_TRY(auto wanted, read_stretch(r, own.cursors, "favorites"));
  auto asked = wanted.limit;
  CO_TRY(auto found, co_await own.favorites.list(r.ctx, r.ctx.who, std::move(wanted)));
  auto next = cut_page(found, asked, own, r, "favorites");
  json::array items;
  for (const auto& f : found) items.push_back(view_of(f));
  co_return http::json_response(
      200, json::object{{"items", std::move(items)}, {"next_cursor", std::move(next)}});
}

answer list_activity(rooms& own, http::request& r) {
  CO_TRY(auto wanted, read_stretch(r, own.cursors, "activity"));
  auto asked = wanted.limit;
  CO_TRY(auto page, co_await own.use_cases.feed(r.ctx, std::move(wanted)));
  auto next = cut_page(page.items, asked, own, r, "activity");
  json::array items;
  for (const auto& a : page.items) {
    items.push_back(view_of(a, a.is_read(page.read_until)));
  }
  co_return http::json_response(200, json::object{{"items", std::move(items)},
                                                  {"unread", page.unread},
                                                  {"next_cursor", std::move(next)}});
}

answer read_activity(rooms& own, http::request& r) {
  read_request what;
  if (!r.body.empty()) {
    CO_TRY(what, http::read_body<read_request>(r));
  }
  CO_TRY_VOID(co_await own.use_cases.mark_feed_read(r.ctx, std::move(what)));
  co_return http::no_content();
}

answer become_seller(rooms& own, http::request& r) {
  CO_TRY(auto request, read_creation(r));
  CO_TRY(auto form, http::read_body<new_seller>(r));
  CO_TRY(auto made,
         co_await own.use_cases.become_seller(r.ctx, std::move(form), std::move(request)));
  auto out = with_revision(201, users::view_of(made));
  out.headers.set("Location", "/api/v1/sellers/" + made.username);
  co_return out;
}

answer own_seller(rooms& own, http::request& r) {
  CO_TRY(auto found, co_await own.use_cases.own_seller(r.ctx));
  co_return with_revision(200, users::view_of(found));
}

answer edit_seller(rooms& own, http::request& r) {
  CO_TRY(auto revision, read_if_match(r));
  CO_TRY(auto e, http::read_body<seller_edit>(r));
  CO_TRY(auto changed, co_await own.use_cases.edit_seller(r.ctx, std::move(e), revision));
  co_return with_revision(200, users::view_of(changed));
}

answer shown_seller(rooms& own, http::request& r) {
  CO_TRY(auto text, co_await own.use_cases.shown_seller(r.ctx, r.param("username")));
  co_return http::json_response(200, std::move(text));
}

result<subscription_ref> subscription_of(const rooms& own, http::request& r) {
  http::query_reader query(r);
  auto token = query.text("token", longest_token).value_or("");
  TRY_VOID(query.done());
  return own.tokens.read(token);
}

http::response page(std::string html) {
  http::response out;
  out.headers.set("Content-Type", "text/html; charset=utf-8");
  out.headers.set("Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                  "frame-ancestors 'none'");
  out.headers.set("Referrer-Policy", "no-referrer");  // the address has the token
  out.body = std::move(html);
  return out;
}

// The link in a mail: it only asks, since mail scanners follow links, too.
answer ask_to_unsubscribe(rooms& own, http::request& r) {
  CO_TRY(auto what, subscription_of(own, r));
  CO_TRY(auto locale, co_await own.use_cases.language_of(r.ctx, what.account_id));
  co_return page(asking_page(own.tokens.make(what), what.kind, locale));
}

// From that page, or at one click from a mail program (RFC 8058). The body says nothing that
// matters.
answer unsubscribe(rooms& own, http::request& r) {
  CO_TRY(auto what, subscription_of(own, r));
  CO_TRY(auto locale, co_await own.use_cases.silence_mail(r.ctx, what));
  if (r.headers.get("Accept").find("text/html") != std::string_view::npos) {
    co_return page(done_page(what.kind, locale));
  }
  co_return http::no_content();
}

}  // namespace

void add_routes(http::router& to, people& use_cases, favorite_store& favorites,
                const unsubscribe_tokens& tokens, std::string cursor_key) {
  auto own = std::make_shared<rooms>(
      rooms{use_cases, favorites, tokens, security::cursor_signer(std::move(cursor_key))});
  auto open = [own](answer (*use)(rooms&, http::request&)) {
    return [own, use](http::request& r) { return use(*own, r); };
  };
  auto signed_in = [&open](answer (*use)(rooms&, http::request&)) {
    return hosting::signed_in(open(use));
  };
  to.get("/users/me", signed_in(own_profile));
  to.patch("/users/me", signed_in(edit_profile));
  to.get("/users/me/favorites", signed_in(list_favorites));
  to.get("/users/me/favorites/{gig_id}", signed_in(favorite_one));
  to.put("/users/me/favorites/{gig_id}", signed_in(add_favorite));
  to.del("/users/me/favorites/{gig_id}", signed_in(remove_favorite));
  to.get("/users/me/activity", signed_in(list_activity));
  to.post("/users/me/activity/read", signed_in(read_activity));
  to.get("/users/{username}", open(shown_profile));
  to.post("/sellers", signed_in(become_seller));
  to.get("/sellers/me", signed_in(own_seller));
  to.patch("/sellers/me", signed_in(edit_seller));
  to.get("/sellers/{username}", open(shown_seller));
  to.get("/unsubscribe", open(ask_to_unsubscribe));
  to.post("/unsubscribe", open(unsubscribe));
}

}  // namespace oficio::users
