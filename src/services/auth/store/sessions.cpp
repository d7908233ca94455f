#include "services/auth/rows.hpp"
#include "services/auth/store.hpp"
#include "services/auth/store/refusals.hpp"

namespace oficio::auth {
namespace {

using rows::millis;
using rows::number;

constexpr number max_sessions = 100;  // living ones of one account

bool keep_device(soci::session& s, const std::string& account_id, const kept_token& device,
                 time_point now) {
  number at = millis(now);
  number expires = millis(device.expires_at);
  soci::statement longer =
      (s.prepare << "UPDATE devices SET expires_at = :expires WHERE digest = :digest AND "
                    "account_id = :account AND expires_at > :now",
       soci::use(expires), soci::use(device.digest), soci::use(account_id), soci::use(at));
  longer.execute(true);
  return longer.get_affected_rows() == 1;
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

}  // namespace

void store::add_session(soci::session& s, const context& ctx, const account& owner,
                        const new_session& session) {
  auto now = clock_.now();
  rows::insert_session(s, owner.id, session, now);
  end(s, ctx, owner.id, rows::living_sessions(s, owner.id, now, max_sessions));
}

std::vector<std::string> store::end(soci::session& s, const context& ctx,
                                    const std::string& account_id,
                                    const std::vector<std::string>& ids) {
  auto now = clock_.now();
  // Before its sessions, as everywhere: who locks in another order meets others half-way.
  lock(s, account_id);
  auto ended = rows::end_sessions(s, ids, now);
  if (ended.empty()) return ended;
  if (auto owner = rows::touch_account(s, account_id)) {
    append(s, ctx, *owner, {sessions_ended(*owner, ended, now)});
  }
  return ended;
}

awaitable<result<bool>> store::open_session(const context& ctx, account shown, new_session session,
                                            kept_token known_device) {
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<bool> {
    auto owner = lock_if_same(s, shown);
    if (!owner) return invalid_credentials();
    if (!keep_device(s, owner->id, known_device, clock_.now())) return false;
    add_session(s, ctx, *owner, session);
    return true;
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<rotation>> store::rotate(const context& ctx, std::string digest, kept_token next) {
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<rotation> {
    if (auto current = replace_token(s, digest, next, clock_.now())) {
      auto owner = rows::find_account(s, "id", current->account_id);
      if (!owner) return invalid_refresh_token();
      return rotation{*std::move(owner), current->session_id, false};
    }
    auto spent = find_by_spent(s, digest);
    if (!spent) return invalid_refresh_token();
    // A token that was used before is in two hands. Ending must be kept, so this is no error here.
    end(s, ctx, spent->account_id, {spent->session_id});
    auto owner = rows::find_account(s, "id", spent->account_id);
    if (!owner) return invalid_refresh_token();
    return rotation{*std::move(owner), spent->session_id, true};
  });
  if (done.has_value() && done->reused) outbox_.changed().notify();
  co_return done;
}

awaitable<result<std::vector<session_shown>>> store::list_sessions(const context& ctx,
                                                                   identity actor) {
  using outcome = result<std::vector<session_shown>>;
  co_return co_await db_.read(ctx, [=, now = clock_.now()](soci::session& s) -> outcome {
    std::vector<session_shown> all;
    session_shown next;
    number created_at = 0;
    number used_at = 0;
    number at = millis(now);
    soci::statement found =
        (s.prepare << "SELECT id, device, created_at, last_used_at FROM sessions WHERE account_id "
                      "= :account AND ended_at = 0 AND expires_at > :now ORDER BY last_used_at "
                      "DESC, id DESC LIMIT 100",
         soci::use(actor.sub), soci::use(at), soci::into(next.id), soci::into(next.device),
         soci::into(created_at), soci::into(used_at));
    found.execute();
    while (found.fetch()) {
      next.created_at = rows::time_of(created_at);
      next.last_used_at = rows::time_of(used_at);
      next.current = next.id == actor.sid;
      all.push_back(next);
    }
    return all;
  });
}

awaitable<result<std::vector<std::string>>> store::end_session(const context& ctx, identity actor,
                                                               std::string session_id) {
  using outcome = result<std::vector<std::string>>;
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    std::string owner_id;
    s << "SELECT account_id FROM sessions WHERE id = :id", soci::use(session_id),
        soci::into(owner_id);
    if (!s.got_data() || owner_id != actor.sub) return not_found("The session");
    return end(s, ctx, owner_id, {session_id});
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<std::vector<std::string>>> store::end_all(const context& ctx, identity actor) {
  using outcome = result<std::vector<std::string>>;
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    return end(s, ctx, actor.sub, rows::living_sessions(s, actor.sub, clock_.now(), 0));
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

}  // namespace oficio::auth
