#include "services/auth/service.hpp"
#include "services/auth/service/lifetimes.hpp"

namespace oficio::auth {
namespace {

result<void> check_new(std::string pointer, const std::string& password, const account& of) {
  json::violations found;
  check_not_name(std::move(pointer), password, of.username, of.email, found);
  if (found.empty()) return {};
  return invalid(found.take());
}

}  // namespace

awaitable<result<void>> service::forgot_password(const context& ctx, std::string email,
                                                 std::string address) {
  // By what was asked, not by whom it concerns: the answer must not tell.
  CO_TRY_VOID(by_address_.begin(security::client_key(address)));
  CO_TRY_VOID(resets_.take(key_of(email)));
  std::string token = security::random_token();
  co_return co_await store_.request_reset(ctx, std::move(email),
                                          keep(token, clock_.now() + reset_lifetime),
                                          security::seal(seal_key_, token));
}

awaitable<result<std::vector<std::string>>> service::reset_password(const context& ctx,
                                                                    reset_request r) {
  auto digest = security::digest(r.token);
  // Asked before the costly hash, and decided under the account's lock after it.
  CO_TRY(auto owner, co_await store_.find_by_reset(ctx, digest));
  CO_TRY_VOID(check_new("/password", r.password, owner));
  CO_TRY(auto hash, co_await passwords_.hash(ctx, std::move(r.password)));
  CO_TRY(auto ended, co_await store_.reset_password(ctx, std::move(digest), std::move(hash)));
  by_account_.forget("login/" + key_of(owner.username));
  by_account_.forget("login/" + key_of(owner.email));
  co_return std::move(ended);
}

awaitable<result<std::vector<std::string>>> service::change_password(const context& ctx,
                                                                     change_password_request r) {
  auto key = "change/" + ctx.who.sub;
  CO_TRY_VOID(by_account_.begin(key));
  CO_TRY(auto owner, co_await store_.get(ctx, ctx.who.sub));
  auto right = co_await passwords_.verify(ctx, std::move(r.old_password), owner.password_hash);
  if (right.has_error()) {
    by_account_.forgive(key);
    co_return std::move(right).error();
  }
  if (!*right) {
    co_return error{errc::forbidden, "wrong_password", "The old password is wrong."};
  }
  by_account_.forget(key);
  CO_TRY_VOID(check_new("/password", r.password, owner));
  CO_TRY(auto hash, co_await passwords_.hash(ctx, std::move(r.password)));
  co_return co_await store_.change_password(ctx, ctx.who, std::move(owner), std::move(hash));
}

}  // namespace oficio::auth
