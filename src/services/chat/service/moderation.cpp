// Blocks and reports: what people do about others who bother them.
#include <map>

#include "services/chat/service.hpp"
#include "services/chat/service/position.hpp"

namespace oficio::chat {
namespace {

constexpr std::string_view reports_scope = "reports";

std::string blocks_scope(const context& ctx) {
  return "blocks/" + ctx.who.sub;
}

// Where a page begins.
result<moderation_store::position> begin_of(const security::cursor_signer& cursors,
                                            std::string_view scope,
                                            const std::optional<std::string>& cursor) {
  if (!cursor) return moderation_store::position{};
  TRY(auto text, cursors.open(scope, *cursor));
  TRY(auto at, read_position(text));
  return moderation_store::position{std::move(at)};
}

// Keeps `limit` of what was found, and gives the cursor behind the last of them if there are more.
template <class T>
std::optional<std::string> cut(const security::cursor_signer& cursors, std::string_view scope,
                               std::vector<T>& found, std::size_t limit) {
  if (found.size() <= limit) return std::nullopt;
  found.resize(limit);
  return cursors.sign(scope, to_text(position_of(found.back())));
}

}  // namespace

// It does not say which of the two it was.
awaitable<result<void>> messenger::refuse_blocked(const context& ctx, std::string other) {
  CO_TRY(bool blocked, co_await moderation_.is_between(ctx, ctx.who.sub, std::move(other)));
  if (!blocked) co_return result<void>{};
  co_return error{errc::forbidden, "blocked", "You and this person cannot write to each other."};
}

awaitable<result<void>> messenger::block(const context& ctx, std::string username) {
  CO_TRY(auto other, co_await find_person(ctx, std::move(username), waiting::a_second));
  if (other.id == ctx.who.sub) {
    std::vector<violation> oneself{{"/username", "self", "must be somebody else"}};
    co_return invalid(std::move(oneself));
  }
  co_return co_await moderation_.add(ctx, ctx.who, {other.id, other.username});
}

awaitable<result<void>> messenger::unblock(const context& ctx, std::string username) {
  CO_TRY(auto other, co_await find_person(ctx, std::move(username), waiting::none));
  co_return co_await moderation_.remove(ctx, ctx.who, other.id);
}

awaitable<result<messenger::page<shown_block>>> messenger::blocks(
    const context& ctx, std::size_t limit, std::optional<std::string> cursor) {
  auto scope = blocks_scope(ctx);
  CO_TRY(auto after, begin_of(cursors_, scope, cursor));
  CO_TRY(auto found, co_await moderation_.blocks(ctx, ctx.who, limit + 1, std::move(after)));
  page<shown_block> out;
  out.next_cursor = cut(cursors_, scope, found, limit);
  std::vector<std::string> ids;
  for (const auto& b : found) ids.push_back(b.whom.id);
  CO_TRY(auto people, co_await store_.people(ctx, std::move(ids)));
  std::map<std::string, std::optional<std::string>> avatars;
  for (auto& p : people) avatars[p.id] = std::move(p.avatar);
  for (auto& b : found) {
    out.items.push_back({b.whom.id, b.whom.username, avatars[b.whom.id], b.at});
  }
  co_return out;
}

awaitable<result<messenger::reported>> messenger::report(const context& ctx, std::string message_id,
                                                         new_report input) {
  CO_TRY(auto m, co_await store_.message_for(ctx, ctx.who, std::move(message_id)));
  if (m.from.id == ctx.who.sub) {
    co_return error{errc::forbidden, "own_message", "Nobody can report their own message."};
  }
  CO_TRY(auto c, co_await store_.conversation_for(ctx, ctx.who, m.conversation_id));
  chat::report what{.id = m.id,
                    .message = std::move(m),
                    .by = {ctx.who.sub, ctx.who.username},
                    .reason = std::move(input.reason),
                    .created_at = clock_.now()};
  CO_TRY(auto kept, co_await moderation_.keep(ctx, ctx.who, c, std::move(what)));
  co_return reported{std::move(kept.value), kept.made};
}

awaitable<result<messenger::page<report>>> messenger::reports(const context& ctx, std::size_t limit,
                                                              std::optional<std::string> cursor) {
  CO_TRY(auto after, begin_of(cursors_, reports_scope, cursor));
  page<chat::report> out;
  CO_TRY(out.items, co_await moderation_.reports(ctx, ctx.who, limit + 1, std::move(after)));
  out.next_cursor = cut(cursors_, reports_scope, out.items, limit);
  co_return out;
}

}  // namespace oficio::chat
