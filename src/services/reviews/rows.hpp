#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <soci/soci.h>

#include "platform/sql/database.hpp"
#include "platform/sql/optional.hpp"
#include "services/reviews/review.hpp"

// The SQL of the store, a function a statement. All run inside the caller's transaction and throw
// soci::soci_error.
namespace oficio::reviews::rows {

// Does nothing if it is there already.
void insert(soci::session& session, const completed_order& o);
// With a lock on the row until the transaction ends. `if_free`: nothing if another has locked it.
std::optional<completed_order> lock_order(soci::session& session, const std::string& id,
                                          bool if_free = false);

// As above; what is completed is under way no more.
void insert(soci::session& session, const placed_order& o);
std::optional<placed_order> find_placed(soci::session& session, const std::string& id);

void insert_seller(soci::session& session, const person& seller);
// The account id of the seller with that handle.
std::optional<std::string> find_seller(soci::session& session, const std::string& handle);

// Takes over what is newer than what is there.
void learn(soci::session& session, const known_face& news);
// The pictures of those of these accounts that have one, by id; at most 200 accounts.
std::map<std::string, std::string> find_faces(soci::session& session,
                                              const std::set<std::string>& ids);

struct stored_request {
  reviews::review review;
  std::string digest;
};

void insert(soci::session& session, const review& r, const request_mark& mark);
std::vector<review> reviews_of(soci::session& session, const std::string& order_id);
std::optional<stored_request> find_request(soci::session& session, const std::string& account_id,
                                           const std::string& key);
// Buyers' published reviews with that value in `column` (and that mark, unless 0), newest first,
// behind a position.
std::vector<review> published(soci::session& session, std::string_view column,
                              const std::string& value, std::int64_t mark, std::int64_t before,
                              const std::string& id, std::size_t limit);
// Published ones of either side behind that id, in order of ids.
std::vector<review> published_behind(soci::session& session, const std::string& id,
                                     std::size_t limit);
// With a lock on the row until the transaction ends.
std::optional<review> lock_review(soci::session& session, const std::string& id);
// The review that the account answered under that key.
std::optional<stored_request> find_reply(soci::session& session, const std::string& account_id,
                                         const std::string& key);
void update_reply(soci::session& session, const review& r, const request_mark& mark);
// False if it was published already.
bool mark_published(soci::session& session, const review& r);

// Counts one mark and gives the sum after it. `kind` is "gig", "seller" or "buyer".
rating_sum count_mark(soci::session& session, std::string_view kind, const std::string& id,
                      std::int64_t mark);

// The sum as it is; zeros if nothing was counted.
rating_sum sum_of(soci::session& session, std::string_view kind, const std::string& id);

std::vector<std::string> due_orders(soci::session& session, time_point now, std::size_t limit);

}  // namespace oficio::reviews::rows
