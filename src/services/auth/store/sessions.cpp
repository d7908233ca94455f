#include "services/auth/rows.hpp"
#include "services/auth/store.hpp"

namespace oficio::auth {
namespace {

using rows::millis;
using rows::number;

constexpr number max_sessions = 100;  // living ones of one account
constexpr number max_devices = 20;
constexpr std::size_t purge_batch = 500;
constexpr int purge_rounds = 10;

bool keep_device(soci::session& s, const std::string& account_id, const std::string& digest,
                 time_point now, time_point until) {
  if (digest.empty()) return false;
  number at = millis(now);
  number expires = millis(until);
  soci::statement longer =
      (s.prepare << "UPDATE devices SET expires_at = :expires WHERE digest = :digest AND "
                    "account_id = :account AND expires_at > :now",
       soci::use(expires), soci::use(digest), soci::use(account_id), soci::use(at));
  longer.execute(true);
  return longer.get_affected_rows() == 1;
}

// The ones that expire first are the ones unused for longest.
void forget_old_devices(soci::session& s, const std::string& account_id) {
  number last = 0;
  s << "SELECT expires_at FROM devices WHERE account_id = :account ORDER BY expires_at DESC "
       "LIMIT 1 OFFSET :skip",
      soci::use(account_id), soci::use(max_devices), soci::into(last);
  if (!s.got_data()) return;
  s << "DELETE FROM devices WHERE account_id = :account AND expires_at <= :last",
      soci::use(account_id), soci::use(last);
}

struct owner_of {
  std::string session_id;
  std::string account_id;
};

std::optional<owner_of> find_by_refresh(soci::session& s, const std::string& digest) {
  owner_of found;
  s << "SELECT id, account_id FROM sessions WHERE refresh_digest = :digest", soci::use(digest),
      soci::into(found.session_id), soci::into(found.account_id);
  if (!s.got_data()) return std::nullopt;
  return found;
}

std::optional<owner_of> find_by_spent(soci::session& s, const std::string& digest) {
  owner_of found;
  s << "SELECT sessions.id, sessions.account_id FROM spent_tokens, sessions WHERE "
       "spent_tokens.digest = :digest AND sessions.id = spent_tokens.session_id",
      soci::use(digest), soci::into(found.session_id), soci::into(found.account_id);
  if (!s.got_data()) return std::nullopt;
  return found;
}

// The one place where a refresh token is used: the update finds it in its place or not at all, so
// of two who bring it only one succeeds. It comes before all reading: a transaction that has read
// may go on seeing what was there before the other one (MySQL), and would not see that the token is
// spent.
std::optional<owner_of> replace_token(soci::session& s, const std::string& digest,
                                      const kept_token& next, time_point now) {
  number at = millis(now);
  number expires = millis(next.expires_at);
  soci::statement replace =
      (s.prepare << "UPDATE sessions SET refresh_digest = :next, last_used_at = :now, expires_at = "
                    ":expires WHERE refresh_digest = :digest AND ended_at = 0 AND "
                    "expires_at > :now2",
       soci::use(next.digest), soci::use(at), soci::use(expires), soci::use(digest), soci::use(at));
  replace.execute(true);
  if (replace.get_affected_rows() != 1) return std::nullopt;
  auto session = find_by_refresh(s, next.digest);
  s << "INSERT INTO spent_tokens (digest, session_id, expires_at) VALUES (:digest, :session, "
       ":expires)",
      soci::use(digest), soci::use(session.value().session_id), soci::use(expires);
  return session;
}

error invalid_refresh_token() {
  return {errc::unauthorized, "invalid_refresh_token", "The session has ended; sign in again."};
}

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
         delete_batch(s, "devices", "digest", "expires_at < :before", at);
}

}  // namespace

awaitable<result<bool>> store::open_session(const context& ctx, std::string account_id,
                                            new_session session, std::string known_device,
                                            kept_token new_device) {
  auto now = clock_.now();
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<bool> {
    rows::insert_session(s, account_id, session, now);
    bool known = keep_device(s, account_id, known_device, now, new_device.expires_at);
    if (!known) {
      rows::insert_device(s, account_id, new_device);
      forget_old_devices(s, account_id);
    }
    auto ended =
        rows::end_sessions(s, rows::living_sessions(s, account_id, now, max_sessions), now);
    if (!ended.empty()) {
      auto owner = rows::touch_account(s, account_id);
      if (owner) {
        outbox_.append(s, ctx, owner->id, owner->version, {sessions_ended(*owner, ended, now)});
      }
    }
    return known;
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<rotation>> store::rotate(const context& ctx, std::string digest, kept_token next) {
  auto now = clock_.now();
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<rotation> {
    if (auto current = replace_token(s, digest, next, now)) {
      auto owner = rows::find_account(s, "id", current->account_id);
      if (!owner) return invalid_refresh_token();
      return rotation{*std::move(owner), current->session_id, false};
    }
    auto spent = find_by_spent(s, digest);
    if (!spent) return invalid_refresh_token();
    // A token that was used before is in two hands. Ending must be kept, so this is no error here.
    auto ended = rows::end_sessions(s, {spent->session_id}, now);
    auto owner = ended.empty() ? rows::find_account(s, "id", spent->account_id)
                               : rows::touch_account(s, spent->account_id);
    if (!owner) return invalid_refresh_token();
    if (!ended.empty()) {
      outbox_.append(s, ctx, owner->id, owner->version, {sessions_ended(*owner, ended, now)});
    }
    return rotation{*std::move(owner), spent->session_id, true};
  });
  if (done.has_value() && done->reused) outbox_.changed().notify();
  co_return done;
}

awaitable<result<std::vector<std::string>>> store::end_session(const context& ctx, identity actor) {
  using outcome = result<std::vector<std::string>>;
  auto now = clock_.now();
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    std::string owner_id;
    s << "SELECT account_id FROM sessions WHERE id = :id", soci::use(actor.sid),
        soci::into(owner_id);
    if (!s.got_data() || owner_id != actor.sub) return std::vector<std::string>{};
    auto ended = rows::end_sessions(s, {actor.sid}, now);
    if (ended.empty()) return ended;
    auto owner = rows::touch_account(s, owner_id);
    if (owner) {
      outbox_.append(s, ctx, owner->id, owner->version, {sessions_ended(*owner, ended, now)});
    }
    return ended;
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<std::vector<std::string>>> store::end_all(const context& ctx, identity actor) {
  using outcome = result<std::vector<std::string>>;
  auto now = clock_.now();
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    auto owner = rows::touch_account(s, actor.sub);
    if (!owner) return std::vector<std::string>{};
    auto ended = rows::end_sessions(s, rows::living_sessions(s, actor.sub, now, 0), now);
    if (!ended.empty()) {
      outbox_.append(s, ctx, owner->id, owner->version, {sessions_ended(*owner, ended, now)});
    }
    return ended;
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<std::vector<ended_session>>> store::ended_since(const context& ctx,
                                                                 time_point since) {
  using outcome = result<std::vector<ended_session>>;
  co_return co_await db_.read(ctx, [from = millis(since)](soci::session& s) -> outcome {
    std::vector<ended_session> all;
    std::string id;
    number ended_at = 0;
    // Zero is "not ended", however far back somebody asks.
    number at_least = std::max<number>(from, 1);
    soci::statement found =
        (s.prepare << "SELECT id, ended_at FROM sessions WHERE ended_at >= :since "
                      "ORDER BY ended_at DESC LIMIT 50000",
         soci::use(at_least), soci::into(id), soci::into(ended_at));
    found.execute();
    while (found.fetch()) all.push_back({id, rows::time_of(ended_at)});
    return all;
  });
}

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
