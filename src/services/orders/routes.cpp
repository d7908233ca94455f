#include "services/orders/routes.hpp"

#include <utility>

#include "platform/base/money.hpp"
#include "platform/hosting/service.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"
#include "services/orders/request_head.hpp"
#include "services/orders/view.hpp"

namespace oficio::orders {
namespace {

using http::request;
using http::response;
using answer = awaitable<result<response>>;
using position = documents::query::position;

response with_view(int status, const order& o) {
  auto r = http::json_response(status, view_of(o));
  r.headers.set("ETag", '"' + std::to_string(o.revision) + '"');
  return r;
}

result<std::optional<position>> read_position(const security::cursor_signer& cursors,
                                              const std::string& scope,
                                              const std::optional<std::string>& cursor) {
  if (!cursor) return std::optional<position>{};
  TRY(auto text, cursors.open(scope, *cursor));
  TRY(auto parsed, json::parse(text));
  // Signed by us, so its shape is ours.
  const auto& parts = parsed.as_array();
  return std::optional<position>{position{{parts.at(0)}, std::string(parts.at(1).as_string())}};
}

boost::json::value next_cursor(const security::cursor_signer& cursors, const std::string& scope,
                               const std::optional<position>& next) {
  if (!next) return nullptr;
  boost::json::value parts = boost::json::array{next->values.at(0), boost::json::value(next->id)};
  return boost::json::value(cursors.sign(scope, json::to_text(parts)));
}

std::vector<std::string> all_statuses() {
  std::vector<std::string> out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<status>>(
      [&](auto d) { out.emplace_back(d.name); });
  return out;
}

// What the handlers need; they are its coroutines, so that the closures in the router hold nothing
// but a pointer to it.
struct desk {
  service& orders;
  earnings& money;
  copies<known_person>& people;
  payments::provider& provider;
  std::string currency;
  security::cursor_signer cursors;

  // The order as whoever asks for it sees it just now.
  answer shown(const context& ctx, int status, order o) {
    std::vector<order*> one{&o};
    CO_TRY_VOID(co_await show_avatars(ctx, people, std::move(one)));
    co_return with_view(status, o);
  }

  answer place(request& r) {
    CO_TRY(auto wish, http::read_body<place_request>(r));
    CO_TRY(auto e, read_edit(r, json::to_text(wish)));
    CO_TRY(auto made, co_await orders.place(r.ctx, std::move(wish), std::move(e.request)));
    CO_TRY(auto out, co_await shown(r.ctx, made.fresh ? 201 : 200, made.order));
    out.headers.set("Location", "/orders/" + made.order.id);
    co_return out;
  }

  answer get(request& r) {
    CO_TRY(auto o, co_await orders.get(r.ctx, r.param("id")));
    co_return co_await shown(r.ctx, 200, std::move(o));
  }

  answer list(request& r) {
    http::query_reader query(r);
    order_filter f;
    auto role = query.choice("role", {"buyer", "seller"}).value_or("buyer");
    auto wanted = query.choice("status", all_statuses());
    f.limit = query.limit();
    auto cursor = query.text("cursor", 1'000);
    CO_TRY_VOID(query.done());
    f.role = role == "seller" ? side::seller : side::buyer;
    if (wanted) boost::describe::enum_from_string(wanted->c_str(), f.status.emplace());
    auto scope = "orders " + r.ctx.who.sub + ' ' + role + ' ' + wanted.value_or("");
    CO_TRY(f.after, read_position(cursors, scope, cursor));
    auto limit = f.limit++;  // one more tells whether there is a next page
    CO_TRY(auto found, co_await orders.list(r.ctx, std::move(f)));
    std::optional<position> next;
    if (found.size() > limit) {
      found.resize(limit);
      next = position_of(found.back().created_at, found.back().id);
    }
    std::vector<order*> all;
    for (auto& o : found) all.push_back(&o);
    CO_TRY_VOID(co_await show_avatars(r.ctx, people, std::move(all)));
    boost::json::array items;
    for (const auto& o : found) items.push_back(view_of(o));
    boost::json::object page{{"items", std::move(items)},
                             {"next_cursor", next_cursor(cursors, scope, next)}};
    co_return http::json_response(200, page);
  }

  answer pay(request& r) {
    CO_TRY(auto how, http::read_body<pay_request>(r));
    // The digest is kept, and a card could be guessed from its digest: only the way is in it.
    CO_TRY(auto e, read_edit(r, how.confirm ? "confirm " + *how.confirm : "method"));
    CO_TRY(auto paid, co_await orders.pay(r.ctx, r.param("id"), std::move(how), std::move(e)));
    if (paid.confirmation_token.empty())
      co_return co_await shown(r.ctx, 200, std::move(paid.order));
    boost::json::object action{{"type", "confirm"}, {"token", paid.confirmation_token}};
    boost::json::object body{{"action", std::move(action)}};
    co_return http::json_response(202, body);
  }

  // A step that needs something to be said.
  template <class Said>
  using told_step = awaitable<result<order>> (service::*)(const context&, std::string, Said, edit);
  template <class Said>
  answer step(request& r, told_step<Said> act) {
    CO_TRY(auto said, http::read_body<Said>(r));
    CO_TRY(auto e, read_edit(r, json::to_text(said)));
    CO_TRY(auto o, co_await (orders.*act)(r.ctx, r.param("id"), std::move(said), std::move(e)));
    co_return co_await shown(r.ctx, 200, std::move(o));
  }
  answer submit_requirements(request& r) { return step(r, &service::submit_requirements); }
  answer deliver(request& r) { return step(r, &service::deliver); }
  answer request_revision(request& r) { return step(r, &service::request_revision); }
  answer request_extension(request& r) { return step(r, &service::request_extension); }
  answer cancel(request& r) { return step(r, &service::cancel); }

  answer accept(request& r) {
    CO_TRY(auto e, read_edit(r, ""));
    CO_TRY(auto o, co_await orders.accept(r.ctx, r.param("id"), std::move(e)));
    co_return co_await shown(r.ctx, 200, std::move(o));
  }

  using reply_step = awaitable<result<order>> (service::*)(const context&, std::string, bool, edit);
  answer reply(request& r, reply_step act, bool approve) {
    CO_TRY(auto e, read_edit(r, ""));
    CO_TRY(auto o, co_await (orders.*act)(r.ctx, r.param("id"), approve, std::move(e)));
    co_return co_await shown(r.ctx, 200, std::move(o));
  }
  answer approve_cancellation(request& r) { return reply(r, &service::answer_cancellation, true); }
  answer reject_cancellation(request& r) { return reply(r, &service::answer_cancellation, false); }
  answer approve_extension(request& r) { return reply(r, &service::answer_extension, true); }
  answer reject_extension(request& r) { return reply(r, &service::answer_extension, false); }

  // The provider is nobody of ours: its signature is all that counts.
  answer hear(request& r) {
    CO_TRY(auto told, provider.read_notice(r.headers.get(provider.signature_header()), r.body));
    CO_TRY_VOID(co_await orders.hear(r.ctx, std::move(told)));
    co_return http::no_content();
  }

  answer earned(request& r) {
    http::query_reader query(r);
    auto limit = query.limit();
    auto cursor = query.text("cursor", 1'000);
    CO_TRY_VOID(query.done());
    auto scope = "earnings " + r.ctx.who.sub;
    CO_TRY(auto after, read_position(cursors, scope, cursor));
    CO_TRY(auto page, co_await money.of(r.ctx, r.ctx.who, limit, std::move(after)));
    boost::json::array items;
    for (const auto& e : page.entries) {
      items.push_back({{"id", e.id},
                       {"order_id", e.order_id},
                       {"kind", e.kind},
                       {"amount", json::to_value(oficio::money{e.amount, currency})},
                       {"at", format_time(e.at)}});
    }
    boost::json::object entries{{"items", std::move(items)},
                                {"next_cursor", next_cursor(cursors, scope, page.next)}};
    boost::json::object body{{"pending", json::to_value(oficio::money{page.pending, currency})},
                             {"available", json::to_value(oficio::money{page.available, currency})},
                             {"entries", std::move(entries)}};
    co_return http::json_response(200, body);
  }
};

}  // namespace

void add_routes(http::router& to, service& orders, earnings& money, copies<known_person>& people,
                payments::provider& provider, std::string currency, std::string cursor_key) {
  auto d = std::make_shared<desk>(orders, money, people, provider, std::move(currency),
                                  security::cursor_signer(std::move(cursor_key)));
  auto with = [d](answer (desk::*handle)(request&)) {
    return hosting::signed_in([d, handle](request& r) { return (d.get()->*handle)(r); });
  };
  to.post("/orders", with(&desk::place));
  to.get("/orders", with(&desk::list));
  to.get("/orders/{id}", with(&desk::get));
  to.post("/orders/{id}/pay", with(&desk::pay));
  to.post("/orders/{id}/requirements", with(&desk::submit_requirements));
  to.post("/orders/{id}/deliver", with(&desk::deliver));
  to.post("/orders/{id}/revision", with(&desk::request_revision));
  to.post("/orders/{id}/accept", with(&desk::accept));
  to.post("/orders/{id}/cancel", with(&desk::cancel));
  to.post("/orders/{id}/cancel/approve", with(&desk::approve_cancellation));
  to.post("/orders/{id}/cancel/reject", with(&desk::reject_cancellation));
  to.post("/orders/{id}/extension", with(&desk::request_extension));
  to.post("/orders/{id}/extension/approve", with(&desk::approve_extension));
  to.post("/orders/{id}/extension/reject", with(&desk::reject_extension));
  to.post("/payments/webhook", [d](request& r) { return d->hear(r); });
  to.get("/earnings", with(&desk::earned));
}

}  // namespace oficio::orders
