#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/base/clock.hpp"
#include "platform/documents/collection.hpp"
#include "platform/events/facts.hpp"
#include "services/users/seller.hpp"

namespace oficio::users {

// One order that a seller completed: a fact of its own, so that counting it twice is impossible.
struct sale {
  std::string id;  // seller:order
  std::string seller_id;
  time_point completed_at;
};
BOOST_DESCRIBE_STRUCT(sale, (), (id, seller_id, completed_at))

// Where sellers are kept. Everybody may see them; only the seller, and the program itself, may
// change them.
class seller_store {
 public:
  seller_store(documents::database& database, const wall_clock& clock);

  awaitable<result<std::optional<seller>>> get(const context& ctx, std::string account_id);
  awaitable<result<std::optional<seller>>> by_name(const context& ctx, std::string username);

  // Errors: conflict `already_seller`; forbidden.
  awaitable<result<seller>> insert(const context& ctx, identity actor, seller fresh);

  // Lets `change` decide and tells others of it. False from `change`: nothing is written.
  // Errors: not_found; forbidden; change's.
  using seller_change = std::function<result<bool>(seller&)>;
  awaitable<result<seller>> update(const context& ctx, std::string account_id, identity actor,
                                   seller_change change);

  // Notes the completed order and gives how many there are. Harmless when noted twice.
  awaitable<result<std::int64_t>> note_sale(const context& ctx, identity actor, sale s);

  // What others know of sellers, in pages. The store must outlive it.
  events::fact_source facts();

  events::outbox& outbox() { return sellers_.outbox(); }

 private:
  documents::collection<seller> sellers_;
  documents::collection<sale> sales_;
};

}  // namespace oficio::users
