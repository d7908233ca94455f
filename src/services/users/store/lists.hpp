#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/documents/collection.hpp"
#include "services/users/activity.hpp"

namespace oficio::users {

struct favorite {
  std::string id;  // account:gig
  std::string account_id;
  std::string gig_id;
  time_point at;
};
BOOST_DESCRIBE_STRUCT(favorite, (), (id, account_id, gig_id, at))

// Where a list goes on, and how much of it is wanted.
struct stretch {
  std::size_t limit = 20;
  std::optional<documents::query::position> after;
};

documents::query::position position_of(const favorite& f);
documents::query::position position_of(const activity& a);

// Gigs that people keep in mind: each only ever sees and changes their own.
class favorite_store {
 public:
  static constexpr std::int64_t most = 1'000;  // an account

  favorite_store(documents::database& database, const wall_clock& clock);

  awaitable<result<std::optional<favorite>>> get(const context& ctx, identity actor,
                                                 std::string gig_id);
  // Harmless when it is there. Errors: conflict `too_many_favorites`.
  awaitable<result<favorite>> add(const context& ctx, identity actor, std::string gig_id);
  // Harmless when it is not there.
  awaitable<result<void>> remove(const context& ctx, identity actor, std::string gig_id);
  // Newest first.
  awaitable<result<std::vector<favorite>>> list(const context& ctx, identity actor, stretch s);

 private:
  documents::collection<favorite> favorites_;
  const wall_clock& clock_;
};

// What happened to people: each only ever sees their own; only events write it.
class feed_store {
 public:
  feed_store(documents::database& database, const wall_clock& clock);

  // Writes the entry and raises its event in one write. Harmless when it was written before.
  awaitable<result<void>> append(const context& ctx, activity entry, events::raised event);
  // Newest first.
  awaitable<result<std::vector<activity>>> list(const context& ctx, identity actor, stretch s);
  // How many came after `read_until`.
  awaitable<result<std::int64_t>> unread(const context& ctx, identity actor,
                                         std::optional<time_point> read_until);

  events::outbox& outbox() { return entries_.outbox(); }

 private:
  documents::collection<activity> entries_;
};

}  // namespace oficio::users
