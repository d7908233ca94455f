#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/documents/collection.hpp"
#include "platform/events/facts.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders {

// A page of somebody's orders, newest first.
struct order_filter {
  side role = side::buyer;
  std::optional<orders::status> status;
  std::size_t limit = 20;
  std::optional<documents::query::position> after;
};

// Where orders are kept. Whoever acts is an argument everywhere; to a stranger there is no order.
class order_store {
 public:
  order_store(documents::database& database, const wall_clock& clock);

  // Errors: not_found.
  awaitable<result<order>> get(const context& ctx, std::string id, identity actor);

  // Nothing if that account made no order with that key.
  awaitable<result<std::optional<order>>> find_created(const context& ctx, std::string account,
                                                       std::string key);
  // Errors: conflict `duplicate` when that account made another one with the same key, or when the
  // offer was ordered before.
  awaitable<result<order>> insert(const context& ctx, order o);

  // Lets `change` decide on the current order, for the actor's side (the program itself is
  // side::system), and writes it with the events that it raised. False from `change`: nothing is
  // written. Errors: not_found, and change's.
  using order_change = std::function<result<bool>(order&, side)>;
  awaitable<result<order>> update(const context& ctx, std::string id, identity actor,
                                  order_change change);

  awaitable<result<std::vector<order>>> list(const context& ctx, identity actor, order_filter f);

  // For the program itself: orders that wait for the time `now`, longest first.
  awaitable<result<std::vector<order>>> due(const context& ctx, time_point now, std::size_t limit);

  // The seller's paid orders whose money is not released, a page in order of their ids.
  awaitable<result<std::vector<order>>> unreleased(const context& ctx, identity seller,
                                                   std::optional<std::string> after_id,
                                                   std::size_t limit);
  // The seller's released orders by the time of the release.
  awaitable<result<std::vector<order>>> released(const context& ctx, identity seller,
                                                 bool newest_first, std::size_t limit,
                                                 std::optional<documents::query::position> after);

  // What others know of orders, in pages. The store must outlive it.
  events::fact_source facts();

  events::outbox& outbox() { return orders_.outbox(); }

 private:
  awaitable<result<std::vector<order>>> find(const context& ctx, documents::query q);

  documents::collection<order> orders_;
};

// The position of an order in a list that is sorted by `at`.
documents::query::position position_of(time_point at, const std::string& id);

}  // namespace oficio::orders
