#include <algorithm>

#include "services/chat/events.hpp"
#include "services/chat/store.hpp"

namespace oficio::chat {
namespace {

using documents::op;

constexpr int most_attempts = 20;

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
  CO_TRY(auto found, co_await said(ctx, wanted.conversation_id, wanted.from.id, wanted.client_id));
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

awaitable<result<message>> store::message_for(const context& ctx, identity actor, std::string id) {
  CO_TRY(auto found, co_await messages_.get(ctx, std::move(id)));
  if (!found) co_return not_found("The message");
  auto theirs = co_await conversation_for(ctx, std::move(actor), found->value.conversation_id);
  if (theirs) co_return std::move(found->value);
  if (theirs.error().kind == errc::not_found) co_return not_found("The message");
  co_return theirs.error();
}

}  // namespace oficio::chat
