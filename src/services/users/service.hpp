#pragma once

#include <optional>
#include <string>

#include "platform/base/clock.hpp"
#include "platform/files/shelf.hpp"
#include "services/users/cards.hpp"
#include "services/users/store/lists.hpp"
#include "services/users/store/profiles.hpp"
#include "services/users/store/sellers.hpp"
#include "services/users/unsubscribe.hpp"

namespace oficio::users {

// POST /users/me/activity/read: these entries, or all up to one, or (neither) all.
struct read_request {
  std::optional<std::vector<std::string>> ids;
  std::optional<std::string> up_to;
};
BOOST_DESCRIBE_STRUCT(read_request, (), (ids, up_to))
void check(const read_request& r, json::violations& out);

// What people do with their own profiles, and see of others'. The actor is always ctx.who.
class people {
 public:
  // `avatars` is null where no files are kept.
  people(profile_store& profiles, seller_store& sellers, feed_store& feed, cards& shown,
         const wall_clock& clock, files::shelf* avatars);

  awaitable<result<json::object>> own(const context& ctx);
  // `revision` is the one that was edited, if told. Errors: stale `stale_revision`; invalid for an
  // avatar that cannot be had.
  awaitable<result<json::object>> edit(const context& ctx, profile_edit e,
                                       std::optional<std::int64_t> revision);
  // The text of the public profile. Errors: not_found.
  awaitable<result<std::string>> shown(const context& ctx, std::string username);

  // Errors: conflict `already_seller`, unless the same request made the seller; invalid
  // `idempotency_mismatch`.
  awaitable<result<seller>> become_seller(const context& ctx, new_seller form, creation request);
  awaitable<result<seller>> own_seller(const context& ctx);
  awaitable<result<seller>> edit_seller(const context& ctx, seller_edit e,
                                        std::optional<std::int64_t> revision);
  awaitable<result<std::string>> shown_seller(const context& ctx, std::string username);

  struct feed_page {
    std::vector<activity> items;
    std::optional<time_point> read_until;
    std::int64_t unread = 0;
  };
  awaitable<result<feed_page>> feed(const context& ctx, stretch s);
  // Errors: not_found for an entry to stop at; invalid for ids that are not there.
  awaitable<result<void>> mark_feed_read(const context& ctx, read_request what);

  // Ends mails of that kind for that person, and gives the language that they read. Harmless when
  // done before. Errors: not_found.
  awaitable<result<std::string>> silence_mail(const context& ctx, subscription_ref what);
  // The language of the person; nothing is changed. Errors: not_found.
  awaitable<result<std::string>> language_of(const context& ctx, std::string account_id);

 private:
  awaitable<result<profile>> write_edit(const context& ctx, const profile_edit& e,
                                        std::optional<std::int64_t> revision);
  awaitable<result<profile>> find(const context& ctx, std::string handle);
  awaitable<result<std::string>> make_card(const context& ctx, std::string handle);
  awaitable<result<void>> mark_up_to(const context& ctx, time_point read_until);
  awaitable<result<void>> mark_these(const context& ctx, std::vector<std::string> ids);
  awaitable<result<std::string>> make_seller_card(const context& ctx, std::string username);

  profile_store& profiles_;
  seller_store& sellers_;
  feed_store& feed_;
  cards& cards_;
  const wall_clock& clock_;
  files::shelf* avatars_;
};

}  // namespace oficio::users
