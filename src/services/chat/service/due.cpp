// What time alone brings about. One that fails does not keep back the others; it is tried again
// with the next round.
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
    CO_TRY(auto due, co_await store_.due_offers(ctx, identity::system(), batch));
    result<void> all;
    for (const auto& id : due) {
      auto done = co_await store_.expire_offer(ctx, identity::system(), id);
      if (!done) all = std::move(done);
    }
    if (!all || due.size() < batch) co_return all;
  }
}

awaitable<result<void>> messenger::give_notices(const context& ctx) {
  for (;;) {
    CO_TRY(auto due, co_await store_.due_notices(ctx, identity::system(), batch));
    result<void> all;
    for (const auto& m : due) {
      auto done = co_await give_notice(ctx, m);
      if (!done) all = std::move(done);
    }
    if (!all || due.size() < batch) co_return all;
  }
}

// Whoever wants to hear nothing of somebody is not told that they wrote.
awaitable<result<void>> messenger::give_notice(const context& ctx, membership m) {
  CO_TRY(bool blocked, co_await moderation_.is_between(ctx, m.account_id, m.with.id));
  co_return co_await store_.give_notice(ctx, identity::system(), m.id, !blocked);
}

}  // namespace oficio::chat
