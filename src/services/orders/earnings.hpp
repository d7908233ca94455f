#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/clock.hpp"
#include "platform/documents/collection.hpp"
#include "services/orders/copies.hpp"
#include "services/orders/sellers.hpp"
#include "services/orders/store.hpp"

namespace oficio::orders {

// A ledger line of the seller's.
struct earning {
  std::string id;
  std::string order_id;
  std::string kind;
  std::int64_t amount = 0;
  time_point at;
};

struct earnings_page {
  std::int64_t pending = 0;      // the seller's share of paid orders that are not completed
  std::int64_t available = 0;    // of completed ones
  std::vector<earning> entries;  // newest first
  std::optional<documents::query::position> next;
};

// How far a seller's released orders were summed up. Only a shortcut: whatever is released later
// than it is added when reading, so losing or repeating a write of it changes no sum.
struct balance {
  std::string id;  // the seller's account
  std::int64_t released = 0;
  std::optional<time_point> until;  // the last order that is in `released`, and its id
  std::string until_id;
};
BOOST_DESCRIBE_STRUCT(balance, (), (id, released, until, until_id))

// What sellers have earned, read from the orders' own ledgers: they are the only truth about money,
// so no crash can leave a sum that differs from them.
class earnings {
 public:
  earnings(order_store& orders, copies<known_seller>& sellers, documents::database& database,
           const wall_clock& clock);

  // Errors: forbidden `not_a_seller`.
  awaitable<result<earnings_page>> of(const context& ctx, identity seller, std::size_t limit,
                                      std::optional<documents::query::position> after);

 private:
  awaitable<result<std::int64_t>> pending(const context& ctx, identity seller);
  awaitable<result<std::int64_t>> available(const context& ctx, identity seller);
  awaitable<result<void>> keep(const context& ctx, balance fresh);

  awaitable<result<void>> expect_seller(const context& ctx, std::string account_id);

  order_store& orders_;
  copies<known_seller>& sellers_;
  documents::collection<balance> balances_;
  const wall_clock& clock_;
};

}  // namespace oficio::orders
