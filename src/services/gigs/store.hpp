#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/documents/collection.hpp"
#include "platform/events/facts.hpp"
#include "services/gigs/gig.hpp"

namespace oficio::gigs {

// Which request made a document: the same one again gives the same gig. Without a key of the
// client's, the gig's own id is the key.
struct creation {
  std::string account;
  std::string key;
  std::string digest;  // of the body
};
BOOST_DESCRIBE_STRUCT(creation, (), (account, key, digest))

// A gig as it is kept: what everybody sees, and how new the facts of others in it are.
struct kept_gig {
  std::string id;
  gigs::gig gig;
  std::vector<std::string> languages;  // the seller's
  std::int64_t seller_version = 0;
  std::int64_t rating_version = 0;
  creation made_by;
};
BOOST_DESCRIBE_STRUCT(kept_gig, (), (id, gig, languages, seller_version, rating_version, made_by))

// Our copy of a seller, as users tells it; the id is the account's.
struct seller_card {
  std::string id;
  std::string username;
  std::optional<std::string> avatar;
  gigs::rating rating;
  std::string country;
  std::vector<std::string> languages;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(seller_card, (), (id, username, avatar, rating, country, languages, version))

// One order of a gig that was completed: sales are counted from these, so that an event handled
// twice counts once.
struct sale {
  std::string id;  // gig:order
  std::string gig_id;
};
BOOST_DESCRIBE_STRUCT(sale, (), (id, gig_id))

// Puts what the card says into the gig, if it is newer than what the gig has. True if it did.
bool take_card(const seller_card& card, kept_gig& into);

class store {
 public:
  using kept = documents::stored<kept_gig>;

  store(documents::database& database, const wall_clock& clock);

  // Errors: conflict `duplicate` when that key made a gig before.
  awaitable<result<kept>> insert(const context& ctx, kept_gig g);
  // The gig that this account's key made, if any.
  awaitable<result<std::optional<kept>>> made_with(const context& ctx, std::string account,
                                                   std::string key);

  // A change by a person: `change` says what happens to a gig that is `actor`'s, and what is told.
  // Errors: not_found (also for a paused gig of somebody else), forbidden `not_yours`, stale when
  // `revision` is given and another, and those of `change`.
  using edit = std::function<result<void>(kept_gig&, documents::change&)>;
  awaitable<result<kept>> edit_gig(const context& ctx, identity actor, std::string id,
                                   std::optional<std::int64_t> revision, edit change);
  // A change by a fact of another service. `change` says whether there is anything to write.
  // The gig as it is now; nothing if it has gone.
  awaitable<result<std::optional<kept>>> note(const context& ctx, std::string id,
                                              std::function<bool(kept_gig&)> change);

  awaitable<result<std::optional<kept>>> current(const context& ctx, std::string id);
  // All gigs behind the given id, in order of ids.
  awaitable<result<std::vector<kept>>> all(const context& ctx, std::string after,
                                           std::size_t limit);
  // A seller's gigs behind the given id, in order of ids.
  awaitable<result<std::vector<kept>>> of_seller(const context& ctx, std::string account,
                                                 std::string after, std::size_t limit);

  awaitable<result<std::optional<seller_card>>> card(const context& ctx, std::string account);
  // Keeps the card if it is newer. The card as it is now.
  awaitable<result<seller_card>> keep_card(const context& ctx, seller_card card);

  // Notes that the gig was sold by that order; says how often it was sold.
  awaitable<result<std::int64_t>> keep_sale(const context& ctx, std::string gig_id,
                                            std::string order_id);

  // What others know of gigs, in pages. The store must outlive it.
  events::fact_source facts();

  events::outbox& outbox() { return gigs_.outbox(); }

 private:
  documents::collection<kept_gig> gigs_;
  documents::collection<seller_card> cards_;
  documents::collection<sale> sales_;
};

}  // namespace oficio::gigs
