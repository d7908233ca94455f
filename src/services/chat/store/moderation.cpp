#include "services/chat/store/moderation.hpp"

namespace oficio::chat {
namespace {

using documents::op;

template <class T>
std::vector<T> values_of(std::vector<documents::stored<T>> found) {
  std::vector<T> out;
  out.reserve(found.size());
  for (auto& f : found) out.push_back(std::move(f.value));
  return out;
}

}  // namespace

documents::query::position position_of(const block& b) {
  return {{json::to_value(b.at)}, b.id};
}

documents::query::position position_of(const report& r) {
  return {{json::to_value(r.created_at)}, r.id};
}

moderation_store::moderation_store(documents::database& database, const wall_clock& clock)
    : clock_(clock),
      blocks_(database.open({"blocks", {{"by_account", {"by", "at"}}, {"by_id", {"id"}}}}),
              "/oficio/chat", clock),
      reports_(database.open({"reports", {{"by_time", {"created_at"}}}}), "/oficio/chat", clock) {}

awaitable<result<void>> moderation_store::add(const context& ctx, identity actor, party whom) {
  auto id = block_id_of(actor.sub, whom.id);
  CO_TRY(auto there, co_await blocks_.get(ctx, id));
  if (there) co_return result<void>{};
  std::vector<documents::condition> theirs{{"by", op::eq, json::value(actor.sub)}};
  CO_TRY(auto count, co_await blocks_.count(ctx, std::move(theirs)));
  if (count >= most_blocks) {
    co_return error{errc::conflict, "too_many_blocks",
                    "There are " + std::to_string(most_blocks) + " blocked people already."};
  }
  block b{std::move(id), actor.sub, std::move(whom), clock_.now()};
  auto made = co_await blocks_.insert(ctx, std::move(b));
  if (!made && made.error().code != "duplicate") co_return made.error();
  co_return result<void>{};
}

awaitable<result<void>> moderation_store::remove(const context& ctx, identity actor,
                                                 std::string whom) {
  auto gone = co_await blocks_.update(ctx, block_id_of(actor.sub, whom),
                                      [](block&, documents::change& c) -> result<void> {
                                        c.remove();
                                        return {};
                                      });
  if (!gone && gone.error().kind != errc::not_found) co_return gone.error();
  co_return result<void>{};
}

awaitable<result<bool>> moderation_store::is_between(const context& ctx, std::string one,
                                                     std::string other) {
  CO_TRY(auto there, co_await blocks_.get(ctx, block_id_of(one, other)));
  if (there) co_return true;
  CO_TRY(auto back, co_await blocks_.get(ctx, block_id_of(other, one)));
  co_return back.has_value();
}

awaitable<result<std::vector<std::string>>> moderation_store::blocked(
    const context& ctx, identity actor, std::vector<std::string> among) {
  std::vector<std::string> out;
  if (among.empty()) co_return out;
  documents::query q;
  q.limit = among.size();
  for (auto& whom : among) whom = block_id_of(actor.sub, whom);
  q.where = {{"id", op::in, json::to_value(among)}};
  CO_TRY(auto found, co_await blocks_.find(ctx, std::move(q)));
  for (auto& b : found) out.push_back(std::move(b.value.whom.id));
  co_return out;
}

awaitable<result<std::vector<block>>> moderation_store::blocks(const context& ctx, identity actor,
                                                               std::size_t limit, position after) {
  documents::query q;
  q.where = {{"by", op::eq, json::value(actor.sub)}};
  q.sort = {{"at", true}};
  q.limit = limit;
  q.after = std::move(after);
  CO_TRY(auto found, co_await blocks_.find(ctx, std::move(q)));
  co_return values_of(std::move(found));
}

awaitable<result<moderation_store::kept_report>> moderation_store::keep(const context& ctx,
                                                                        identity actor,
                                                                        const conversation& c,
                                                                        report what) {
  bool theirs = c.id == what.message.conversation_id && c.has(actor.sub);
  if (!theirs || what.message.from.id == actor.sub) co_return not_found("The message");
  auto made = co_await reports_.insert(ctx, what);
  if (made) co_return kept_report{std::move(made->value), true};
  if (made.error().code != "duplicate") co_return made.error();
  CO_TRY(auto there, co_await reports_.get(ctx, what.id));
  if (!there) co_return made.error();
  co_return kept_report{std::move(there->value), false};
}

awaitable<result<std::vector<report>>> moderation_store::reports(const context& ctx, identity actor,
                                                                 std::size_t limit,
                                                                 position after) {
  if (!actor.has_role("operator")) {
    co_return error{errc::forbidden, "operators_only", "Only operators see this."};
  }
  documents::query q;
  q.sort = {{"created_at", true}};
  q.limit = limit;
  q.after = std::move(after);
  CO_TRY(auto found, co_await reports_.find(ctx, std::move(q)));
  co_return values_of(std::move(found));
}

}  // namespace oficio::chat
