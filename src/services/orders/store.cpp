#include "services/orders/store.hpp"

#include <utility>

#include "platform/base/time.hpp"
#include "platform/documents/scan.hpp"
#include "services/orders/view.hpp"

namespace oficio::orders {
namespace {

using documents::op;

constexpr auto source = "/oficio/orders";

documents::collection_spec orders_spec() {
  return {"orders",
          {{"creation", {"creation.account", "creation.key"}, true},
           {"origin", {"origin"}, true},
           {"buyer", {"buyer.id", "created_at"}},
           {"buyer_status", {"buyer.id", "status", "created_at"}},
           {"seller", {"seller.id", "created_at"}},
           {"seller_status", {"seller.id", "status", "created_at"}},
           {"released", {"seller.id", "released_at"}},
           {"wake", {"wake_at"}}}};
}

boost::json::value text(std::string_view s) {
  return boost::json::value(s);
}

std::vector<order> without_versions(std::vector<documents::stored<order>> from) {
  std::vector<order> out;
  out.reserve(from.size());
  for (auto& s : from) out.push_back(std::move(s.value));
  return out;
}

std::optional<side> side_of(const order& o, const identity& actor) {
  return actor.is_system() ? side::system : o.side_of(actor.sub);
}

error no_order() {
  return not_found("The order");
}

}  // namespace

documents::query::position position_of(time_point at, const std::string& id) {
  return {{text(format_time(at))}, id};
}

order_store::order_store(documents::database& database, const wall_clock& clock)
    : orders_(database.open(orders_spec()), source, clock) {}

events::fact_source order_store::facts() {
  return {source, [this](const context& ctx, std::string after, std::size_t limit) {
            return documents::retell(orders_, ctx, std::move(after), limit, facts_of);
          }};
}

awaitable<result<order>> order_store::get(const context& ctx, std::string id, identity actor) {
  CO_TRY(auto found, co_await orders_.get(ctx, std::move(id)));
  if (!found || !side_of(found->value, actor)) co_return no_order();
  co_return std::move(found->value);
}

awaitable<result<std::optional<order>>> order_store::find_created(const context& ctx,
                                                                  std::string account,
                                                                  std::string key) {
  documents::query q;
  q.where.push_back({"creation.account", op::eq, text(account)});
  q.where.push_back({"creation.key", op::eq, text(key)});
  q.limit = 1;
  CO_TRY(auto found, co_await find(ctx, std::move(q)));
  if (found.empty()) co_return std::optional<order>{};
  co_return std::optional<order>{std::move(found.front())};
}

awaitable<result<order>> order_store::insert(const context& ctx, order o) {
  auto raised = events_of(o);
  o.raised.clear();
  CO_TRY(auto written, co_await orders_.insert(ctx, std::move(o), std::move(raised)));
  co_return std::move(written.value);
}

awaitable<result<order>> order_store::update(const context& ctx, std::string id, identity actor,
                                             order_change change) {
  auto decide = [&](order& o, documents::change& c) -> result<void> {
    auto who = side_of(o, actor);
    if (!who) return no_order();
    // Orders that were written before there were offers came from gigs.
    if (o.origin.empty()) o.origin = "gig " + o.id;
    TRY(bool changed, change(o, *who));
    if (!changed) c.skip();
    for (auto& e : events_of(o)) c.raise(std::move(e));
    return {};
  };
  auto written = co_await orders_.update(ctx, std::move(id), decide);
  if (!written && written.error().kind == errc::not_found) co_return no_order();
  if (!written) co_return std::move(written).error();
  co_return std::move(written->value);
}

awaitable<result<std::vector<order>>> order_store::list(const context& ctx, identity actor,
                                                        order_filter f) {
  documents::query q;
  q.where.push_back({f.role == side::buyer ? "buyer.id" : "seller.id", op::eq, text(actor.sub)});
  if (f.status) q.where.push_back({"status", op::eq, text(to_string(*f.status))});
  q.sort.push_back({"created_at", true});
  q.limit = f.limit;
  q.after = std::move(f.after);
  co_return co_await find(ctx, std::move(q));
}

awaitable<result<std::vector<order>>> order_store::due(const context& ctx, time_point now,
                                                       std::size_t limit) {
  documents::query q;
  q.where.push_back({"wake_at", op::lte, text(format_time(now))});
  q.sort.push_back({"wake_at"});
  q.limit = limit;
  co_return co_await find(ctx, std::move(q));
}

awaitable<result<std::vector<order>>> order_store::unreleased(const context& ctx, identity seller,
                                                              std::optional<std::string> after_id,
                                                              std::size_t limit) {
  documents::query q;
  q.where.push_back({"seller.id", op::eq, text(seller.sub)});
  q.where.push_back({"status", op::in,
                     boost::json::array{text(to_string(status::awaiting_requirements)),
                                        text(to_string(status::in_progress)),
                                        text(to_string(status::delivered))}});
  if (after_id) q.after = documents::query::position{{}, std::move(*after_id)};
  q.limit = limit;
  co_return co_await find(ctx, std::move(q));
}

awaitable<result<std::vector<order>>> order_store::released(
    const context& ctx, identity seller, bool newest_first, std::size_t limit,
    std::optional<documents::query::position> after) {
  documents::query q;
  q.where.push_back({"seller.id", op::eq, text(seller.sub)});
  q.where.push_back({"released_at", op::gt, text("")});  // an order without one compares as null
  q.sort.push_back({"released_at", newest_first});
  q.limit = limit;
  q.after = std::move(after);
  co_return co_await find(ctx, std::move(q));
}

awaitable<result<std::vector<order>>> order_store::find(const context& ctx, documents::query q) {
  CO_TRY(auto found, co_await orders_.find(ctx, std::move(q)));
  co_return without_versions(std::move(found));
}

}  // namespace oficio::orders
