#include "services/orders/earnings.hpp"

#include <algorithm>
#include <utility>

#include "services/orders/looking.hpp"

namespace oficio::orders {
namespace {

constexpr std::size_t page = 200;
// A release is written within its request's deadline; this much later no older one can still
// appear.
constexpr std::chrono::minutes settled_after{5};
// Shortcuts are moved on only when they save at least so many orders.
constexpr std::size_t worth_keeping = 100;

std::optional<earning> earning_of(const order& o) {
  auto line = std::ranges::find_if(o.ledger, [](const ledger_line& l) {
    return l.account == account::seller && l.kind == "release";
  });
  if (line == o.ledger.end()) return std::nullopt;
  return earning{line->id, o.id, line->kind, line->amount, line->at};
}

std::optional<documents::query::position> end_of(const balance& b) {
  if (!b.until) return std::nullopt;
  return position_of(*b.until, b.until_id);
}

}  // namespace

earnings::earnings(order_store& orders, copies<known_seller>& sellers,
                   documents::database& database, const wall_clock& clock)
    : orders_(orders),
      sellers_(sellers),
      balances_(database.open({"balances", {}}), "/oficio/orders", clock),
      clock_(clock) {}

awaitable<result<earnings_page>> earnings::of(const context& ctx, identity seller,
                                              std::size_t limit,
                                              std::optional<documents::query::position> after) {
  CO_TRY_VOID(co_await expect_seller(ctx, seller.sub));
  earnings_page out;
  CO_TRY(out.pending, co_await pending(ctx, seller));
  CO_TRY(out.available, co_await available(ctx, seller));
  CO_TRY(auto orders, co_await orders_.released(ctx, seller, true, limit + 1, std::move(after)));
  bool more = orders.size() > limit;
  if (more) orders.pop_back();
  for (const auto& o : orders) {
    if (auto e = earning_of(o)) out.entries.push_back(std::move(*e));
  }
  if (more) out.next = position_of(*orders.back().released_at, orders.back().id);
  co_return out;
}

awaitable<result<void>> earnings::expect_seller(const context& ctx, std::string account_id) {
  auto settled = [&](const std::optional<known_seller>& found) {
    return found || !is_fresh(account_id, clock_.now());
  };
  CO_TRY(auto found, co_await look(ctx, sellers_, account_id, settled));
  if (found) co_return result<void>{};
  co_return error{errc::forbidden, "not_a_seller", "Only sellers earn; become one first."};
}

awaitable<result<std::int64_t>> earnings::pending(const context& ctx, identity seller) {
  std::int64_t sum = 0;
  std::optional<std::string> after;
  for (;;) {
    CO_TRY(auto orders, co_await orders_.unreleased(ctx, seller, after, page));
    for (const auto& o : orders) sum += seller_share(o.price);
    if (orders.size() < page) co_return sum;
    after = orders.back().id;
  }
}

awaitable<result<std::int64_t>> earnings::available(const context& ctx, identity seller) {
  CO_TRY(auto known, co_await balances_.get(ctx, seller.sub));
  balance settled = known ? std::move(known->value) : balance{.id = seller.sub};
  auto sum = settled.released;
  auto after = end_of(settled);
  auto old = clock_.now() - settled_after;
  std::size_t moved = 0;
  for (;;) {
    CO_TRY(auto orders, co_await orders_.released(ctx, seller, false, page, after));
    for (const auto& o : orders) {
      sum += balance_of(o.ledger, account::seller);
      if (*o.released_at > old) continue;
      settled = {seller.sub, sum, o.released_at, o.id};
      ++moved;
    }
    if (orders.size() < page) break;
    after = position_of(*orders.back().released_at, orders.back().id);
  }
  // It failed: the next reader sums up a little more.
  if (moved >= worth_keeping) co_await keep(ctx, std::move(settled));
  co_return sum;
}

awaitable<result<void>> earnings::keep(const context& ctx, balance fresh) {
  auto further = [&fresh](balance& known, documents::change& c) -> result<void> {
    if (known.until && fresh.until <= known.until) {
      c.skip();
    } else {
      known = fresh;
    }
    return {};
  };
  auto updated = co_await balances_.update(ctx, fresh.id, further);
  if (updated || updated.error().kind != errc::not_found) co_return result<void>{};
  co_await balances_.insert(ctx, fresh);
  co_return result<void>{};
}

}  // namespace oficio::orders
