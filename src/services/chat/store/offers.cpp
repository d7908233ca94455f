#include "platform/documents/scan.hpp"
#include "services/chat/events.hpp"
#include "services/chat/store.hpp"

namespace oficio::chat {
namespace {

using documents::op;

// What told of an offer's state last; that it ran out or was ordered, chat does not tell.
std::string last_event(offer_status s) {
  if (s == offer_status::declined) return "chat.offer.declined";
  if (s == offer_status::withdrawn) return "chat.offer.withdrawn";
  return "chat.offer.made";
}

}  // namespace

awaitable<result<void>> store::learn(const context& ctx, known_gig news) {
  auto inserted = co_await gigs_.insert(ctx, news);
  if (inserted) co_return result<void>{};
  if (inserted.error().code != "duplicate") co_return inserted.error();
  auto id = news.id;
  CO_TRY_VOID(co_await gigs_.update(
      ctx, std::move(id), [&news](known_gig& known, documents::change& c) -> result<void> {
        if (news.version <= known.version) {
          c.skip();
        } else {
          known = news;
        }
        return {};
      }));
  co_return result<void>{};
}

awaitable<result<std::optional<known_gig>>> store::gig(const context& ctx, std::string id) {
  CO_TRY(auto found, co_await gigs_.get(ctx, std::move(id)));
  if (!found) co_return std::optional<known_gig>{};
  co_return std::optional<known_gig>{std::move(found->value)};
}

awaitable<result<message>> store::close_offer(const context& ctx, identity actor, std::string id,
                                              offer_status to) {
  auto found = co_await message_for(ctx, actor, id);
  // An offer is its message, and what is no offer is none for anybody.
  bool none = found ? !found->offer.has_value() : found.error().kind == errc::not_found;
  if (none) co_return not_found("The offer");
  if (!found) co_return found.error();
  CO_TRY(auto c, co_await conversation_for(ctx, actor, found->conversation_id));
  auto decide = [&](message& m, documents::change& change) -> result<void> {
    if (!m.offer) return not_found("The offer");
    TRY(bool changed, close(*m.offer, to, actor.sub, clock_.now()));
    if (changed) {
      bool declined = to == offer_status::declined;
      change.raise(offer_changed(declined ? "chat.offer.declined" : "chat.offer.withdrawn", m, c));
    } else {
      change.skip();
    }
    return {};
  };
  CO_TRY(auto written, co_await messages_.update(ctx, std::move(id), std::move(decide)));
  co_return std::move(written.value);
}

awaitable<result<void>> store::mark_ordered(const context& ctx, identity actor, std::string id,
                                            std::string order_id) {
  if (!actor.is_system()) co_return not_found("The offer");
  auto decide = [&order_id](message& m, documents::change& change) -> result<void> {
    if (!m.offer) return not_found("The offer");
    if (m.offer->status == offer_status::ordered && m.offer->order_id == order_id) change.skip();
    m.offer->status = offer_status::ordered;
    m.offer->order_id = order_id;
    return {};
  };
  auto written = co_await messages_.update(ctx, std::move(id), std::move(decide));
  if (!written) co_return written.error();
  co_return result<void>{};
}

awaitable<result<std::vector<std::string>>> store::due_offers(const context& ctx, identity actor,
                                                              std::size_t limit) {
  if (!actor.is_system()) co_return not_found("The offer");
  documents::query q;
  q.where = {{"offer.status", op::eq, json::to_value(offer_status::open)},
             {"offer.expires_at", op::lte, json::to_value(clock_.now())}};
  q.sort = {{"offer.expires_at", false}};
  q.limit = limit;
  CO_TRY(auto found, co_await messages_.find(ctx, std::move(q)));
  std::vector<std::string> ids;
  for (auto& due : found) ids.push_back(std::move(due.value.id));
  co_return ids;
}

awaitable<result<void>> store::expire_offer(const context& ctx, identity actor, std::string id) {
  if (!actor.is_system()) co_return not_found("The offer");
  auto decide = [now = clock_.now()](message& m, documents::change& change) -> result<void> {
    if (!m.offer) return not_found("The offer");
    auto status = m.offer->status_at(now);
    if (status == m.offer->status) change.skip();
    m.offer->status = status;
    return {};
  };
  auto written = co_await messages_.update(ctx, std::move(id), std::move(decide));
  if (!written) co_return written.error();
  co_return result<void>{};
}

awaitable<result<void>> store::refresh(const context& ctx, message& m) {
  if (!m.offer) co_return result<void>{};
  CO_TRY(auto found, co_await messages_.get(ctx, m.id));
  if (found) m = std::move(found->value);
  co_return result<void>{};
}

awaitable<result<std::vector<events::retold>>> store::retell(context ctx, std::string after,
                                                             std::size_t limit) {
  CO_TRY(auto found, co_await documents::scan(messages_, ctx, std::move(after), limit));
  std::vector<events::retold> out;
  for (const auto& [m, version] : found) {
    out.push_back({m.id, version, {}});
    if (!m.offer) continue;
    CO_TRY(auto c, co_await conversations_.get(ctx, m.conversation_id));
    if (c) out.back().facts.push_back(offer_changed(last_event(m.offer->status), m, c->value));
  }
  co_return out;
}

events::fact_source store::facts() {
  return {"/oficio/chat", [this](const context& ctx, std::string after, std::size_t limit) {
            return retell(ctx, std::move(after), limit);
          }};
}

}  // namespace oficio::chat
