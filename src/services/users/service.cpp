#include "services/users/service.hpp"

#include <algorithm>
#include <utility>

#include "platform/base/uuid.hpp"
#include "platform/files/binding.hpp"
#include "platform/json/check.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::users {
namespace {

result<void> must_be(std::int64_t revision, std::optional<std::int64_t> edited) {
  if (!edited || *edited == revision) return {};
  return error{errc::stale, "stale_revision",
               "It was changed meanwhile: this is revision " + std::to_string(revision) + "."};
}

constexpr std::size_t most_marked = 100;
constexpr std::chrono::seconds news_age{10};
constexpr std::chrono::milliseconds news_patience{1'000};
constexpr std::chrono::milliseconds between_looks{50};

bool is_new(const identity& who, time_point now) {
  auto made = uuid_time(who.sub);
  return made && now - *made < news_age;
}

}  // namespace

void check(const read_request& r, json::violations& out) {
  if (r.ids && r.up_to) out.add("/up_to", "exclusive", "cannot go together with ids");
  if (r.up_to && !is_uuid(*r.up_to)) out.add("/up_to", "format", "must be the id of an entry");
  if (!r.ids) return;
  json::check_count(out, "/ids", r.ids->size(), 1, most_marked);
  for (std::size_t i = 0; i < std::min(r.ids->size(), most_marked); ++i) {
    if (is_uuid((*r.ids)[i])) continue;
    out.add("/ids/" + std::to_string(i), "format", "must be the id of an entry");
  }
}

people::people(profile_store& profiles, seller_store& sellers, feed_store& feed, cards& shown,
               const wall_clock& clock, files::shelf* avatars)
    : profiles_(profiles),
      sellers_(sellers),
      feed_(feed),
      cards_(shown),
      clock_(clock),
      avatars_(avatars) {}

awaitable<result<json::object>> people::own(const context& ctx) {
  CO_TRY(auto mine, co_await profiles_.own(ctx, ctx.who));
  CO_TRY(auto sells, co_await sellers_.get(ctx, ctx.who.sub));
  co_return own_view(mine, sells.has_value());
}

awaitable<result<json::object>> people::edit(const context& ctx, profile_edit e,
                                             std::optional<std::int64_t> revision) {
  CO_TRY_VOID(co_await profiles_.own(ctx, ctx.who));
  auto write = [&] { return write_edit(ctx, e, revision); };
  profile mine;
  if (e.avatar) {
    files::use avatar{ctx.who.sub, {}, "/avatar", files::shelf::shape::single};
    if (e.avatar->value) avatar.ids.push_back(*e.avatar->value);
    CO_TRY(mine, co_await files::write_with<profile>(avatars_, ctx, std::move(avatar), write));
  } else {
    CO_TRY(mine, co_await write());
  }
  (void)co_await cards_.forget(ctx, mine.handle);
  CO_TRY(auto sells, co_await sellers_.get(ctx, ctx.who.sub));
  co_return own_view(mine, sells.has_value());
}

awaitable<result<profile>> people::write_edit(const context& ctx, const profile_edit& e,
                                              std::optional<std::int64_t> revision) {
  auto change = [&](profile& p) -> result<bool> {
    TRY_VOID(must_be(p.revision, revision));
    apply(e, p);
    return true;
  };
  co_return co_await profiles_.update(ctx, ctx.who.sub, ctx.who, change);
}

awaitable<result<std::string>> people::shown(const context& ctx, std::string username) {
  auto handle = handle_of(username);
  co_return co_await cards_.get(ctx, "user", handle,
                                [this, &ctx, handle] { return make_card(ctx, handle); });
}

// Nobody can tell from a name how old its account is. But whoever asks for themselves is known by
// their Identity, and whoever is new here probably asks for what is as new: auth's event is waited
// for. All others learn at once that there is nobody.
awaitable<result<profile>> people::find(const context& ctx, std::string handle) {
  auto until = std::chrono::steady_clock::now() + news_patience;
  for (;;) {
    CO_TRY(auto found, co_await profiles_.by_name(ctx, handle));
    if (found) co_return std::move(*found);
    if (!ctx.who.is_visitor() && handle_of(ctx.who.username) == handle) {
      co_return co_await profiles_.own(ctx, ctx.who);
    }
    auto over = std::chrono::steady_clock::now() >= until || ctx.expired();
    if (over || !is_new(ctx.who, clock_.now())) co_return not_found("The user");
    co_await runtime::sleep_for(between_looks);
  }
}

awaitable<result<std::string>> people::make_card(const context& ctx, std::string handle) {
  CO_TRY(auto found, co_await find(ctx, std::move(handle)));
  CO_TRY(auto sells, co_await sellers_.get(ctx, found.id));
  co_return json::to_text(json::value(public_view(found, sells.has_value())));
}

awaitable<result<seller>> people::become_seller(const context& ctx, new_seller form,
                                                creation request) {
  CO_TRY(auto mine, co_await profiles_.own(ctx, ctx.who));
  auto fresh = seller_of(form, mine);
  fresh.creation = request;
  auto made = co_await sellers_.insert(ctx, ctx.who, std::move(fresh));
  if (made) {
    (void)co_await cards_.forget(ctx, mine.handle);
    co_return made;
  }
  if (made.error().code != "already_seller" || request.key.empty()) co_return made;
  CO_TRY(auto there, co_await sellers_.get(ctx, ctx.who.sub));
  if (!there || there->creation.key != request.key) co_return made;
  if (there->creation.digest != request.digest) {
    co_return error{errc::invalid, "idempotency_mismatch",
                    "That Idempotency-Key was used for another request."};
  }
  co_return std::move(*there);
}

awaitable<result<seller>> people::own_seller(const context& ctx) {
  CO_TRY(auto found, co_await sellers_.get(ctx, ctx.who.sub));
  if (!found) co_return not_found("Your seller profile");
  co_return std::move(*found);
}

awaitable<result<seller>> people::edit_seller(const context& ctx, seller_edit e,
                                              std::optional<std::int64_t> revision) {
  auto change = [&](seller& s) -> result<bool> {
    TRY_VOID(must_be(s.revision, revision));
    apply(e, s);
    return true;
  };
  CO_TRY(auto changed, co_await sellers_.update(ctx, ctx.who.sub, ctx.who, change));
  (void)co_await cards_.forget(ctx, changed.handle);
  co_return changed;
}

awaitable<result<std::string>> people::shown_seller(const context& ctx, std::string username) {
  auto handle = handle_of(username);
  co_return co_await cards_.get(ctx, "seller", handle,
                                [this, &ctx, handle] { return make_seller_card(ctx, handle); });
}

awaitable<result<std::string>> people::make_seller_card(const context& ctx, std::string username) {
  CO_TRY(auto found, co_await sellers_.by_name(ctx, std::move(username)));
  if (!found) co_return not_found("The seller");
  co_return json::to_text(json::value(view_of(*found)));
}

awaitable<result<people::feed_page>> people::feed(const context& ctx, stretch s) {
  CO_TRY(auto mine, co_await profiles_.own(ctx, ctx.who));
  CO_TRY(auto items, co_await feed_.list(ctx, ctx.who, std::move(s)));
  CO_TRY(auto unread, co_await feed_.unread(ctx, ctx.who, mine.read_until));
  co_return feed_page{std::move(items), mine.read_until, unread};
}

awaitable<result<void>> people::mark_feed_read(const context& ctx, read_request what) {
  CO_TRY_VOID(co_await profiles_.own(ctx, ctx.who));
  if (what.ids) co_return co_await mark_these(ctx, std::move(*what.ids));
  if (what.up_to) {
    CO_TRY(auto last, co_await feed_.get(ctx, ctx.who, std::move(*what.up_to)));
    if (!last) co_return not_found("The entry");
    co_return co_await mark_up_to(ctx, last->told_at);
  }
  CO_TRY(auto newest, co_await feed_.list(ctx, ctx.who, {.limit = 1, .after = std::nullopt}));
  if (newest.empty()) co_return result<void>{};
  co_return co_await mark_up_to(ctx, newest.front().told_at);
}

awaitable<result<void>> people::mark_up_to(const context& ctx, time_point read_until) {
  auto change = [read_until](profile& p) -> result<bool> {
    if (p.read_until && *p.read_until >= read_until) return false;
    p.read_until = read_until;
    return true;
  };
  CO_TRY_VOID(co_await profiles_.update(ctx, ctx.who.sub, ctx.who, change));
  co_return result<void>{};
}

awaitable<result<void>> people::mark_these(const context& ctx, std::vector<std::string> ids) {
  std::vector<violation> unknown;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    CO_TRY(auto found, co_await feed_.get(ctx, ctx.who, ids[i]));
    if (!found) unknown.push_back({"/ids/" + std::to_string(i), "unknown", "is no entry of yours"});
  }
  if (!unknown.empty()) co_return invalid(std::move(unknown));
  co_return co_await feed_.mark_read(ctx, ctx.who, std::move(ids));
}

awaitable<result<std::string>> people::silence_mail(const context& ctx, subscription_ref what) {
  auto change = [&what](profile& p) -> result<bool> { return p.silence_mail(what.kind); };
  CO_TRY(auto changed, co_await profiles_.update(ctx, what.account_id, identity::system(), change));
  co_return changed.locale;
}

awaitable<result<std::string>> people::language_of(const context& ctx, std::string account_id) {
  CO_TRY(auto found, co_await profiles_.get(ctx, std::move(account_id)));
  if (!found) co_return not_found("The person");
  co_return found->locale;
}

}  // namespace oficio::users
