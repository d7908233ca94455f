#include "services/users/service.hpp"

#include <utility>

#include "platform/files/binding.hpp"

namespace oficio::users {
namespace {

result<void> must_be(std::int64_t revision, std::optional<std::int64_t> edited) {
  if (!edited || *edited == revision) return {};
  return error{errc::stale, "stale_revision",
               "It was changed meanwhile: this is revision " + std::to_string(revision) + "."};
}

}  // namespace

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
  co_await cards_.forget(ctx, mine.handle);
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

awaitable<result<std::string>> people::make_card(const context& ctx, std::string username) {
  CO_TRY(auto found, co_await profiles_.by_name(ctx, std::move(username)));
  if (!found) co_return not_found("The user");
  CO_TRY(auto sells, co_await sellers_.get(ctx, found->id));
  co_return json::to_text(json::value(public_view(*found, sells.has_value())));
}

awaitable<result<seller>> people::become_seller(const context& ctx, new_seller form,
                                                creation request) {
  CO_TRY(auto mine, co_await profiles_.own(ctx, ctx.who));
  auto fresh = seller_of(form, mine);
  fresh.creation = request;
  auto made = co_await sellers_.insert(ctx, ctx.who, std::move(fresh));
  if (made) {
    co_await cards_.forget(ctx, mine.handle);
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
  co_await cards_.forget(ctx, changed.handle);
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

awaitable<result<void>> people::mark_feed_read(const context& ctx) {
  CO_TRY_VOID(co_await profiles_.own(ctx, ctx.who));
  auto change = [now = clock_.now()](profile& p) -> result<bool> {
    if (p.read_until && *p.read_until >= now) return false;
    p.read_until = now;
    return true;
  };
  CO_TRY_VOID(co_await profiles_.update(ctx, ctx.who.sub, ctx.who, change));
  co_return result<void>{};
}

}  // namespace oficio::users
