#include "services/chat/store.hpp"

#include <algorithm>

namespace oficio::chat {
namespace {

constexpr std::string_view source = "/oficio/chat";

bool is_duplicate(const error& e) {
  return e.kind == errc::conflict && e.code == "duplicate";
}

}  // namespace

store::store(documents::database& database, const wall_clock& clock)
    : clock_(clock),
      people_(database.open({"people", {{"by_handle", {"handle"}}, {"by_id", {"id"}}}}),
              std::string(source), clock),
      gigs_(database.open({"gigs", {}}), std::string(source), clock),
      conversations_(database.open({"conversations", {}}), std::string(source), clock),
      memberships_(database.open({"memberships",
                                  {{"by_id", {"id"}},
                                   {"by_account", {"account_id", "updated_at"}},
                                   {"by_unread", {"account_id", "has_unread"}},
                                   {"by_notice", {"notice_due_at"}}}}),
                   std::string(source), clock),
      messages_(database.open({"messages",
                               {{"by_seq", {"conversation_id", "seq"}, true},
                                {"by_client_id", {"conversation_id", "from.id", "client_id"}, true},
                                {"by_sender", {"conversation_id", "from.id", "seq"}},
                                {"by_offer", {"offer.status", "offer.expires_at"}}}}),
                std::string(source), clock) {}

std::vector<events::outbox*> store::outboxes() {
  return {&messages_.outbox(), &memberships_.outbox()};
}

awaitable<result<void>> store::learn(const context& ctx, identity actor, person news) {
  if (!actor.is_system() && actor.sub != news.id) {
    co_return error{errc::forbidden, "not_yours", "Only one's own profile can be made."};
  }
  news.handle = handle_of(news.username);
  for (int attempt = 0; attempt < 3; ++attempt) {
    auto updated = co_await people_.update(
        ctx, news.id, [news](person& known, documents::change& c) -> result<void> {
          bool newer_account = news.account_version > known.account_version;
          bool newer_profile = news.profile_version > known.profile_version;
          if (!newer_account && !newer_profile) {
            c.skip();
            return {};
          }
          known.username = news.username;
          known.handle = news.handle;
          if (newer_account) known.account_version = news.account_version;
          if (newer_profile) {
            known.profile_version = news.profile_version;
            known.avatar = news.avatar;
          }
          return {};
        });
    if (updated) co_return result<void>{};
    if (updated.error().kind != errc::not_found) co_return updated.error();
    auto inserted = co_await people_.insert(ctx, news);
    if (inserted) co_return result<void>{};
    if (!is_duplicate(inserted.error())) co_return inserted.error();
  }
  co_return error{errc::unavailable, "too_busy", "The profile changes too often just now."};
}

awaitable<result<std::optional<person>>> store::person_named(const context& ctx,
                                                             std::string username) {
  documents::query q;
  q.where = {{"handle", documents::op::eq, json::value(handle_of(username))}};
  q.limit = 1;
  CO_TRY(auto found, co_await people_.find(ctx, std::move(q)));
  if (found.empty()) co_return std::optional<person>{};
  co_return std::optional<person>{std::move(found.front().value)};
}

awaitable<result<std::vector<person>>> store::people(const context& ctx,
                                                     std::vector<std::string> ids) {
  std::vector<person> out;
  if (ids.empty()) co_return out;
  documents::query q;
  q.limit = ids.size();
  q.where = {{"id", documents::op::in, json::to_value(ids)}};
  CO_TRY(auto found, co_await people_.find(ctx, std::move(q)));
  for (auto& p : found) out.push_back(std::move(p.value));
  co_return out;
}

awaitable<result<store::opened>> store::open(const context& ctx, identity actor,
                                             conversation wanted) {
  if (!wanted.has(actor.sub)) co_return not_found("The conversation");
  auto inserted = co_await conversations_.insert(ctx, wanted);
  if (!inserted && !is_duplicate(inserted.error())) co_return inserted.error();
  opened out{std::move(wanted), inserted.has_value()};
  if (!out.made) {
    CO_TRY(out.value, co_await conversation_for(ctx, std::move(actor), out.value.id));
  }
  CO_TRY_VOID(co_await ensure_membership(ctx, out.value, out.value.starter.id));
  CO_TRY_VOID(co_await ensure_membership(ctx, out.value, out.value.partner.id));
  co_return out;
}

awaitable<result<conversation>> store::conversation_for(const context& ctx, identity actor,
                                                        std::string id) {
  CO_TRY(auto found, co_await conversations_.get(ctx, std::move(id)));
  if (!found || !(actor.is_system() || found->value.has(actor.sub))) {
    co_return not_found("The conversation");
  }
  co_return std::move(found->value);
}

}  // namespace oficio::chat
