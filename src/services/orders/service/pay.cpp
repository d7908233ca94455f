// Paying: the attempt is written down before the provider is asked, and its outcome after. A crash
// at any point leaves an attempt that is `started`, which resolve() puts right.
#include <algorithm>
#include <utility>

#include "services/orders/service.hpp"

namespace oficio::orders {
namespace {

// A context for writing down what happened: worth some seconds even if the request has none left.
context for_the_record(context ctx) {
  ctx.deadline = std::max(ctx.deadline, std::chrono::steady_clock::now() + std::chrono::seconds(5));
  return ctx;
}

// No attempt may reach the provider after its patience: it would be taken for failed.
context for_the_provider(context ctx) {
  ctx.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + attempt_patience / 2);
  return ctx;
}

error declined(const std::string& code) {
  return {errc::payment_required, code, "The card was declined. Try another one."};
}

error unknown_yet() {
  return {errc::conflict,
          "payment_in_progress",
          "A payment of this order is being made; its outcome is not known yet.",
          {},
          std::chrono::seconds(2)};
}

}  // namespace

awaitable<result<payment_answer>> service::pay(const context& ctx, std::string id, pay_request how,
                                               edit e) {
  CO_TRY(auto before, co_await orders_.get(ctx, id, ctx.who));
  auto by = before.side_of(ctx.who.sub);
  if (by != side::buyer) CO_TRY_VOID(may(action::pay, by.value_or(side::system), before.status));
  const auto* open = before.last_attempt();
  if (open && open->state == attempt_state::started) {
    CO_TRY_VOID(co_await resolve(ctx, id, *open));
  }
  CO_TRY(auto s, co_await begin(ctx, id, how, std::move(e)));
  if (s.attempt_id.empty()) co_return co_await answer(ctx, std::move(s.order), "");
  bool second_step = how.confirm.has_value();
  auto outcome = co_await ask_provider(for_the_provider(ctx), s, std::move(how));
  if (!outcome) {
    // Only a refusal of the input is known to have moved nothing; all else is looked up later.
    if (outcome.error().kind == errc::invalid) {
      co_await record_refusal(for_the_record(ctx), id, s.attempt_id, second_step);
    }
    co_return std::move(outcome).error();
  }
  auto token = outcome->confirmation_token;
  CO_TRY(auto after, co_await record(for_the_record(ctx), id, std::move(*outcome)));
  co_return co_await answer(ctx, std::move(after), std::move(token));
}

awaitable<result<service::started>> service::begin(const context& ctx, std::string id,
                                                   const pay_request& how, edit e) {
  std::string attempt_id;
  auto decide = [&](order& o, side by) -> result<bool> {
    attempt_id.clear();
    TRY(bool done, o.was_done(e.request));
    if (done) return false;
    if (e.revision && *e.revision != o.revision) {
      return error{errc::stale, "stale_revision", "The order has changed since you saw it."};
    }
    auto now = clock_.now();
    if (how.confirm) {
      TRY(attempt_id, o.begin_confirmation(by, now));
    } else {
      attempt next;
      next.id = o.next_attempt_id();
      TRY_VOID(o.begin_attempt(by, next, now));
      attempt_id = next.id;
    }
    o.remember(e.request);
    return true;
  };
  CO_TRY(auto written, co_await orders_.update(ctx, std::move(id), ctx.who, decide));
  co_return started{std::move(written), std::move(attempt_id)};
}

awaitable<result<payments::charge>> service::ask_provider(const context& ctx, const started& s,
                                                          pay_request how) {
  if (how.confirm) {
    co_return co_await payments_.confirm(ctx, s.attempt_id, std::move(*how.confirm));
  }
  payments::card with{std::move(how.method->card), std::move(how.method->expiry),
                      std::move(how.method->cvc)};
  money total{s.order.total(), s.order.currency};
  co_return co_await payments_.start(ctx, s.attempt_id, std::move(total), std::move(with));
}

awaitable<result<order>> service::record(const context& ctx, std::string id,
                                         payments::charge outcome) {
  auto settle = [&](order& o, side) -> result<bool> { return o.settle(outcome, clock_.now()); };
  co_return co_await orders_.update(ctx, std::move(id), identity::system(), settle);
}

// A card that the provider refused ends its attempt; a wrong token leaves it waiting for the right
// one. When even this cannot be written, the attempt is looked up like any other.
awaitable<void> service::record_refusal(const context& ctx, std::string id, std::string attempt_id,
                                        bool waits_again) {
  auto refuse = [&](order& o, side) -> result<bool> {
    if (!waits_again) return o.fail(attempt_id, clock_.now());
    payments::charge waiting{attempt_id, payments::outcome::needs_confirmation, "", "", ""};
    return o.settle(waiting, clock_.now());
  };
  co_await orders_.update(ctx, std::move(id), identity::system(), refuse);
}

// What the buyer is told about the order's last attempt.
awaitable<result<payment_answer>> service::answer(const context& ctx, order o, std::string token) {
  const auto* last = o.last_attempt();
  if (!last || o.status != status::pending_payment) {
    if (last && o.status == status::cancelled) {
      co_return error{errc::conflict, "wrong_state",
                      "The order was cancelled meanwhile; what was charged is given back."};
    }
    co_return payment_answer{std::move(o), ""};
  }
  switch (last->state) {
    case attempt_state::declined:
      co_return declined(last->decline_code);
    case attempt_state::needs_confirmation: {
      if (token.empty()) {
        CO_TRY(auto known, co_await payments_.lookup(ctx, last->id));
        if (known) token = known->confirmation_token;
      }
      if (token.empty()) break;
      co_return payment_answer{std::move(o), std::move(token)};
    }
    case attempt_state::failed:
      co_return error{errc::conflict, "payment_failed",
                      "The payment did not come about; nothing was charged. Pay again."};
    case attempt_state::started:
    case attempt_state::succeeded:
      break;
  }
  co_return unknown_yet();
}

awaitable<result<void>> service::hear(const context& ctx, payments::notice told) {
  auto write = [&](order& o, side) -> result<bool> {
    auto now = clock_.now();
    if (told.refunded) return o.refunded(told.attempt_id, now);
    return told.charge && o.settle(*told.charge, now);
  };
  auto written =
      co_await orders_.update(ctx, order_of_attempt(told.attempt_id), identity::system(), write);
  if (!written && written.error().kind != errc::not_found) co_return std::move(written).error();
  co_return result<void>{};
}

awaitable<result<void>> service::resolve(const context& ctx, std::string id, attempt a) {
  CO_TRY(auto known, co_await payments_.lookup(ctx, a.id));
  auto write = [&](order& o, side) -> result<bool> {
    auto now = clock_.now();
    bool old = now >= a.started_at + attempt_patience;
    const auto* current = o.find_attempt(a.id);
    // Begun again meanwhile: that one has its own time.
    if (!current || current->started_at != a.started_at) return false;
    if (!known) return old && o.fail(a.id, now);
    // A young one may be in its second step just now.
    if (known->outcome == payments::outcome::needs_confirmation && !old) return false;
    return o.settle(*known, now);
  };
  CO_TRY_VOID(
      co_await orders_.update(for_the_record(ctx), std::move(id), identity::system(), write));
  co_return result<void>{};
}

}  // namespace oficio::orders
