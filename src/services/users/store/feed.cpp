#include <utility>

#include "services/users/store/lists.hpp"

namespace oficio::users {
namespace {

using documents::op;

// How many one write may leave for the next to take out.
constexpr std::size_t trim_batch = 20;

json::value text(std::string_view s) {
  return json::value(s);
}

bool is_duplicate(const error& e) {
  return e.kind == errc::conflict && e.code == "duplicate";
}

}  // namespace

documents::query::position position_of(const activity& a) {
  return {{text(format_time(a.told_at))}, a.id};
}

feed_store::feed_store(documents::database& database, const wall_clock& clock)
    : entries_(database.open({"activity",
                              {{"account", {"account_id", "told_at"}},
                               {"unread", {"account_id", "read", "told_at"}},
                               {"mailed", {"account_id", "mailed_as", "mailed_at"}},
                               {"age", {"told_at"}}}}),
               "/oficio/users", clock) {}

awaitable<result<void>> feed_store::append(const context& ctx, activity entry,
                                           events::raised event) {
  std::vector<events::raised> raised;
  raised.push_back(std::move(event));
  auto account_id = entry.account_id;
  auto made = co_await entries_.insert(ctx, std::move(entry), std::move(raised));
  if (!made && is_duplicate(made.error())) co_return result<void>{};
  if (!made) co_return std::move(made).error();
  co_return co_await trim(ctx, std::move(account_id));
}

awaitable<result<void>> feed_store::change(const context& ctx, std::string id,
                                           std::optional<activity> fresh, entry_change change) {
  auto decide = [&change](activity& a, documents::change& c) -> result<void> {
    auto decided = change(a);
    if (!decided.write) c.skip();
    if (decided.event) c.raise(std::move(*decided.event));
    return {};
  };
  // Twice at most: once the entry is there it stays, but for the purge.
  for (int attempt = 0;; ++attempt) {
    auto changed = co_await entries_.update(ctx, id, decide);
    if (changed) co_return result<void>{};
    if (changed.error().kind != errc::not_found) co_return std::move(changed).error();
    if (!fresh) co_return result<void>{};
    auto entry = *fresh;
    auto first = change(entry);
    if (!first.write) co_return result<void>{};
    std::vector<events::raised> raised;
    if (first.event) raised.push_back(std::move(*first.event));
    auto made = co_await entries_.insert(ctx, std::move(entry), std::move(raised));
    if (made) co_return co_await trim(ctx, fresh->account_id);
    if (!is_duplicate(made.error()) || attempt > 0) co_return std::move(made).error();
  }
}

awaitable<result<std::vector<activity>>> feed_store::list(const context& ctx, identity actor,
                                                          stretch s) {
  documents::query q;
  q.where.push_back({"account_id", op::eq, text(actor.sub)});
  q.sort.push_back({"told_at", true});
  q.limit = s.limit;
  q.after = std::move(s.after);
  CO_TRY(auto found, co_await entries_.find(ctx, std::move(q)));
  std::vector<activity> out;
  out.reserve(found.size());
  for (auto& one : found) out.push_back(std::move(one.value));
  co_return out;
}

awaitable<result<std::optional<activity>>> feed_store::get(const context& ctx, identity actor,
                                                           std::string id) {
  CO_TRY(auto found, co_await entries_.get(ctx, std::move(id)));
  if (!found || found->value.account_id != actor.sub) co_return std::optional<activity>{};
  co_return std::optional<activity>{std::move(found->value)};
}

awaitable<result<void>> feed_store::mark_read(const context& ctx, identity actor,
                                              std::vector<std::string> ids) {
  for (auto& id : ids) {
    auto marked = co_await entries_.update(
        ctx, std::move(id), [&actor](activity& a, documents::change& c) -> result<void> {
          if (a.read || a.account_id != actor.sub) {
            c.skip();
          } else {
            a.read = true;
          }
          return {};
        });
    if (!marked && marked.error().kind != errc::not_found) co_return std::move(marked).error();
  }
  co_return result<void>{};
}

awaitable<result<std::int64_t>> feed_store::unread(const context& ctx, identity actor,
                                                   std::optional<time_point> read_until) {
  std::vector<documents::condition> where{{"account_id", op::eq, text(actor.sub)},
                                          {"read", op::eq, json::value(false)}};
  if (read_until) where.push_back({"told_at", op::gt, text(format_time(*read_until))});
  co_return co_await entries_.count(ctx, std::move(where));
}

awaitable<result<std::int64_t>> feed_store::mailed(const context& ctx, std::string account_id,
                                                   std::string kind, time_point since) {
  std::vector<documents::condition> where{{"account_id", op::eq, json::value(account_id)},
                                          {"mailed_as", op::eq, json::value(kind)},
                                          {"mailed_at", op::gt, text(format_time(since))}};
  co_return co_await entries_.count(ctx, std::move(where));
}

// Of many who append to one feed at once, one takes out what is too much: they would all find the
// same entries, and each be in the others' way. What it leaves the next one takes.
class feed_store::trimming {
 public:
  trimming(feed_store& of, std::string account_id) : of_(of), account_id_(std::move(account_id)) {
    std::lock_guard lock(of_.guard_);
    mine_ = of_.in_trim_.insert(account_id_).second;
  }
  ~trimming() {
    if (!mine_) return;
    std::lock_guard lock(of_.guard_);
    of_.in_trim_.erase(account_id_);
  }
  trimming(const trimming&) = delete;
  trimming& operator=(const trimming&) = delete;

  explicit operator bool() const { return mine_; }

 private:
  feed_store& of_;
  const std::string account_id_;
  bool mine_ = false;
};

awaitable<result<void>> feed_store::trim(const context& ctx, std::string account_id) {
  std::vector<documents::condition> theirs{{"account_id", op::eq, text(account_id)}};
  CO_TRY(auto count, co_await entries_.count(ctx, theirs));
  if (count <= most_entries) co_return result<void>{};
  const trimming turn(*this, std::move(account_id));
  if (!turn) co_return result<void>{};
  documents::query oldest;
  oldest.where = std::move(theirs);
  oldest.sort.push_back({"told_at", false});
  oldest.limit = std::min(trim_batch, static_cast<std::size_t>(count - most_entries));
  CO_TRY(auto found, co_await entries_.find(ctx, std::move(oldest)));
  co_return co_await remove(ctx, std::move(found));
}

awaitable<result<std::size_t>> feed_store::forget_old(const context& ctx, time_point now,
                                                      std::size_t batch) {
  documents::query old;
  old.where.push_back({"told_at", op::lt, text(format_time(now - longest_memory))});
  old.sort.push_back({"told_at", false});
  old.limit = batch;
  CO_TRY(auto found, co_await entries_.find(ctx, std::move(old)));
  auto count = found.size();
  CO_TRY_VOID(co_await remove(ctx, std::move(found)));
  co_return count;
}

// One that was told anew meanwhile stays.
awaitable<result<void>> feed_store::remove(const context& ctx,
                                           std::vector<documents::stored<activity>> old) {
  for (auto& one : old) {
    auto gone = co_await entries_.update(ctx, one.value.id,
                                         [&one](activity& a, documents::change& c) -> result<void> {
                                           if (a.told_at == one.value.told_at) {
                                             c.remove();
                                           } else {
                                             c.skip();
                                           }
                                           return {};
                                         });
    if (!gone && gone.error().kind != errc::not_found) co_return std::move(gone).error();
  }
  co_return result<void>{};
}

}  // namespace oficio::users
