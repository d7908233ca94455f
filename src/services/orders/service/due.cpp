// What time makes due. Every instance does it; the version check of the ordinary update lets one
// win.
#include <algorithm>
#include <random>
#include <utility>

#include <boost/system/system_error.hpp>

#include "services/orders/service.hpp"

namespace oficio::orders {
namespace {

constexpr std::size_t batch = 100;
constexpr std::chrono::seconds patience_for_one{5};

// A provider that hangs must not eat the whole batch's time.
context for_one(context ctx) {
  ctx.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience_for_one);
  return ctx;
}

}  // namespace

awaitable<result<void>> service::work_on_due(const context& ctx) {
  CO_TRY(auto orders, co_await orders_.due(ctx, clock_.now(), batch));
  // Instances that look at the same time begin at different ends.
  std::ranges::shuffle(orders, std::minstd_rand{std::random_device{}()});
  for (const auto& o : orders) {
    if (ctx.expired()) break;
    auto done = co_await work_safely(for_one(ctx), o);
    if (done) continue;
    log_.log(telemetry::level::warning, ctx, "due work on an order failed; it is tried again",
             {{"oficio.order.id", o.id},
              {"error.code", done.error().code},
              {"error.message", done.error().detail}});
    co_await postpone(ctx, o);
  }
  co_return result<void>{};
}

// One order in trouble must not keep the others waiting, but a stop must end the batch.
awaitable<result<void>> service::work_safely(const context& ctx, const order& o) {
  try {
    co_return co_await work_on(ctx, o);
  } catch (const boost::system::system_error&) {
    throw;
  } catch (const std::exception& e) {
    co_return error{errc::internal, "internal", e.what()};
  }
}

awaitable<result<void>> service::work_on(const context& ctx, const order& o) {
  auto now = clock_.now();
  auto pass = [now](order& current, side) -> result<bool> { return current.let_time_pass(now); };
  CO_TRY(auto current, co_await orders_.update(ctx, o.id, identity::system(), pass));
  for (const auto& a : current.attempts) {
    if (!a.check_at || *a.check_at > now) continue;
    if (a.state == attempt_state::started) {
      CO_TRY_VOID(co_await resolve(ctx, o.id, a));
    } else if (a.refund == refund_state::due) {
      CO_TRY_VOID(co_await give_back(ctx, o.id, a));
    }
  }
  co_return result<void>{};
}

awaitable<result<void>> service::give_back(const context& ctx, std::string id, attempt a) {
  CO_TRY_VOID(co_await payments_.refund(ctx, a.id));
  auto note = [&](order& o, side) -> result<bool> { return o.refunded(a.id, clock_.now()); };
  CO_TRY_VOID(co_await orders_.update(ctx, std::move(id), identity::system(), note));
  co_return result<void>{};
}

// While the provider is away its attempts step back, so that they do not fill every batch.
awaitable<void> service::postpone(const context& ctx, const order& o) {
  auto now = clock_.now();
  auto later = [now](order& current, side) -> result<bool> {
    bool any = false;
    for (const auto& a : current.attempts) {
      if (!a.check_at || *a.check_at > now) continue;
      current.step_back(a.id, now);
      any = true;
    }
    return any;
  };
  co_await orders_.update(ctx, o.id, identity::system(), later);
}

}  // namespace oficio::orders
