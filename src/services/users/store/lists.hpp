#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
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

  // Writes the entry and raises its event in one write. Harmless when it was written before. The
  // oldest beyond most_entries go.
  awaitable<result<void>> append(const context& ctx, activity entry, events::raised event);

  // Lets `change` decide on the entry of that id, which is made of `fresh` if there is none, and
  // raises what it gives in the same write. `fresh` empty: what is not there is left alone.
  // Nothing from `change`: nothing is written.
  struct outcome {
    bool write = false;
    std::optional<events::raised> event;
  };
  using entry_change = std::function<outcome(activity&)>;
  awaitable<result<void>> change(const context& ctx, std::string id, std::optional<activity> fresh,
                                 entry_change change);

  // Newest first.
  awaitable<result<std::vector<activity>>> list(const context& ctx, identity actor, stretch s);
  awaitable<result<std::optional<activity>>> get(const context& ctx, identity actor,
                                                 std::string id);
  // Each by itself. Those that are not there, or not the actor's, are left alone.
  awaitable<result<void>> mark_read(const context& ctx, identity actor,
                                    std::vector<std::string> ids);
  // How many are neither marked nor up to `read_until`. Counted by an index, at most most_entries.
  awaitable<result<std::int64_t>> unread(const context& ctx, identity actor,
                                         std::optional<time_point> read_until);

  // How many entries of the account became a mail of that kind after `since`. By an index.
  awaitable<result<std::int64_t>> mailed(const context& ctx, std::string account_id,
                                         std::string kind, time_point since);

  // Takes out what is older than longest_memory, `batch` entries at most, and gives how many.
  awaitable<result<std::size_t>> forget_old(const context& ctx, time_point now, std::size_t batch);

  events::outbox& outbox() { return entries_.outbox(); }

 private:
  class trimming;
  awaitable<result<void>> trim(const context& ctx, std::string account_id);
  awaitable<result<void>> remove(const context& ctx, std::vector<documents::stored<activity>> old);

  documents::collection<activity> entries_;
  std::mutex guard_;
  std::set<std::string, std::less<>> in_trim_;  // under guard_: accounts whose feed is trimmed now
};

}  // namespace oficio::users
