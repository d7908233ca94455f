#include "services/users/store/profiles.hpp"

#include <utility>

#include "platform/documents/scan.hpp"

namespace oficio::users {
namespace {

using documents::op;

events::raised updated(const profile& p) {
  return {
      .type = "users.profile.updated", .data = {{"profile", event_view(p)}}, .concerns = {p.id}};
}

bool is_duplicate(const error& e) {
  return e.kind == errc::conflict && e.code == "duplicate";
}

}  // namespace

profile_store::profile_store(documents::database& database, const wall_clock& clock)
    : profiles_(database.open({"profiles", {{"handle", {"handle"}}}}), "/oficio/users", clock),
      clock_(clock) {}

awaitable<result<std::optional<profile>>> profile_store::get(const context& ctx,
                                                             std::string account_id) {
  CO_TRY(auto found, co_await profiles_.get(ctx, std::move(account_id)));
  if (!found) co_return std::optional<profile>{};
  co_return std::optional<profile>{std::move(found->value)};
}

awaitable<result<profile>> profile_store::own(const context& ctx, identity actor) {
  CO_TRY(auto found, co_await get(ctx, actor.sub));
  if (found) co_return std::move(*found);
  auto made = co_await profiles_.insert(ctx, profile_of(actor, clock_.now()));
  if (made) co_return std::move(made->value);
  if (!is_duplicate(made.error())) co_return std::move(made).error();
  // auth's event came meanwhile.
  CO_TRY(auto theirs, co_await get(ctx, actor.sub));
  if (!theirs) co_return not_found("The profile");
  co_return std::move(*theirs);
}

awaitable<result<std::optional<profile>>> profile_store::by_name(const context& ctx,
                                                                 std::string username) {
  documents::query q;
  q.where.push_back({"handle", op::eq, json::value(handle_of(username))});
  q.limit = 1;
  CO_TRY(auto found, co_await profiles_.find(ctx, std::move(q)));
  if (found.empty()) co_return std::optional<profile>{};
  co_return std::optional<profile>{std::move(found.front().value)};
}

awaitable<result<profile>> profile_store::update(const context& ctx, std::string account_id,
                                                 identity actor, profile_change change) {
  if (!actor.is_system() && actor.sub != account_id) {
    co_return error{errc::forbidden, "not_yours", "This is somebody else's profile."};
  }
  auto decide = [&change](profile& p, documents::change& c) -> result<void> {
    auto before = event_view(p);
    TRY(bool changed, change(p));
    if (!changed) {
      c.skip();
    } else if (event_view(p) != before) {
      c.raise(updated(p));
    }
    return {};
  };
  CO_TRY(auto written, co_await profiles_.update(ctx, std::move(account_id), decide));
  co_return std::move(written.value);
}

awaitable<result<profile>> profile_store::learn(const context& ctx, account_news news,
                                                std::int64_t version) {
  auto take = [&](profile& p, documents::change& c) -> result<void> {
    bool first = !p.is_complete();
    auto before = event_view(p);
    if (!p.learn(news, version)) {
      c.skip();
    } else if (first || event_view(p) != before) {
      c.raise(updated(p));
    }
    return {};
  };
  // Twice at most: once the profile is there it stays.
  for (int attempt = 0;; ++attempt) {
    auto known = co_await profiles_.update(ctx, news.id, take);
    if (known) co_return std::move(known->value);
    if (known.error().kind != errc::not_found) co_return std::move(known).error();
    auto fresh = profile_of(news, version);
    std::vector<events::raised> raised{updated(fresh)};
    auto made = co_await profiles_.insert(ctx, std::move(fresh), std::move(raised));
    if (made) co_return std::move(made->value);
    if (!is_duplicate(made.error()) || attempt > 0) co_return std::move(made).error();
  }
}

events::fact_source profile_store::facts() {
  // One that was made from an Identity alone is told when auth's event completes it.
  auto told = [](const profile& p) {
    return p.is_complete() ? std::vector{updated(p)} : std::vector<events::raised>{};
  };
  return {"/oficio/users", [this, told](const context& ctx, std::string after, std::size_t limit) {
            return documents::retell(profiles_, ctx, std::move(after), limit, told);
          }};
}

}  // namespace oficio::users
