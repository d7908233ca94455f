#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/documents/collection.hpp"
#include "services/chat/moderation.hpp"

namespace oficio::chat {

// Who wants to hear nothing of whom, and what was reported.
class moderation_store {
 public:
  moderation_store(documents::database& database, const wall_clock& clock);

  static constexpr std::int64_t most_blocks = 1'000;  // a person

  // Both harmless when it is so already. Error: conflict `too_many_blocks`.
  awaitable<result<void>> add(const context& ctx, identity actor, party whom);
  awaitable<result<void>> remove(const context& ctx, identity actor, std::string whom);
  // Does either want to hear nothing of the other?
  awaitable<result<bool>> is_between(const context& ctx, std::string one, std::string other);

  // Those of these accounts whom the actor has blocked.
  awaitable<result<std::vector<std::string>>> blocked(const context& ctx, identity actor,
                                                      std::vector<std::string> among);

  using position = std::optional<documents::query::position>;
  // The actor's, newest first.
  awaitable<result<std::vector<block>>> blocks(const context& ctx, identity actor,
                                               std::size_t limit, position after);

  struct kept_report {
    report value;
    bool made = false;
  };
  // A message that was reported before keeps its first report. Error: not_found unless the actor is
  // the one whom it was written to.
  awaitable<result<kept_report>> keep(const context& ctx, identity actor, const conversation& c,
                                      report what);
  // All, newest first. Error: forbidden `operators_only`.
  awaitable<result<std::vector<report>>> reports(const context& ctx, identity actor,
                                                 std::size_t limit, position after);

 private:
  const wall_clock& clock_;
  documents::collection<block> blocks_;
  documents::collection<report> reports_;
};

documents::query::position position_of(const block& b);
documents::query::position position_of(const report& r);

}  // namespace oficio::chat
