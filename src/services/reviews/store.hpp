#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/events/facts.hpp"
#include "platform/sql/outbox.hpp"
#include "services/reviews/review.hpp"

namespace oficio::reviews {

struct given_review {
  reviews::review review;
  bool created = false;  // false: the same request had made it before
};

// Where a list of published reviews goes on: behind the review that was published then.
struct position {
  std::int64_t published_at = std::numeric_limits<std::int64_t>::max();  // milliseconds since 1970
  std::string id;
};

// Published reviews that buyers wrote: of one gig, or of all gigs of one seller.
struct filter {
  enum class by { gig, seller };
  by field = by::gig;
  std::string id;         // of the gig or the seller's account
  std::int64_t mark = 0;  // only those with this one; 0: all
};

struct given_reply {
  reviews::review review;
  bool created = false;  // false: the same request had made it before
};

// Orders, reviews and ratings in one SQL database. All calls may also fail as sql::database says.
class store {
 public:
  // Migrates the database. Throws std::runtime_error. `db` and `clock` must outlive it.
  store(sql::database& db, const wall_clock& clock);

  // Keeping an order that is there already changes nothing.
  awaitable<result<void>> keep(const context& ctx, completed_order o);
  awaitable<result<void>> keep(const context& ctx, placed_order o);
  awaitable<result<void>> keep_seller(const context& ctx, person seller);
  // Takes over a picture that is newer than the one that is known.
  awaitable<result<void>> keep(const context& ctx, known_face news);
  // The pictures of those who wrote these reviews and of those whom they are about, as they are
  // now; who has none is not in it. At most 100 reviews.
  using faces = std::map<std::string, std::string>;  // by account id
  awaitable<result<faces>> faces_of(const context& ctx, const std::vector<review>& reviews);
  // Is it completed?
  awaitable<result<bool>> has_order(const context& ctx, std::string id);
  // The account id of the seller with that handle, if there is one.
  awaitable<result<std::optional<std::string>>> seller(const context& ctx, std::string handle);

  // The actor's review of that order; if it is the second one, both are published.
  // Errors: not_found (also for who had no part in it); conflict `wrong_state` before it is
  // completed, `already_reviewed`, `review_closed`; invalid `idempotency_mismatch`; conflict
  // `duplicate` (the same key is being used just now).
  awaitable<result<given_review>> give(const context& ctx, std::string order_id,
                                       review_request what, request_mark mark);

  // The actor's reply to a published review of theirs. Errors: not_found; forbidden `not_yours`;
  // conflict `already_replied`; invalid `idempotency_mismatch`; conflict `duplicate` as above.
  awaitable<result<given_reply>> reply(const context& ctx, std::string review_id,
                                       reply_request what, request_mark mark);

  // Newest first.
  awaitable<result<std::vector<review>>> published(const context& ctx, filter which,
                                                   std::size_t limit, position after);

  // What the actor may see of the reviews of that order: their own, and that about them once it is
  // published; the buyer's first. Who had no part in it sees none.
  awaitable<result<std::vector<review>>> of_order(const context& ctx, std::string order_id);

  // Orders with hidden reviews whose time has come, the longest due first.
  awaitable<result<std::vector<std::string>>> due(const context& ctx, std::size_t limit);
  // Publishes what is due of that order; nothing if another instance was faster.
  awaitable<result<void>> publish_due(const context& ctx, std::string order_id);

  // Published reviews with the ratings as they are now, in pages. The store must outlive it.
  events::fact_source facts();

  events::outbox& outbox() { return outbox_; }

 private:
  void publish(soci::session& session, const context& ctx, review& r, time_point now);

  sql::database& db_;
  const wall_clock& clock_;
  sql::outbox outbox_;
};

}  // namespace oficio::reviews
