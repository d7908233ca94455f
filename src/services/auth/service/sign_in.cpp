#include "platform/base/random.hpp"
#include "platform/base/uuid.hpp"
#include "services/auth/service.hpp"
#include "services/auth/service/lifetimes.hpp"
#include "services/auth/store/refusals.hpp"

namespace oficio::auth {
namespace {

// Six digits, each code as likely as any other.
std::string random_code() {
  constexpr std::uint32_t codes = 1'000'000;
  constexpr std::uint32_t fair = UINT32_MAX / codes * codes;
  for (;;) {
    std::uint32_t drawn = 0;
    for (char byte : random_bytes(4)) drawn = drawn << 8U | static_cast<unsigned char>(byte);
    if (drawn >= fair) continue;
    auto digits = std::to_string(drawn % codes);
    return std::string(6 - digits.size(), '0') + digits;
  }
}

// The challenge's id is known to nobody but who asked for it: without it the digest tells nothing,
// though there are only a million codes.
std::string code_digest(const std::string& challenge_id, const std::string& code) {
  return security::digest(challenge_id + "/" + code);
}

// A device that the account knows has a count of its own: who guesses from elsewhere cannot lock
// the owner out.
std::string guard_key(const login_match& found, const std::string& device_digest,
                      const std::string& login) {
  return found.knows_device ? "device/" + device_digest : "login/" + key_of(login);
}

}  // namespace

std::string service::access_token(const account& a, const std::string& session_id) const {
  auto now = clock_.now();
  return keys_.sign({identity_of(a, session_id), now, now + access_lifetime});
}

service::beginning service::begin_session(std::string device_label) const {
  auto now = clock_.now();
  beginning b{.refresh_token = security::random_token(),
              .device_token = security::random_token(),
              .session = {},
              .device = {}};
  b.session = {uuid_v7(now), std::move(device_label),
               keep(b.refresh_token, now + refresh_lifetime)};
  b.device = keep(b.device_token, now + device_lifetime);
  return b;
}

signed_in service::answer(account a, beginning b) const {
  auto token = access_token(a, b.session.id);
  return {std::move(a), std::move(token), std::move(b.refresh_token), std::move(b.device_token),
          std::chrono::seconds(access_lifetime).count()};
}

awaitable<result<sign_in_outcome>> service::sign_in(const context& ctx, sign_in_request r,
                                                    std::string address) {
  auto from = security::client_key(address);
  auto device = r.device_token.value_or("");
  auto device_digest = security::digest(device);
  CO_TRY(auto found, co_await store_.find_by_login(ctx, r.login, device_digest));
  auto key = guard_key(found, device_digest, r.login);
  CO_TRY_VOID(by_address_.begin(from));
  if (auto may = by_account_.begin(key); may.has_error()) {
    by_address_.forgive(from);
    co_return std::move(may).error();
  }
  std::string stored = found.owner ? found.owner->password_hash : std::string();
  auto right = co_await passwords_.verify(ctx, std::move(r.password), std::move(stored));
  // An overload is nobody's failure.
  if (right.has_error() || *right) by_address_.forgive(from);
  if (right.has_error()) by_account_.forgive(key);
  if (right.has_error()) co_return std::move(right).error();
  if (!found.owner || !*right) co_return invalid_credentials();
  by_account_.forget(key);

  auto b = begin_session(r.device.value_or(""));
  if (found.knows_device) {
    b.device_token = device;
    b.device.digest = device_digest;
    CO_TRY(bool opened, co_await store_.open_session(ctx, *found.owner, b.session, b.device));
    if (opened) co_return answer(*std::move(found.owner), std::move(b));
  }
  CO_TRY(auto asked, co_await challenge(ctx, *std::move(found.owner), std::move(b.session.device)));
  co_return std::move(asked);
}

awaitable<result<challenged>> service::challenge(const context& ctx, account shown,
                                                 std::string device_label) {
  auto until = clock_.now() + code_lifetime;
  std::string id = security::random_token();
  std::string code = random_code();
  CO_TRY_VOID(co_await store_.challenge(ctx, std::move(shown),
                                        {.id = keep(id, until),
                                         .code_digest = code_digest(id, code),
                                         .sealed_code = security::seal(seal_key_, code),
                                         .device = std::move(device_label)}));
  co_return challenged{std::move(id)};
}

awaitable<result<signed_in>> service::answer_challenge(const context& ctx, code_request r,
                                                       std::string address) {
  auto from = security::client_key(address);
  CO_TRY_VOID(by_address_.begin(from));
  auto b = begin_session("");
  CO_TRY(auto outcome, co_await store_.answer_challenge(ctx, security::digest(r.challenge_id),
                                                        code_digest(r.challenge_id, r.code),
                                                        b.session, b.device));
  if (outcome.verdict == verdict::over) {
    co_return error{errc::unauthorized, "invalid_challenge",
                    "This sign-in is over: sign in again for a new code."};
  }
  if (outcome.verdict == verdict::wrong) {
    co_return error{errc::unauthorized, "invalid_code", "The code is wrong."};
  }
  by_address_.forgive(from);
  co_return answer(std::move(outcome.owner), std::move(b));
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

}  // namespace oficio::auth
