#include "services/auth/rows.hpp"
#include "services/auth/store.hpp"

namespace oficio::auth {
namespace {

using rows::millis;
using rows::number;

constexpr std::size_t purge_batch = 500;
constexpr int purge_rounds = 10;

// Deletes up to a batch of rows that `where` (one parameter, :before) names. Keys are read first:
// MySQL and SQLite share no DELETE with a limit.
std::size_t delete_batch(soci::session& s, const std::string& table, const std::string& key,
                         const std::string& where, number before) {
  std::vector<std::string> keys(purge_batch);
  s << "SELECT " << key << " FROM " << table << " WHERE " << where << " LIMIT " << purge_batch,
      soci::use(before), soci::into(keys);
  std::string id;
  soci::statement remove =
      (s.prepare << "DELETE FROM " << table << " WHERE " << key << " = :id", soci::use(id));
  for (const auto& next : keys) {
    id = next;
    remove.execute(true);
  }
  return keys.size();
}

std::size_t purge_once(soci::session& s, time_point now) {
  number at = millis(now);
  number day_ago = millis(now - std::chrono::days(1));
  number week_ago = millis(now - std::chrono::days(7));
  return delete_batch(s, "sessions", "id", "ended_at > 0 AND ended_at < :before", day_ago) +
         delete_batch(s, "sessions", "id", "expires_at < :before", day_ago) +
         delete_batch(s, "spent_tokens", "digest", "expires_at < :before", at) +
         delete_batch(s, "email_tokens", "digest", "expires_at < :before", week_ago) +
         delete_batch(s, "reset_tokens", "digest", "expires_at < :before", day_ago) +
         delete_batch(s, "challenges", "digest", "expires_at < :before", day_ago) +
         delete_batch(s, "devices", "digest", "expires_at < :before", at);
}

}  // namespace

awaitable<result<std::size_t>> store::purge(const context& ctx) {
  std::size_t total = 0;
  for (int round = 0; round < purge_rounds; ++round) {
    auto now = clock_.now();
    // Not CO_TRY'd into one transaction: other writers get their turn between batches.
    CO_TRY(auto removed, co_await db_.write(ctx, [now](soci::session& s) -> result<std::size_t> {
      return purge_once(s, now);
    }));
    total += removed;
    if (removed < purge_batch) break;
  }
  co_return total;
}

}  // namespace oficio::auth
