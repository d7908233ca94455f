#include "services/users/store/lists.hpp"

#include <utility>

namespace oficio::users {
namespace {

using documents::op;

json::value text(std::string_view s) {
  return json::value(s);
}

bool is_duplicate(const error& e) {
  return e.kind == errc::conflict && e.code == "duplicate";
}

template <class T>
std::vector<T> without_versions(std::vector<documents::stored<T>> from) {
  std::vector<T> out;
  out.reserve(from.size());
  for (auto& s : from) out.push_back(std::move(s.value));
  return out;
}

documents::query newest_first(const identity& actor, std::string by, stretch s) {
  documents::query q;
  q.where.push_back({"account_id", op::eq, text(actor.sub)});
  q.sort.push_back({std::move(by), true});
  q.limit = s.limit;
  q.after = std::move(s.after);
  return q;
}

std::string favorite_id(const identity& actor, const std::string& gig_id) {
  return actor.sub + ":" + gig_id;
}

}  // namespace

documents::query::position position_of(const favorite& f) {
  return {{text(format_time(f.at))}, f.id};
}

favorite_store::favorite_store(documents::database& database, const wall_clock& clock)
    : favorites_(database.open({"favorites", {{"account", {"account_id", "at"}}}}), "/oficio/users",
                 clock),
      clock_(clock) {}

awaitable<result<std::optional<favorite>>> favorite_store::get(const context& ctx, identity actor,
                                                               std::string gig_id) {
  CO_TRY(auto found, co_await favorites_.get(ctx, favorite_id(actor, gig_id)));
  if (!found) co_return std::optional<favorite>{};
  co_return std::optional<favorite>{std::move(found->value)};
}

awaitable<result<favorite>> favorite_store::add(const context& ctx, identity actor,
                                                std::string gig_id) {
  CO_TRY(auto there, co_await get(ctx, actor, gig_id));
  if (there) co_return std::move(*there);
  std::vector<documents::condition> theirs{{"account_id", op::eq, text(actor.sub)}};
  CO_TRY(auto count, co_await favorites_.count(ctx, std::move(theirs)));
  if (count >= most) {
    co_return error{errc::conflict, "too_many_favorites",
                    "There are " + std::to_string(most) + " favourites already."};
  }
  favorite f{favorite_id(actor, gig_id), actor.sub, gig_id, clock_.now()};
  auto made = co_await favorites_.insert(ctx, f);
  if (!made && !is_duplicate(made.error())) co_return std::move(made).error();
  co_return f;
}

awaitable<result<void>> favorite_store::remove(const context& ctx, identity actor,
                                               std::string gig_id) {
  auto gone = co_await favorites_.update(ctx, favorite_id(actor, gig_id),
                                         [](favorite&, documents::change& c) -> result<void> {
                                           c.remove();
                                           return {};
                                         });
  if (!gone && gone.error().kind != errc::not_found) co_return std::move(gone).error();
  co_return result<void>{};
}

awaitable<result<std::vector<favorite>>> favorite_store::list(const context& ctx, identity actor,
                                                              stretch s) {
  CO_TRY(auto found, co_await favorites_.find(ctx, newest_first(actor, "at", std::move(s))));
  co_return without_versions(std::move(found));
}

}  // namespace oficio::users
