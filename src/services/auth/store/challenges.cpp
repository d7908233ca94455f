#include "platform/security/crypto.hpp"
#include "services/auth/rows.hpp"
#include "services/auth/store.hpp"
#include "services/auth/store/refusals.hpp"

namespace oficio::auth {
namespace {

using rows::millis;
using rows::number;

// An account's challenges of the last hour; the oldest tells when there is room again.
result<void> check_room(soci::session& s, const std::string& account_id, time_point now) {
  constexpr auto span = std::chrono::hours(1);
  number since = millis(now - span);
  number count = 0;
  number oldest = 0;
  s << "SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM challenges WHERE account_id = :account "
       "AND created_at > :since",
      soci::use(account_id), soci::use(since), soci::into(count), soci::into(oldest);
  if (count < store::max_challenges) return {};
  return error{errc::too_many,
               "rate_limited",
               "Too many codes were asked for; wait a little.",
               {},
               std::chrono::ceil<std::chrono::seconds>(rows::time_of(oldest) + span - now)};
}

void insert_challenge(soci::session& s, const std::string& account_id, const new_challenge& c,
                      time_point now) {
  number at = millis(now);
  number expires = millis(c.id.expires_at);
  s << "INSERT INTO challenges (digest, account_id, code_digest, device, tries, created_at, "
       "expires_at, used_at) VALUES (:digest, :account, :code, :device, 0, :created, :expires, 0)",
      soci::use(c.id.digest), soci::use(account_id), soci::use(c.code_digest), soci::use(c.device),
      soci::use(at), soci::use(expires);
}

// Counts before anything is looked at: the update finds the challenge open or not at all, so that
// of many answers at once no more than the limit are compared.
bool take_try(soci::session& s, const std::string& digest, number now) {
  int limit = store::max_tries;
  soci::statement take =
      (s.prepare << "UPDATE challenges SET tries = tries + 1 WHERE digest = :digest AND used_at = "
                    "0 AND tries < :limit AND expires_at > :now",
       soci::use(digest), soci::use(limit), soci::use(now));
  take.execute(true);
  return take.get_affected_rows() == 1;
}

struct challenge_row {
  std::string account_id;
  std::string code_digest;
  std::string device;
};

challenge_row read_challenge(soci::session& s, const std::string& digest) {
  challenge_row row;
  s << "SELECT account_id, code_digest, device FROM challenges WHERE digest = :digest",
      soci::use(digest), soci::into(row.account_id), soci::into(row.code_digest),
      soci::into(row.device);
  return row;
}

}  // namespace

awaitable<result<void>> store::challenge(const context& ctx, account shown, new_challenge c) {
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<void> {
    auto now = clock_.now();
    if (!lock_if_same(s, shown)) return invalid_credentials();
    TRY_VOID(check_room(s, shown.id, now));
    insert_challenge(s, shown.id, c, now);
    auto owner = rows::touch_account(s, shown.id);
    append(s, ctx, *owner, {signin_challenged(*owner, c.sealed_code, c.id.expires_at)});
    return {};
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<challenge_outcome>> store::answer_challenge(const context& ctx,
                                                             std::string id_digest,
                                                             std::string code_digest,
                                                             new_session session,
                                                             kept_token device) {
  using outcome = result<challenge_outcome>;
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    number now = millis(clock_.now());
    if (!take_try(s, id_digest, now)) return challenge_outcome{verdict::over};
    auto row = read_challenge(s, id_digest);
    // The try must be kept, so this is no error here.
    if (!security::equal_in_constant_time(row.code_digest, code_digest)) {
      return challenge_outcome{verdict::wrong};
    }
    s << "UPDATE challenges SET used_at = :now WHERE digest = :digest", soci::use(now),
        soci::use(id_digest);
    auto owner = lock(s, row.account_id);
    if (!owner) return challenge_outcome{verdict::over};
    auto opened = session;
    opened.device = row.device;
    add_session(s, ctx, *owner, opened);
    rows::insert_device(s, owner->id, device);
    rows::forget_old_devices(s, owner->id);
    return challenge_outcome{verdict::right, *std::move(owner)};
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

}  // namespace oficio::auth
