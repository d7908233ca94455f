#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/base/clock.hpp"
#include "platform/documents/collection.hpp"
#include "platform/events/facts.hpp"
#include "services/users/profile.hpp"

namespace oficio::users {

// Where people are kept. A profile is its owner's, and the program's own.
class profile_store {
 public:
  profile_store(documents::database& database, const wall_clock& clock);

  // The actor's own, made from the Identity if auth's event has not come yet.
  awaitable<result<profile>> own(const context& ctx, identity actor);

  // For the program itself. Nothing if nobody is known by that id.
  awaitable<result<std::optional<profile>>> get(const context& ctx, std::string account_id);
  // What `public_view` may show of it is everybody's.
  awaitable<result<std::optional<profile>>> by_name(const context& ctx, std::string username);

  // Lets `change` decide; what others may know of the profile is told if it changed. False from
  // `change`: nothing is written. Errors: forbidden for a stranger; change's.
  using profile_change = std::function<result<bool>(profile&)>;
  awaitable<result<profile>> update(const context& ctx, std::string account_id, identity actor,
                                    profile_change change);

  // What auth told of an account. Harmless when told twice or late.
  awaitable<result<profile>> learn(const context& ctx, account_news news, std::int64_t version);

  // What others know of people, in pages. The store must outlive it.
  events::fact_source facts();

  events::outbox& outbox() { return profiles_.outbox(); }

 private:
  documents::collection<profile> profiles_;
  const wall_clock& clock_;
};

}  // namespace oficio::users
