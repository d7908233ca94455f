#include "services/auth/service.hpp"

#include "platform/base/uuid.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;

constexpr auto access_lifetime = std::chrono::minutes(15);
constexpr auto refresh_lifetime = std::chrono::days(30);
constexpr auto device_lifetime = std::chrono::days(365);
constexpr auto email_lifetime = std::chrono::hours(24);

// By login: enough for a person with clumsy fingers, too few to guess passwords.
constexpr security::rate sign_in_rate{.burst = 60, .refill_all_in = 10min};
constexpr security::rate resend_rate{.burst = 5, .refill_all_in = 1h};

kept_token keep(const std::string& token, time_point expires_at) {
  return {security::digest(token), expires_at};
}

}  // namespace

service::service(store& kept, security::signing_keys& keys, security::password_hasher& passwords,
                 const wall_clock& clock, std::string seal_key)
    : store_(kept),
      keys_(keys),
      passwords_(passwords),
      clock_(clock),
      seal_key_(std::move(seal_key)),
      sign_ins_(sign_in_rate),
      resends_(resend_rate) {}

std::string service::access_token(const account& a, const std::string& session_id) const {
  auto now = clock_.now();
  return keys_.sign({identity_of(a, session_id), now, now + access_lifetime});
}

signed_in service::answer(account a, const std::string& session_id, std::string refresh_token,
                          std::string device_token) const {
  auto token = access_token(a, session_id);
  return {std::move(a), std::move(token), std::move(refresh_token), std::move(device_token),
          std::chrono::seconds(access_lifetime).count()};
}

awaitable<result<signed_in>> service::sign_up(const context& ctx, sign_up_request r) {
  // Asked before the costly hash, and decided by the unique indexes after it.
  CO_TRY_VOID(co_await store_.check_free(ctx, r.username, r.email));
  auto now = clock_.now();
  account a;
  a.id = uuid_v7(now);
  a.username = std::move(r.username);
  a.email = std::move(r.email);
  a.locale = r.locale.value_or("en");
  a.country = r.country.value_or("");
  a.created_at = now;
  CO_TRY(a.password_hash, co_await passwords_.hash(ctx, std::move(r.password)));

  std::string refresh = security::random_token();
  std::string device = security::random_token();
  std::string email = security::random_token();
  std::string session_id = uuid_v7(now);
  new_session session{session_id, "", keep(refresh, now + refresh_lifetime)};
  std::vector<events::raised> told{
      registered(a),
      verification_requested(a, security::seal(seal_key_, email), now + email_lifetime)};
  CO_TRY_VOID(co_await store_.add(ctx, a, std::move(session), keep(device, now + device_lifetime),
                                  keep(email, now + email_lifetime), std::move(told)));
  co_return answer(std::move(a), session_id, std::move(refresh), std::move(device));
}

awaitable<result<signed_in>> service::sign_in(const context& ctx, sign_in_request r) {
  CO_TRY_VOID(sign_ins_.take(key_of(r.login)));
  CO_TRY(auto found, co_await store_.find_by_login(ctx, r.login));
  std::string stored = found ? found->password_hash : std::string();
  CO_TRY(bool right, co_await passwords_.verify(ctx, std::move(r.password), std::move(stored)));
  if (!found || !right) {
    co_return error{errc::unauthorized, "invalid_credentials",
                    "The user name, e-mail address or password is wrong."};
  }
  auto now = clock_.now();
  std::string refresh = security::random_token();
  std::string device = security::random_token();
  std::string known = r.device_token.value_or("");
  std::string session_id = uuid_v7(now);
  new_session session{session_id, r.device.value_or(""), keep(refresh, now + refresh_lifetime)};
  std::string known_digest = known.empty() ? "" : security::digest(known);
  CO_TRY(bool is_known,
         co_await store_.open_session(ctx, found->id, std::move(session), std::move(known_digest),
                                      keep(device, now + device_lifetime)));
  co_return answer(*std::move(found), session_id, std::move(refresh),
                   is_known ? std::move(known) : std::move(device));
}

awaitable<result<refreshed>> service::refresh(const context& ctx, std::string refresh_token) {
  std::string next = security::random_token();
  CO_TRY(auto turned, co_await store_.rotate(ctx, security::digest(refresh_token),
                                             keep(next, clock_.now() + refresh_lifetime)));
  if (turned.reused) {
    co_return error{errc::unauthorized, "refresh_reused",
                    "This refresh token was used before; for safety the session has ended."};
  }
  auto token = access_token(turned.owner, turned.session_id);
  co_return refreshed{std::move(turned.owner), std::move(token), std::move(next),
                      std::chrono::seconds(access_lifetime).count()};
}

awaitable<result<std::vector<std::string>>> service::sign_out(const context& ctx) {
  CO_TRY_VOID(co_await store_.end_session(ctx, ctx.who));
  // Also when it had ended before: whoever asks again learns the same.
  co_return std::vector<std::string>{ctx.who.sid};
}

awaitable<result<std::vector<std::string>>> service::sign_out_everywhere(const context& ctx) {
  co_return co_await store_.end_all(ctx, ctx.who);
}

awaitable<result<std::vector<ended_session>>> service::ended_since(const context& ctx,
                                                                   time_point since) {
  auto earliest = clock_.now() - access_lifetime;
  co_return co_await store_.ended_since(ctx, std::max(since, earliest));
}

awaitable<result<account>> service::me(const context& ctx) {
  co_return co_await store_.get(ctx, ctx.who.sub);
}

awaitable<result<void>> service::resend_verification(const context& ctx) {
  CO_TRY_VOID(resends_.take(ctx.who.sub));
  std::string email = security::random_token();
  co_return co_await store_.request_verification(
      ctx, ctx.who, keep(email, clock_.now() + email_lifetime), security::seal(seal_key_, email));
}

awaitable<result<account>> service::verify_email(const context& ctx, std::string token) {
  co_return co_await store_.verify_email(ctx, security::digest(token));
}

}  // namespace oficio::auth
