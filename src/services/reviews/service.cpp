#include "services/reviews/service.hpp"

#include <charconv>

#include "platform/base/uuid.hpp"
#include "platform/runtime/timing.hpp"
#include "services/reviews/events.hpp"

namespace oficio::reviews {
namespace {

// A review may follow an order's completion faster than its event.
constexpr std::chrono::milliseconds patience{1'000};
constexpr std::chrono::milliseconds first_pause{20};
constexpr std::size_t batch = 100;

std::string scope_of(const filter& which) {
  return (which.field == filter::by::gig ? "reviews of gig " : "reviews of seller ") + which.id +
         " with mark " + std::to_string(which.mark);
}

std::string to_text(const review& r) {
  auto at = r.published_at.value_or(time_point{}).time_since_epoch().count();
  return std::to_string(at) + ' ' + r.id;
}

result<position> to_position(const std::string& text) {
  position out;
  auto* end = text.data() + text.size();
  auto [rest, failure] = std::from_chars(text.data(), end, out.published_at);
  if (failure != std::errc() || rest == end || *rest != ' ') {
    return error{errc::bad_request, "bad_cursor", "The cursor cannot be read."};
  }
  out.id.assign(rest + 1, end);
  return out;
}

}  // namespace

service::service(store& reviews, std::string cursor_key, telemetry::logger log)
    : reviews_(reviews), cursors_(std::move(cursor_key)), log_(std::move(log)) {}

awaitable<result<given_review>> service::give(const context& ctx, std::string order_id,
                                              review_request what, request_mark mark) {
  CO_TRY_VOID(co_await wait_for_order(ctx, order_id));
  auto given = co_await reviews_.give(ctx, order_id, what, mark);
  if (!given && given.error().code == "duplicate" && !mark.key.empty()) {
    // The same key was being used at the same time for another order; now it can be seen.
    given = co_await reviews_.give(ctx, std::move(order_id), std::move(what), std::move(mark));
  }
  co_return given;
}

awaitable<result<given_reply>> service::reply(const context& ctx, std::string review_id,
                                              reply_request what, request_mark mark) {
  auto given = co_await reviews_.reply(ctx, review_id, what, mark);
  if (!given && given.error().code == "duplicate" && !mark.key.empty()) {
    given = co_await reviews_.reply(ctx, std::move(review_id), std::move(what), std::move(mark));
  }
  co_return given;
}

awaitable<result<std::vector<review>>> service::of_order(const context& ctx, std::string order_id) {
  co_return co_await reviews_.of_order(ctx, std::move(order_id));
}

awaitable<result<std::string>> service::seller(const context& ctx, std::string username) {
  auto give_up = std::min(std::chrono::steady_clock::now() + patience, ctx.deadline);
  bool expected = may_be_username(username);
  auto handle = handle_of(username);
  for (auto pause = first_pause;; pause = std::min(2 * pause, 10 * first_pause)) {
    CO_TRY(auto id, co_await reviews_.seller(ctx, handle));
    if (id) co_return std::move(*id);
    if (!expected || std::chrono::steady_clock::now() + pause >= give_up) {
      co_return not_found("The seller");
    }
    co_await runtime::sleep_for(pause);
  }
}

// Returns when the order is there or is not going to be; the store's give() says which.
awaitable<result<void>> service::wait_for_order(const context& ctx, const std::string& id) {
  auto give_up = std::min(std::chrono::steady_clock::now() + patience, ctx.deadline);
  // The order is older than its completion, so its id cannot say that no news is on the way.
  bool expected = uuid_time(id).has_value();
  for (auto pause = first_pause;; pause = std::min(2 * pause, 10 * first_pause)) {
    CO_TRY(bool there, co_await reviews_.has_order(ctx, id));
    if (there || !expected || std::chrono::steady_clock::now() + pause >= give_up) break;
    co_await runtime::sleep_for(pause);
  }
  co_return result<void>{};
}

awaitable<result<review_page>> service::list(const context& ctx, filter which, std::size_t limit,
                                             std::string cursor) {
  auto scope = scope_of(which);
  position after;
  if (!cursor.empty()) {
    CO_TRY(auto text, cursors_.open(scope, cursor));
    CO_TRY(after, to_position(text));
  }
  CO_TRY(auto found,
         co_await reviews_.published(ctx, std::move(which), limit + 1, std::move(after)));
  review_page page;
  if (found.size() > limit) {
    found.resize(limit);
    page.next_cursor = cursors_.sign(scope, to_text(found.back()));
  }
  page.items = std::move(found);
  co_return page;
}

awaitable<result<void>> service::on_completed(const events::envelope& e, const context& ctx) {
  CO_TRY(auto order, read_completed(e));
  co_return co_await reviews_.keep(ctx, std::move(order));
}

awaitable<result<void>> service::on_placed(const events::envelope& e, const context& ctx) {
  CO_TRY(auto order, read_placed(e));
  co_return co_await reviews_.keep(ctx, std::move(order));
}

awaitable<result<void>> service::on_seller(const events::envelope& e, const context& ctx) {
  CO_TRY(auto seller, read_seller(e));
  co_return co_await reviews_.keep_seller(ctx, std::move(seller));
}

awaitable<result<store::faces>> service::faces_of(const context& ctx,
                                                  const std::vector<review>& reviews) {
  co_return co_await reviews_.faces_of(ctx, reviews);
}

awaitable<result<void>> service::on_profile(const events::envelope& e, const context& ctx) {
  CO_TRY(auto face, read_face(e));
  co_return co_await reviews_.keep(ctx, std::move(face));
}

awaitable<result<void>> service::publish_due(const context& ctx) {
  for (;;) {
    CO_TRY(auto orders, co_await reviews_.due(ctx, batch));
    result<void> failed;
    for (const auto& id : orders) {
      auto done = co_await reviews_.publish_due(ctx, id);
      if (done) continue;
      log_.log(telemetry::level::warning, ctx, "A due review could not be published",
               {{"order.id", id}, {"error.message", done.error().detail}});
      failed = std::move(done);
    }
    if (!failed || orders.size() < batch) co_return failed;
  }
}

}  // namespace oficio::reviews
