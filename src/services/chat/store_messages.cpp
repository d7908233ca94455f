#include <algorithm>

#include "services/chat/events.hpp"
#include "services/chat/store.hpp"

namespace oficio::chat {
namespace {

using documents::op;

constexpr int most_attempts = 20;
constexpr std::size_t batch = 100;

documents::condition of_conversation(const std::string& id) {
  return {"conversation_id", op::eq, json::value(id)};
}

std::vector<message> values_of(std::vector<documents::stored<message>> found) {
  std::vector<message> out;
  out.reserve(found.size());
  for (auto& m : found) out.push_back(std::move(m.value));
  return out;
}

}  // namespace

awaitable<result<std::int64_t>> store::last_seq(const context& ctx, std::string conversation_id) {
  documents::query q;
  q.where = {of_conversation(conversation_id)};
  q.sort = {{"seq", true}};
  q.limit = 1;
  CO_TRY(auto last, co_await messages_.find(ctx, std::move(q)));
  co_return last.empty() ? 0 : last.front().value.seq;
}

awaitable<result<std::optional<message>>> store::said(const context& ctx,
                                                      std::string conversation_id,
                                                      std::string account_id,
                                                      std::string client_id) {
  documents::query q;
  q.where = {of_conversation(conversation_id),
             {"from.id", op::eq, json::value(std::move(account_id))},
             {"client_id", op::eq, json::value(std::move(client_id))}};
  q.limit = 1;
  CO_TRY(auto found, co_await messages_.find(ctx, std::move(q)));
  if (found.empty()) co_return std::optional<message>{};
  co_return std::optional<message>{std::move(found.front().value)};
}

awaitable<result<std::optional<message>>> store::said_before(const context& ctx,
                                                             const message& wanted) {
  CO_TRY(auto found,
         co_await said(ctx, wanted.conversation_id, wanted.from.id, wanted.client_id));
  if (found && !says_the_same(*found, wanted)) {
    co_return error{errc::invalid, "idempotency_mismatch",
                    "Another message was sent with the same client id."};
  }
  co_return found;
}

awaitable<result<store::appended>> store::append(const context& ctx, identity actor,
                                                 const conversation& c, message wanted) {
  if (actor.sub != wanted.from.id || !c.has(actor.sub)) co_return not_found("The conversation");
  wanted.conversation_id = c.id;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    CO_TRY(auto before, co_await said_before(ctx, wanted));
    if (before) co_return appended{std::move(*before), false};
    CO_TRY(auto last, co_await last_seq(ctx, c.id));
    wanted.seq = last + 1;
    std::vector<events::raised> raised{message_sent(c, wanted)};
    if (wanted.offer) raised.push_back(offer_changed("chat.offer.made", wanted, c));
    auto kept = co_await messages_.insert(ctx, wanted, std::move(raised));
    if (kept) co_return appended{std::move(kept->value), true};
    // Somebody else took the number, or the same message came twice at once.
    if (kept.error().code != "duplicate") co_return kept.error();
  }
  co_return error{errc::unavailable,
                  "too_busy",
                  "Too many messages are being sent just now.",
                  {},
                  std::chrono::seconds(1)};
}

awaitable<result<std::vector<message>>> store::messages(const context& ctx, identity actor,
                                                        const conversation& c, span s) {
  if (!actor.is_system() && !c.has(actor.sub)) co_return not_found("The conversation");
  documents::query q;
  q.where = {of_conversation(c.id), {"seq", op::gt, json::value(s.after)}};
  if (s.before > 0) q.where.push_back({"seq", op::lt, json::value(s.before)});
  q.sort = {{"seq", s.newest}};
  q.limit = s.limit;
  CO_TRY(auto found, co_await messages_.find(ctx, std::move(q)));
  auto out = values_of(std::move(found));
  if (s.newest) std::ranges::reverse(out);
  co_return out;
}

awaitable<result<std::vector<membership>>> store::memberships(
    const context& ctx, identity actor, std::size_t limit,
    std::optional<documents::query::position> after) {
  documents::query q;
  q.where = {{"account_id", op::eq, json::value(actor.sub)}};
  q.sort = {{"updated_at", true}};
  q.limit = limit;
  q.after = std::move(after);
  CO_TRY(auto found, co_await memberships_.find(ctx, std::move(q)));
  std::vector<membership> out;
  for (auto& m : found) out.push_back(std::move(m.value));
  co_return out;
}

awaitable<result<membership>> store::ensure_membership(const context& ctx, const conversation& c,
                                                       std::string account_id) {
  auto wanted = new_membership(c, account_id);
  CO_TRY(auto found, co_await memberships_.get(ctx, wanted.id));
  if (found) co_return std::move(found->value);
  auto made = co_await memberships_.insert(ctx, wanted);
  if (made) co_return std::move(made->value);
  if (made.error().code != "duplicate") co_return made.error();
  CO_TRY(found, co_await memberships_.get(ctx, wanted.id));
  if (!found) co_return not_found("The conversation");
  co_return std::move(found->value);
}

// Messages have no gaps in their numbers, so whatever is missing is what follows the last one that
// is included, whoever sent it and whoever forgot it.
awaitable<result<membership>> store::in_step(const context& ctx, const conversation& c,
                                             std::string account_id) {
  CO_TRY(auto m, co_await ensure_membership(ctx, c, account_id));
  for (;;) {
    span missing{.after = m.included_seq, .before = 0, .limit = batch, .newest = false};
    CO_TRY(auto news, co_await messages(ctx, identity::system(), c, missing));
    if (news.empty()) co_return m;
    bool more = news.size() == batch;
    CO_TRY(auto written,
           co_await memberships_.update(
               ctx, m.id, [&news](membership& own, documents::change& change) -> result<void> {
                 bool any = false;
                 for (const auto& next : news) any = include(own, next) || any;
                 if (!any) change.skip();
                 return {};
               }));
    m = std::move(written.value);
    if (!more) co_return m;
  }
}

awaitable<result<membership>> store::membership_of(const context& ctx, identity actor,
                                                   const conversation& c) {
  if (!c.has(actor.sub)) co_return not_found("The conversation");
  co_return co_await in_step(ctx, c, actor.sub);
}

awaitable<result<void>> store::catch_up(const context& ctx, identity actor, const conversation& c) {
  if (!actor.is_system() && !c.has(actor.sub)) co_return not_found("The conversation");
  CO_TRY_VOID(co_await in_step(ctx, c, c.starter.id));
  CO_TRY_VOID(co_await in_step(ctx, c, c.partner.id));
  co_return result<void>{};
}

awaitable<result<membership>> store::mark_read(const context& ctx, identity actor,
                                               const conversation& c, std::int64_t seq) {
  CO_TRY(auto m, co_await membership_of(ctx, actor, c));
  if (seq > m.included_seq) {
    std::vector<violation> wrong{{"/seq", "range", "there is no such message yet"}};
    co_return invalid(std::move(wrong));
  }
  if (seq <= m.read_seq) co_return m;
  // Messages never change, so this count holds whatever is written meanwhile.
  std::vector<documents::condition> received{
      of_conversation(c.id),
      {"from.id", op::eq, json::value(c.other_than(actor.sub).id)},
      {"seq", op::lte, json::value(seq)}};
  CO_TRY(auto count, co_await messages_.count(ctx, std::move(received)));
  CO_TRY(auto written,
         co_await memberships_.update(
             ctx, m.id, [&](membership& own, documents::change& change) -> result<void> {
               if (seq <= own.read_seq) {
                 change.skip();
                 return {};
               }
               own.read_seq = seq;
               own.received_read = count;
               change.raise(conversation_read(c, own.account_id, seq));
               return {};
             }));
  co_return std::move(written.value);
}

}  // namespace oficio::chat
