#include "services/auth/rows.hpp"
#include "services/auth/store.hpp"
#include "services/auth/store/refusals.hpp"

namespace oficio::auth {
namespace {

using rows::millis;
using rows::number;

struct reset_row {
  std::string account_id;  // empty: nobody's
  number expires_at = 0;
  number used_at = 0;
};

error token_used() {
  return {errc::invalid, "token_used", "This link was used before; ask for a new one."};
}

result<reset_row> find_reset(soci::session& s, const std::string& digest, number now) {
  reset_row row;
  s << "SELECT account_id, expires_at, used_at FROM reset_tokens WHERE digest = :digest",
      soci::use(digest), soci::into(row.account_id), soci::into(row.expires_at),
      soci::into(row.used_at);
  if (!s.got_data() || row.account_id.empty()) {
    return error{errc::invalid, "unknown_token", "This link is not known; ask for a new one."};
  }
  if (row.used_at != 0) return token_used();
  if (row.expires_at <= now) {
    return error{errc::invalid, "token_expired", "This link has expired; ask for a new one."};
  }
  return row;
}

// Of two who bring it at once only one uses it.
bool use_reset(soci::session& s, const std::string& digest, number now) {
  soci::statement use = (s.prepare << "UPDATE reset_tokens SET used_at = :now WHERE digest = "
                                      ":digest AND used_at = 0",
                         soci::use(now), soci::use(digest));
  use.execute(true);
  return use.get_affected_rows() == 1;
}

// Codes and links that were asked for with the old password, or to get rid of it.
void void_open_requests(soci::session& s, const std::string& account_id, number now) {
  for (std::string table : {"challenges", "reset_tokens"}) {
    s << "UPDATE " << table << " SET used_at = :now WHERE account_id = :account AND used_at = 0",
        soci::use(now), soci::use(account_id);
  }
}

}  // namespace

std::vector<std::string> store::set_password(soci::session& s, const context& ctx, account owner,
                                             const std::string& password_hash,
                                             const std::string& kept_session) {
  auto now = clock_.now();
  s << "UPDATE accounts SET password_hash = :hash WHERE id = :id", soci::use(password_hash),
      soci::use(owner.id);
  void_open_requests(s, owner.id, millis(now));
  auto others = rows::living_sessions(s, owner.id, now, 0);
  std::erase(others, kept_session);
  auto ended = rows::end_sessions(s, others, now);
  owner = rows::touch_account(s, owner.id).value();
  std::vector<events::raised> told{password_changed(owner, now)};
  if (!ended.empty()) told.push_back(sessions_ended(owner, ended, now));
  append(s, ctx, owner, told);
  return ended;
}

// Known or not, the answer and what is written before it are alike; of nobody's request nothing is
// told to others.
awaitable<result<void>> store::request_reset(const context& ctx, std::string email,
                                             kept_token reset, std::string sealed_token) {
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<void> {
    auto found = rows::find_account(s, "email_key", key_of(email));
    std::string account_id = found ? found->id : std::string();
    number expires = millis(reset.expires_at);
    s << "INSERT INTO reset_tokens (digest, account_id, expires_at, used_at) VALUES (:digest, "
         ":account, :expires, 0)",
        soci::use(reset.digest), soci::use(account_id), soci::use(expires);
    if (auto owner = rows::touch_account(s, account_id)) {
      append(s, ctx, *owner, {reset_requested(*owner, sealed_token, reset.expires_at)});
    }
    return {};
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<account>> store::find_by_reset(const context& ctx, std::string digest) {
  number now = millis(clock_.now());
  co_return co_await db_.read(ctx, [=](soci::session& s) -> result<account> {
    TRY(auto row, find_reset(s, digest, now));
    auto owner = rows::find_account(s, "id", row.account_id);
    if (!owner) return unknown_account();
    return *std::move(owner);
  });
}

awaitable<result<std::vector<std::string>>> store::reset_password(const context& ctx,
                                                                  std::string digest,
                                                                  std::string password_hash) {
  using outcome = result<std::vector<std::string>>;
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    number now = millis(clock_.now());
    TRY(auto row, find_reset(s, digest, now));
    auto owner = lock(s, row.account_id);
    if (!owner) return unknown_account();
    if (!use_reset(s, digest, now)) return token_used();
    return set_password(s, ctx, *std::move(owner), password_hash, "");
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<std::vector<std::string>>> store::change_password(const context& ctx,
                                                                   identity actor, account shown,
                                                                   std::string password_hash) {
  using outcome = result<std::vector<std::string>>;
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    if (actor.sub != shown.id) return invalid_credentials();
    auto owner = lock_if_same(s, shown);
    if (!owner) return invalid_credentials();
    return set_password(s, ctx, *std::move(owner), password_hash, actor.sid);
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

}  // namespace oficio::auth
