#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/files/shelf.hpp"
#include "platform/search/index.hpp"
#include "platform/telemetry/log.hpp"
#include "services/gigs/said.hpp"
#include "services/gigs/search.hpp"
#include "services/gigs/store.hpp"

namespace oficio::gigs {

// What people and other services do with gigs. Everything that is read comes from the search index;
// the store is asked only to change something, or to index it again.
class service {
 public:
  // `pictures` is null where no files are kept.
  service(store& kept, search::index& index, const wall_clock& clock, telemetry::logger log,
          std::string currency, files::shelf* pictures);

  const std::string& currency() const { return currency_; }

  struct made {
    gig value;
    bool again = false;  // the same request had made it before
  };
  // Errors: invalid; forbidden `not_a_seller`; invalid `idempotency_mismatch`.
  awaitable<result<made>> create(const context& ctx, said<gig_draft> draft, std::string key);
  // The next three: not_found, forbidden `not_yours`, stale `stale_revision`. This one: invalid.
  awaitable<result<gig>> change(const context& ctx, std::string id, said<gig_patch> patch,
                                std::optional<std::int64_t> revision);
  awaitable<result<gig>> set_active(const context& ctx, std::string id, bool active,
                                    std::optional<std::int64_t> revision);
  awaitable<result<void>> remove(const context& ctx, std::string id,
                                 std::optional<std::int64_t> revision);

  // A gig as JSON text. A paused one is there for its seller alone.
  struct shown {
    std::string body;
    std::int64_t revision = 0;
  };
  awaitable<result<shown>> get(const context& ctx, std::string id);
  awaitable<result<std::vector<std::string>>> get_many(const context& ctx,
                                                       std::vector<std::string> ids);
  awaitable<result<search::page>> find(const context& ctx, search::query q);
  // Writes down what somebody searched for, not who it was, and how many gigs that found.
  void searched(const context& ctx, std::string_view text, std::int64_t found) const;
  // At most `limit` gigs that are like this one. Error: not_found.
  awaitable<result<std::vector<std::string>>> similar(const context& ctx, std::string id,
                                                      std::size_t limit);
  // What somebody who has typed this may be looking for.
  awaitable<result<suggestions>> suggest(const context& ctx, std::string typed, std::size_t limit);

  // What others tell. Success only once the index knows it too.
  awaitable<result<void>> seller_told(const context& ctx, seller_card card);
  awaitable<result<void>> rating_told(const context& ctx, std::string gig_id, std::int64_t version,
                                      rating r);
  awaitable<result<void>> sale_told(const context& ctx, std::string gig_id, std::string order_id);
  // Our own event: whatever the gig is by now, the index shall know. `version` is the event's.
  awaitable<result<void>> index_again(const context& ctx, std::string id, std::int64_t version);

  // Fills an index that was lost, or that knew other fields. To be awaited before requests come.
  awaitable<void> fill_index();

 private:
  awaitable<result<std::size_t>> index_all();
  // Waits for a card that may still be on its way: at most a second, for a new account.
  awaitable<result<seller_card>> own_card(const context& ctx);
  // Writes the gig and binds its pictures to it.
  awaitable<result<store::kept>> insert(const context& ctx, kept_gig next);
  awaitable<result<made>> made_before(const context& ctx, const creation& by, error otherwise);
  awaitable<result<void>> index_kept(const context& ctx, std::optional<store::kept> now);
  // For people who wait: at most a second, and a failure is left to our own event.
  awaitable<void> index_at_once(const context& ctx, search::versioned v);

  store& store_;
  search::index& index_;
  const wall_clock& clock_;
  telemetry::logger log_;
  std::string currency_;
  files::shelf* pictures_;
};

}  // namespace oficio::gigs
