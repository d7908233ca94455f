// What time alone brings about.
#include "services/chat/service.hpp"

namespace oficio::chat {
namespace {

constexpr std::size_t batch = 100;

}  // namespace

awaitable<result<void>> messenger::work_on_due(const context& ctx) {
  auto expired = co_await expire_offers(ctx);
  auto told = co_await give_notices(ctx);
  co_return expired ? std::move(told) : std::move(expired);
}

awaitable<result<void>> messenger::expire_offers(const context& ctx) {
  for (;;) {
    CO_TRY(auto count, co_await store_.expire_offers(ctx, identity::system(), batch));
    if (count < batch) co_return result<void>{};
  }
}

awaitable<result<void>> messenger::give_notices(const context& ctx) {
  for (;;) {
    CO_TRY(auto due, co_await store_.due_notices(ctx, identity::system(), batch));
    for (const auto& m : due) {
      // Whoever wants to hear nothing of somebody is not told that they wrote.
      CO_TRY(bool blocked, co_await moderation_.is_between(ctx, m.account_id, m.with.id));
      CO_TRY_VOID(co_await store_.give_notice(ctx, identity::system(), m.id, !blocked));
    }
    if (due.size() < batch) co_return result<void>{};
  }
}

}  // namespace oficio::chat
