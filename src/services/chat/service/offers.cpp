// Offers: what a seller proposes to one person, and what becomes of it.
#include "platform/base/uuid.hpp"
#include "platform/runtime/timing.hpp"
#include "services/chat/service.hpp"

namespace oficio::chat {
namespace {

using std::chrono::milliseconds;

// The event of a gig that was published a moment ago may still be on its way.
constexpr milliseconds patience{1'000};
constexpr milliseconds between_looks{25};
constexpr milliseconds fresh_for{10'000};

bool is_fresh(const std::string& id, time_point now) {
  auto made = uuid_time(id);
  // Ids come from outside: one from the future is not new, but invented.
  return made && now - *made < fresh_for && *made - now < fresh_for;
}

}  // namespace

awaitable<result<known_gig>> messenger::own_gig(const context& ctx, std::string id) {
  auto give_up = std::chrono::steady_clock::now() + std::min(patience, ctx.remaining());
  for (;;) {
    CO_TRY(auto found, co_await store_.gig(ctx, id));
    if (found && found->seller_id != ctx.who.sub) {
      co_return error{errc::forbidden, "not_yours", "Offers are made about one's own gigs."};
    }
    if (found && found->removed) {
      co_return error{errc::conflict, "gig_removed", "This gig was removed."};
    }
    if (found) co_return std::move(*found);
    bool expected = is_fresh(id, clock_.now());
    if (!expected || std::chrono::steady_clock::now() >= give_up) co_return not_found("The gig");
    co_await runtime::sleep_for(between_looks);
  }
}

awaitable<result<messenger::sent>> messenger::make_offer(const context& ctx,
                                                         std::string conversation_id,
                                                         new_offer input) {
  CO_TRY(auto c, co_await store_.conversation_for(ctx, ctx.who, std::move(conversation_id)));
  CO_TRY_VOID(co_await refuse_blocked(ctx, c.other_than(ctx.who.sub).id));
  auto now = clock_.now();
  CO_TRY(auto end, end_of(input, currency_, now));
  CO_TRY(auto gig, co_await own_gig(ctx, std::move(input.gig_id)));
  message m;
  m.created_at = now;
  m.id = uuid_v7(now);
  m.client_id = input.client_id.value_or(m.id);
  m.from = {ctx.who.sub, ctx.who.username};
  m.offer = offer{.id = m.id,
                  .gig_id = std::move(gig.id),
                  .seller_id = ctx.who.sub,
                  .buyer_id = c.other_than(ctx.who.sub).id,
                  .title = input.title ? std::move(*input.title) : std::move(gig.title),
                  .description = std::move(input.description),
                  .price = std::move(input.price),
                  .delivery_days = input.delivery_days,
                  .revisions = input.revisions,
                  .expires_at = end};
  m.text = m.offer->title;  // for those who list messages and know nothing of offers
  co_return co_await keep(ctx, c, std::move(m));
}

awaitable<result<offer>> messenger::get_offer(const context& ctx, std::string id) {
  auto found = co_await store_.message_for(ctx, ctx.who, std::move(id));
  bool none = found ? !found->offer.has_value() : found.error().kind == errc::not_found;
  if (none) co_return not_found("The offer");
  if (!found) co_return found.error();
  co_return *seen_at(std::move(*found), clock_.now()).offer;
}

awaitable<result<offer>> messenger::close_offer(const context& ctx, std::string id,
                                                offer_status to) {
  CO_TRY(auto m, co_await store_.close_offer(ctx, ctx.who, std::move(id), to));
  co_return std::move(*m.offer);
}

}  // namespace oficio::chat
