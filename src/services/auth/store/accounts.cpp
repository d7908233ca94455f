#include "platform/sql/dialect.hpp"
#include "services/auth/migrations.hpp"
#include "services/auth/rows.hpp"
#include "services/auth/store.hpp"
#include "services/auth/store/refusals.hpp"

namespace oficio::auth {
namespace {

using rows::millis;
using rows::number;

error taken(bool username) {
  return username ? error{errc::conflict, "username_taken", "That user name is taken."}
                  : error{errc::conflict, "email_taken",
                          "There is an account with that e-mail address already."};
}

bool exists(soci::session& s, const char* column, const std::string& value) {
  int found = 0;
  s << "SELECT 1 FROM accounts WHERE " << column << " = :value", soci::use(value),
      soci::into(found);
  return s.got_data();
}

void insert_account(soci::session& s, const account& a) {
  std::string username_key = key_of(a.username);
  std::string email_key = key_of(a.email);
  std::string roles = rows::join(a.roles);
  int email_verified = a.email_verified ? 1 : 0;
  number version = a.version;
  number created_at = millis(a.created_at);
  s << "INSERT INTO accounts (id, username, username_key, email, email_key, password_hash, "
       "email_verified, roles, locale, country, version, profile_version, created_at) VALUES "
       "(:id, :username, :ukey, :email, :ekey, :hash, :verified, :roles, :locale, :country, "
       ":version, 0, :created)",
      soci::use(a.id), soci::use(a.username), soci::use(username_key), soci::use(a.email),
      soci::use(email_key), soci::use(a.password_hash), soci::use(email_verified), soci::use(roles),
      soci::use(a.locale), soci::use(a.country), soci::use(version), soci::use(created_at);
}

error already_verified() {
  return {errc::conflict, "already_verified", "The e-mail address is verified already."};
}

struct email_token_row {
  std::string account_id;
  number expires_at = 0;
  number used_at = 0;
};

std::optional<email_token_row> find_email_token(soci::session& s, const std::string& digest) {
  email_token_row row;
  s << "SELECT account_id, expires_at, used_at FROM email_tokens WHERE digest = :digest",
      soci::use(digest), soci::into(row.account_id), soci::into(row.expires_at),
      soci::into(row.used_at);
  if (!s.got_data()) return std::nullopt;
  return row;
}

// The account first: its row is the lock under which its tokens are looked at.
result<account> use_email_token(soci::session& s, const std::string& digest, number now) {
  auto token = find_email_token(s, digest);
  if (!token) {
    return error{errc::invalid, "unknown_token", "This link is not known; ask for a new one."};
  }
  auto owner = rows::touch_account(s, token->account_id);
  if (!owner) return unknown_account();
  if (token->used_at != 0 || owner->email_verified) return already_verified();
  if (token->expires_at <= now) {
    return error{errc::invalid, "token_expired", "This link has expired; ask for a new one."};
  }
  s << "UPDATE email_tokens SET used_at = :now WHERE digest = :digest", soci::use(now),
      soci::use(digest);
  s << "UPDATE accounts SET email_verified = 1 WHERE id = :id", soci::use(owner->id);
  owner->email_verified = true;
  return *std::move(owner);
}

// True if that version is newer than what was taken last.
bool take_profile_version(soci::session& s, const profile_change& change) {
  number version = change.version;
  soci::statement take = (s.prepare << "UPDATE accounts SET profile_version = :version WHERE id = "
                                       ":id AND profile_version < :version2",
                          soci::use(version), soci::use(change.account_id), soci::use(version));
  take.execute(true);
  return take.get_affected_rows() == 1;
}

}  // namespace

store::store(sql::database& db, const wall_clock& clock)
    : db_(db), clock_(clock), outbox_(db, "/oficio/auth", clock) {
  db_.migrate(migrations(db_.dialect()));
}

awaitable<result<void>> store::ping(const context& ctx) {
  co_return co_await db_.read(ctx, [](soci::session& s) -> result<void> {
    int one = 0;
    s << "SELECT 1", soci::into(one);
    return {};
  });
}

std::optional<account> store::lock(soci::session& s, const std::string& account_id) const {
  return rows::find_account(s, "id", account_id, sql::for_update(s));
}

std::optional<account> store::lock_if_same(soci::session& s, const account& shown) const {
  auto now = lock(s, shown.id);
  if (now && now->password_hash != shown.password_hash) now.reset();
  return now;
}

void store::append(soci::session& s, const context& ctx, const account& a,
                   const std::vector<events::raised>& raised) {
  outbox_.append(s, ctx, a.id, a.version, raised);
}

awaitable<result<login_match>> store::find_by_login(const context& ctx, std::string login,
                                                    std::string device_digest) {
  number now = millis(clock_.now());
  co_return co_await db_.read(
      ctx, [now, key = key_of(login), device_digest](soci::session& s) -> result<login_match> {
        const char* column = key.find('@') == std::string::npos ? "username_key" : "email_key";
        login_match found{rows::find_account(s, column, key)};
        // Asked for nobody too, so that the time does not tell who has an account.
        std::string account_id = found.owner ? found.owner->id : std::string();
        int known = 0;
        s << "SELECT 1 FROM devices WHERE digest = :digest AND account_id = :account AND "
             "expires_at > :now",
            soci::use(device_digest), soci::use(account_id), soci::use(now), soci::into(known);
        found.knows_device = s.got_data();
        return found;
      });
}

awaitable<result<account>> store::get(const context& ctx, std::string account_id) {
  co_return co_await db_.read(ctx,
                              [id = std::move(account_id)](soci::session& s) -> result<account> {
                                auto found = rows::find_account(s, "id", id);
                                if (!found) return unknown_account();
                                return *std::move(found);
                              });
}

awaitable<result<void>> store::check_free(const context& ctx, std::string username,
                                          std::string email) {
  co_return co_await db_.read(
      ctx, [name = key_of(username), address = key_of(email)](soci::session& s) -> result<void> {
        if (exists(s, "username_key", name)) return taken(true);
        if (exists(s, "email_key", address)) return taken(false);
        return {};
      });
}

awaitable<result<void>> store::add(const context& ctx, account a, new_session session,
                                   kept_token device, kept_token email,
                                   std::vector<events::raised> events) {
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<void> {
    insert_account(s, a);
    rows::insert_session(s, a.id, session, a.created_at);
    rows::insert_device(s, a.id, device);
    rows::insert_email_token(s, a.id, email);
    append(s, ctx, a, events);
    return {};
  });
  if (!done.has_value()) {
    // Somebody was quicker: say with what. Nothing else here can be there twice.
    if (done.error().code == "duplicate") {
      CO_TRY_VOID(co_await check_free(ctx, a.username, a.email));
    }
    co_return std::move(done).error();
  }
  outbox_.changed().notify();
  co_return result<void>{};
}

awaitable<result<void>> store::request_verification(const context& ctx, identity actor,
                                                    kept_token email, std::string sealed_token) {
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<void> {
    auto owner = rows::touch_account(s, actor.sub);
    if (!owner) return unknown_account();
    if (owner->email_verified) return already_verified();
    rows::insert_email_token(s, owner->id, email);
    append(s, ctx, *owner, {verification_requested(*owner, sealed_token, email.expires_at)});
    return {};
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<account>> store::verify_email(const context& ctx, std::string digest) {
  number now = millis(clock_.now());
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<account> {
    TRY(account owner, use_email_token(s, digest, now));
    append(s, ctx, owner, {verified(owner), updated(owner)});
    return owner;
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

// The newest word of users holds, however late or often it comes. Others hear of it only if
// something is new: users itself takes neither from an account that it knows.
awaitable<result<void>> store::follow_profile(const context& ctx, profile_change change) {
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> result<void> {
    auto owner = lock(s, change.account_id);
    if (!owner || !take_profile_version(s, change)) return {};
    auto locale = change.locale.empty() ? owner->locale : change.locale;
    if (locale == owner->locale && change.country == owner->country) return {};
    s << "UPDATE accounts SET locale = :locale, country = :country WHERE id = :id",
        soci::use(locale), soci::use(change.country), soci::use(owner->id);
    owner = rows::touch_account(s, owner->id);
    append(s, ctx, *owner, {updated(*owner)});
    return {};
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

events::fact_source store::facts() {
  using page = result<std::vector<events::retold>>;
  auto read = [this](const context& ctx, std::string after, std::size_t limit) {
    return db_.read(ctx, [after = std::move(after), limit](soci::session& s) -> page {
      std::vector<events::retold> out;
      for (const auto& a : rows::accounts_behind(s, after, static_cast<number>(limit))) {
        out.push_back({a.id, a.version, {registered(a)}});
      }
      return out;
    });
  };
  return {"/oficio/auth", std::move(read)};
}

}  // namespace oficio::auth
