// The steps of an order after it is paid, and reading.
#include <utility>

#include "platform/base/uuid.hpp"
#include "platform/files/binding.hpp"
#include "services/orders/files.hpp"
#include "services/orders/service.hpp"

namespace oficio::orders {

service::service(order_store& orders, copies<gig_terms>& gigs, copies<offer_terms>& offers,
                 payments::provider& payments, std::string currency, const wall_clock& clock,
                 telemetry::logger log, files::shelf* kept_files)
    : orders_(orders),
      gigs_(gigs),
      offers_(offers),
      payments_(payments),
      currency_(std::move(currency)),
      clock_(clock),
      log_(std::move(log)),
      files_(kept_files) {}

awaitable<result<order>> service::get(const context& ctx, std::string id) {
  co_return co_await orders_.get(ctx, std::move(id), ctx.who);
}

awaitable<result<std::vector<order>>> service::list(const context& ctx, order_filter f) {
  co_return co_await orders_.list(ctx, ctx.who, std::move(f));
}

awaitable<result<order>> service::change(const context& ctx, std::string id, edit e,
                                         transition act) {
  auto decide = [&](order& o, side by) -> result<bool> {
    TRY(bool done, o.was_done(e.request));
    if (done) return false;
    if (e.revision && *e.revision != o.revision) {
      return error{errc::stale, "stale_revision", "The order has changed since you saw it."};
    }
    TRY_VOID(act(o, by, clock_.now()));
    o.remember(e.request);
    return true;
  };
  co_return co_await orders_.update(ctx, std::move(id), ctx.who, decide);
}

awaitable<result<order>> service::change_with(const context& ctx, std::string id, edit e,
                                              std::string step, std::vector<std::string> brought,
                                              transition act) {
  if (brought.empty()) co_return co_await change(ctx, std::move(id), std::move(e), std::move(act));
  files::use attached{submission_key(id, step), std::move(brought), "/files"};
  co_return co_await files::write_with<order>(files_, ctx, std::move(attached),
                                              [&] { return change(ctx, id, e, act); });
}

awaitable<result<order>> service::submit_requirements(const context& ctx, std::string id,
                                                      requirements_request what, edit e) {
  auto brought = std::move(what.files).value_or(std::vector<std::string>{});
  auto act = [&](order& o, side by, time_point now) {
    return o.submit_requirements(by, {what.text, brought, now}, now);
  };
  co_return co_await change_with(ctx, std::move(id), std::move(e), "requirements", brought, act);
}

awaitable<result<order>> service::deliver(const context& ctx, std::string id, deliver_request what,
                                          edit e) {
  auto brought = std::move(what.files).value_or(std::vector<std::string>{});
  auto act = [&](order& o, side by, time_point now) {
    return o.deliver(by, {uuid_v7(now), what.message, brought, now}, now);
  };
  auto step = "delivery " + (e.request.key.empty() ? uuid_v7(clock_.now()) : e.request.key);
  co_return co_await change_with(ctx, std::move(id), std::move(e), std::move(step), brought, act);
}

awaitable<result<order>> service::request_revision(const context& ctx, std::string id,
                                                   revise_request what, edit e) {
  auto act = [&what](order& o, side by, time_point now) {
    return o.request_revision(by, what.message, now);
  };
  co_return co_await change(ctx, std::move(id), std::move(e), act);
}

awaitable<result<order>> service::accept(const context& ctx, std::string id, edit e) {
  auto act = [](order& o, side by, time_point now) { return o.accept(by, now); };
  co_return co_await change(ctx, std::move(id), std::move(e), act);
}

awaitable<result<order>> service::cancel(const context& ctx, std::string id, cancel_request what,
                                         edit e) {
  auto act = [&what](order& o, side by, time_point now) { return o.cancel(by, what.reason, now); };
  co_return co_await change(ctx, std::move(id), std::move(e), act);
}

awaitable<result<order>> service::answer_cancellation(const context& ctx, std::string id,
                                                      bool approve, edit e) {
  auto act = [approve](order& o, side by, time_point now) {
    return o.answer_cancellation(by, approve, now);
  };
  co_return co_await change(ctx, std::move(id), std::move(e), act);
}

awaitable<result<order>> service::request_extension(const context& ctx, std::string id,
                                                    extend_request what, edit e) {
  auto act = [&what](order& o, side by, time_point now) {
    return o.request_extension(by, what.days, what.reason, now);
  };
  co_return co_await change(ctx, std::move(id), std::move(e), act);
}

awaitable<result<order>> service::answer_extension(const context& ctx, std::string id, bool approve,
                                                   edit e) {
  auto act = [approve](order& o, side by, time_point now) {
    return o.answer_extension(by, approve, now);
  };
  co_return co_await change(ctx, std::move(id), std::move(e), act);
}

awaitable<result<void>> service::mark_reviewed(const context& ctx, std::string order_id, side by,
                                               review_mark mark) {
  auto act = [&](order& o, side) -> result<bool> { return o.mark_reviewed(by, mark); };
  CO_TRY_VOID(co_await orders_.update(ctx, std::move(order_id), identity::system(), act));
  co_return result<void>{};
}

}  // namespace oficio::orders
