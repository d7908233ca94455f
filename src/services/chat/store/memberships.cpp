// Conversations as each of their two sees them.
#include "services/chat/events.hpp"
#include "services/chat/store.hpp"

namespace oficio::chat {
namespace {

using documents::op;

constexpr std::size_t batch = 100;

}  // namespace

documents::query::position position_of(const membership& m) {
  return {{json::to_value(m.updated_at)}, m.id};
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

awaitable<result<std::vector<membership>>> store::memberships(const context& ctx,
                                                              std::vector<std::string> ids) {
  std::vector<membership> out;
  if (ids.empty()) co_return out;
  documents::query q;
  q.limit = ids.size();
  q.where = {{"id", op::in, json::to_value(ids)}};
  CO_TRY(auto found, co_await memberships_.find(ctx, std::move(q)));
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
  // Messages never change, so this count holds whatever is written meanwhile. What was read before
  // is not counted again: there may be many.
  std::vector<documents::condition> received{
      {"conversation_id", op::eq, json::value(c.id)},
      {"from.id", op::eq, json::value(c.other_than(actor.sub).id)},
      {"seq", op::gt, json::value(seq)}};
  documents::query next{.where = received, .sort = {{"seq", false}}, .limit = 1, .after = {}};
  received.back().value = m.read_seq;
  received.push_back({"seq", op::lte, json::value(seq)});
  CO_TRY(auto count, co_await messages_.count(ctx, std::move(received)));
  count += m.received_read;
  CO_TRY(auto left, co_await messages_.find(ctx, std::move(next)));
  std::optional<time_point> waiting_since;
  if (!left.empty()) waiting_since = left.front().value.created_at;
  CO_TRY(auto written,
         co_await memberships_.update(
             ctx, m.id, [&](membership& own, documents::change& change) -> result<void> {
               auto now = clock_.now();
               if (chat::mark_read(own, seq, now, count, waiting_since)) {
                 change.raise(conversation_read(c, own.account_id, {seq, now}));
               } else {
                 change.skip();
               }
               return {};
             }));
  co_return std::move(written.value);
}

awaitable<result<std::int64_t>> store::unread(const context& ctx, identity actor) {
  documents::query q;
  q.where = {{"account_id", op::eq, json::value(actor.sub)},
             {"has_unread", op::eq, json::value(true)}};
  q.limit = most_counted;
  CO_TRY(auto found, co_await memberships_.find(ctx, std::move(q)));
  std::int64_t sum = 0;
  for (const auto& m : found) sum += m.value.unread();
  co_return sum;
}

awaitable<result<std::vector<membership>>> store::due_notices(const context& ctx, identity actor,
                                                              std::size_t limit) {
  if (!actor.is_system()) co_return not_found("The conversation");
  documents::query q;
  q.where = {{"notice_due_at", op::lte, json::to_value(clock_.now())}};
  q.sort = {{"notice_due_at", false}};
  q.limit = limit;
  CO_TRY(auto found, co_await memberships_.find(ctx, std::move(q)));
  std::vector<membership> out;
  for (auto& m : found) out.push_back(std::move(m.value));
  co_return out;
}

awaitable<result<void>> store::give_notice(const context& ctx, identity actor, std::string id,
                                           bool tell) {
  if (!actor.is_system()) co_return not_found("The conversation");
  auto decide = [tell, now = clock_.now()](membership& m, documents::change& c) -> result<void> {
    if (!take_notice(m, now)) {
      c.skip();
    } else if (tell) {
      c.raise(messages_unread(m));
    }
    return {};
  };
  CO_TRY_VOID(co_await memberships_.update(ctx, std::move(id), std::move(decide)));
  co_return result<void>{};
}

}  // namespace oficio::chat
