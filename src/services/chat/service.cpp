#include "services/chat/service.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "platform/base/uuid.hpp"
#include "platform/files/binding.hpp"
#include "platform/runtime/timing.hpp"
#include "services/chat/files.hpp"
#include "services/chat/service/position.hpp"

namespace oficio::chat {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds news_patience{1'000};  // for a profile whose event is on its way

std::string list_scope(const context& ctx) {
  return "conversations/" + ctx.who.sub;
}

std::string messages_scope(const context& ctx, const std::string& conversation_id) {
  return "messages/" + conversation_id + "/" + ctx.who.sub;
}

error bad_cursor() {
  return {errc::bad_request, "bad_cursor", "The cursor does not belong to this list."};
}

// "b12" goes on before 12, "a12" after it.
result<store::span> span_of(const std::string& text) {
  std::int64_t seq = 0;
  if (text.size() < 2) return bad_cursor();
  auto [end, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), seq);
  if (failure != std::errc{} || end != text.data() + text.size()) return bad_cursor();
  if (text[0] == 'a') return store::span{.after = seq, .newest = false};
  return store::span{.before = seq, .newest = true};
}

}  // namespace

messenger::messenger(documents::database& database, const wall_clock& clock, std::string cursor_key,
                     std::string currency, telemetry::logger log, pictures::studio* studio)
    : store_(database, clock),
      moderation_(database, clock),
      clock_(clock),
      currency_(std::move(currency)),
      cursors_(std::move(cursor_key)),
      log_(std::move(log)),
      attachments_(chat::attachments(database, clock, log_, studio, store_)) {}

// A name says nothing of its account's age, so any unknown one is waited for; the pauses grow, so
// that it costs a handful of look-ups.
awaitable<result<person>> messenger::find_person(const context& ctx, std::string username,
                                                 waiting w) {
  if (!may_be_username(username)) co_return not_found("The person");
  auto until = std::chrono::steady_clock::now();
  if (w == waiting::a_second) until += news_patience;
  for (milliseconds pause{20};; pause *= 2) {
    CO_TRY(auto found, co_await store_.person_named(ctx, username));
    if (found) co_return std::move(*found);
    auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0 || ctx.expired()) co_return not_found("The person");
    co_await runtime::sleep_for(std::min(pause, left));
  }
}

// Others may look for the actor before the event of the account has come.
awaitable<result<void>> messenger::know_actor(const context& ctx) {
  co_return co_await store_.learn(ctx, ctx.who, {.id = ctx.who.sub, .username = ctx.who.username});
}

awaitable<result<messenger::opened>> messenger::open(const context& ctx, new_conversation input) {
  std::vector<violation> oneself{{"/with", "self", "must be somebody else"}};
  if (handle_of(input.with) == handle_of(ctx.who.username)) co_return invalid(std::move(oneself));
  CO_TRY_VOID(co_await know_actor(ctx));
  CO_TRY(auto other, co_await find_person(ctx, input.with, waiting::a_second));
  if (other.id == ctx.who.sub) co_return invalid(std::move(oneself));
  CO_TRY_VOID(co_await refuse_blocked(ctx, other.id));
  conversation wanted;
  wanted.id = conversation_id_of(ctx.who.sub, other.id);
  wanted.starter = {ctx.who.sub, ctx.who.username};
  wanted.partner = {other.id, other.username};
  wanted.gig_id = std::move(input.gig_id);
  wanted.created_at = clock_.now();
  CO_TRY(auto kept, co_await store_.open(ctx, ctx.who, std::move(wanted)));
  CO_TRY(auto own, co_await store_.membership_of(ctx, ctx.who, kept.value));
  CO_TRY(auto value, co_await shown_one(ctx, std::move(own)));
  co_return opened{std::move(value), kept.made};
}

awaitable<result<shown_conversation>> messenger::get(const context& ctx, std::string id) {
  CO_TRY(auto c, co_await store_.conversation_for(ctx, ctx.who, std::move(id)));
  CO_TRY(auto own, co_await store_.membership_of(ctx, ctx.who, c));
  co_return co_await shown_one(ctx, std::move(own));
}

awaitable<result<std::string>> messenger::correspondent(const context& ctx, std::string id) {
  CO_TRY(auto c, co_await store_.conversation_for(ctx, ctx.who, std::move(id)));
  auto other = c.other_than(ctx.who.sub).id;
  CO_TRY_VOID(co_await refuse_blocked(ctx, other));
  co_return other;
}

awaitable<result<messenger::page<shown_conversation>>> messenger::list(
    const context& ctx, std::size_t limit, std::optional<std::string> cursor) {
  std::optional<documents::query::position> after;
  if (cursor) {
    CO_TRY(auto text, cursors_.open(list_scope(ctx), *cursor));
    CO_TRY(after, read_position(text));
  }
  CO_TRY(auto found, co_await store_.memberships(ctx, ctx.who, limit + 1, std::move(after)));
  page<shown_conversation> out;
  if (found.size() > limit) {
    found.resize(limit);
    out.next_cursor = cursors_.sign(list_scope(ctx), to_text(position_of(found.back())));
  }
  CO_TRY(out.items, co_await shown(ctx, std::move(found)));
  co_return out;
}

awaitable<result<std::int64_t>> messenger::unread(const context& ctx) {
  co_return co_await store_.unread(ctx, ctx.who);
}

awaitable<result<messenger::page<message>>> messenger::messages(const context& ctx,
                                                                std::string conversation_id,
                                                                position from, std::size_t limit) {
  CO_TRY(auto c, co_await store_.conversation_for(ctx, ctx.who, std::move(conversation_id)));
  store::span span;
  if (from.cursor) {
    CO_TRY(auto text, cursors_.open(messages_scope(ctx, c.id), *from.cursor));
    CO_TRY(span, span_of(text));
  } else if (from.after) {
    span = {.after = *from.after, .newest = false};
  } else if (from.before) {
    span.before = *from.before;
  }
  span.limit = limit + 1;
  page<message> out;
  CO_TRY(out.items, co_await store_.messages(ctx, ctx.who, c, span));
  for (auto& m : out.items) m = seen_at(std::move(m), clock_.now());
  if (out.items.size() <= limit) co_return out;
  // One more than asked for: there is more to get, and the one too many is at the far end.
  if (span.newest) {
    out.items.erase(out.items.begin());
  } else {
    out.items.pop_back();
  }
  auto next = span.newest ? "b" + std::to_string(out.items.front().seq)
                          : "a" + std::to_string(out.items.back().seq);
  out.next_cursor = cursors_.sign(messages_scope(ctx, c.id), next);
  co_return out;
}

awaitable<result<messenger::sent>> messenger::send(const context& ctx, std::string conversation_id,
                                                   new_message input) {
  CO_TRY(auto c, co_await store_.conversation_for(ctx, ctx.who, std::move(conversation_id)));
  CO_TRY_VOID(co_await refuse_blocked(ctx, c.other_than(ctx.who.sub).id));
  message m;
  m.created_at = clock_.now();
  m.id = uuid_v7(m.created_at);
  m.client_id = input.client_id.value_or(m.id);
  m.from = {ctx.who.sub, ctx.who.username};
  m.text = std::move(input.text);
  m.files = std::move(input.files).value_or(std::vector<std::string>{});
  if (m.files.empty()) co_return co_await keep(ctx, c, std::move(m));
  files::use attached{attachment_key(c.id, ctx.who.sub, m.client_id), m.files, "/files"};
  co_return co_await files::write_with<sent>(attachments_.get(), ctx, std::move(attached),
                                             [&] { return keep(ctx, c, m); });
}

awaitable<result<messenger::sent>> messenger::keep(const context& ctx, const conversation& c,
                                                   message wanted) {
  CO_TRY(auto kept, co_await store_.append(ctx, ctx.who, c, std::move(wanted)));
  auto in_step = co_await store_.catch_up(ctx, ctx.who, c);
  if (!in_step) {
    // The message is kept; its event will do this again.
    log_.log(telemetry::level::warning, ctx, "A conversation is not yet in step with its messages.",
             {{"error.code", in_step.error().code}});
  }
  co_return sent{seen_at(std::move(kept.value), clock_.now()), kept.made};
}

awaitable<result<shown_conversation>> messenger::mark_read(const context& ctx,
                                                           std::string conversation_id,
                                                           std::int64_t seq) {
  CO_TRY(auto c, co_await store_.conversation_for(ctx, ctx.who, std::move(conversation_id)));
  CO_TRY(auto own, co_await store_.mark_read(ctx, ctx.who, c, seq));
  co_return co_await shown_one(ctx, std::move(own));
}

awaitable<result<shown_conversation>> messenger::shown_one(const context& ctx, membership from) {
  std::vector<membership> one;
  one.push_back(std::move(from));
  CO_TRY(auto all, co_await shown(ctx, std::move(one)));
  co_return std::move(all.front());
}

awaitable<result<std::vector<shown_conversation>>> messenger::shown(const context& ctx,
                                                                    std::vector<membership> from) {
  std::vector<std::string> ids;
  std::vector<std::string> others;
  for (const auto& m : from) {
    ids.push_back(m.with.id);
    others.push_back(membership_id_of(m.conversation_id, m.with.id));
  }
  CO_TRY(auto blocked, co_await moderation_.blocked(ctx, ctx.who, ids));
  CO_TRY(auto people, co_await store_.people(ctx, std::move(ids)));
  std::map<std::string, std::optional<std::string>> avatars;
  for (auto& p : people) avatars[p.id] = std::move(p.avatar);
  CO_TRY(auto theirs, co_await store_.memberships(ctx, std::move(others)));
  std::map<std::string, shown_mark> seen;  // by the conversation
  for (const auto& m : theirs) {
    if (m.read_at) seen[m.conversation_id] = {m.read_seq, *m.read_at};
  }
  std::vector<shown_conversation> out;
  for (auto& m : from) {
    auto unread = m.unread();
    auto mark = seen.find(m.conversation_id);
    bool other_is_blocked = std::ranges::find(blocked, m.with.id) != blocked.end();
    if (m.last_message) {
      CO_TRY_VOID(co_await store_.refresh(ctx, *m.last_message));
      m.last_message = seen_at(std::move(*m.last_message), clock_.now());
    }
    out.push_back({.id = std::move(m.conversation_id),
                   .with = {m.with.id, m.with.username, avatars[m.with.id]},
                   .last_message = std::move(m.last_message),
                   .unread = unread,
                   .updated_at = m.updated_at,
                   .gig_id = std::move(m.gig_id),
                   .seen = mark == seen.end() ? std::nullopt : std::optional(mark->second),
                   .blocked = other_is_blocked});
  }
  co_return out;
}

}  // namespace oficio::chat
