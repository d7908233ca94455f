#include "platform/base/uuid.hpp"
#include "services/auth/service.hpp"
#include "services/auth/service/lifetimes.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;

// Mails that somebody can have sent to one address.
constexpr security::rate mail_rate{.burst = 5, .refill_all_in = 1h};

// Of the languages that the market speaks; "es-UY" is Spanish.
std::string offered_language(std::string_view locale) {
  return locale.starts_with("es") ? "es" : "en";
}

security::patience per_account(const limits& l) {
  return {.free = l.tries_per_account, .forgets_one_in = 6min};
}

// Many people may share an address; so may many attempts.
security::patience per_address(const limits& l) {
  return {.free = l.tries_per_address, .forgets_one_in = 6s};
}

}  // namespace

service::service(store& kept, security::signing_keys& keys, security::password_hasher& passwords,
                 const wall_clock& clock, std::string seal_key, const limits& l)
    : store_(kept),
      keys_(keys),
      passwords_(passwords),
      clock_(clock),
      seal_key_(std::move(seal_key)),
      by_account_(per_account(l), clock),
      by_address_(per_address(l), clock),
      resends_(mail_rate),
      resets_(mail_rate) {}

awaitable<result<signed_in>> service::sign_up(const context& ctx, sign_up_request r) {
  // Asked before the costly hash, and decided by the unique indexes after it.
  CO_TRY_VOID(co_await store_.check_free(ctx, r.username, r.email));
  auto now = clock_.now();
  account a;
  a.id = uuid_v7(now);
  a.username = std::move(r.username);
  a.email = std::move(r.email);
  a.locale = offered_language(r.locale.value_or("en"));
  a.country = r.country.value_or("");
  a.created_at = now;
  CO_TRY(a.password_hash, co_await passwords_.hash(ctx, std::move(r.password)));

  std::string email = security::random_token();
  std::vector<events::raised> told{
      registered(a),
      verification_requested(a, security::seal(seal_key_, email), now + email_lifetime)};
  auto b = begin_session("");
  CO_TRY_VOID(co_await store_.add(ctx, a, b.session, b.device, keep(email, now + email_lifetime),
                                  std::move(told)));
  co_return answer(std::move(a), std::move(b));
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
