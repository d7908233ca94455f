#include "services/notifications/events.hpp"

#include "platform/security/crypto.hpp"
#include "services/notifications/account_letters.hpp"
#include "services/notifications/notice_letters.hpp"

namespace oficio::notifications {
namespace {

// Errors: internal `unreadable_document`.
result<account_news> read_account(const events::envelope& e) {
  return json::from_stored<account_news>(json::value(e.data));
}

}  // namespace

// A mail that comes too late only confuses, and republished facts are for copies, not for people.
bool mailer::is_outdated(const events::envelope& e) const {
  if (e.republished) return true;
  auto* found = e.data.if_contains("not_after");
  auto* text = found ? found->if_string() : nullptr;
  auto until = text ? parse_time({text->data(), text->size()}) : std::nullopt;
  return until && *until < clock_.now();
}

result<std::string> mailer::open(const events::envelope& e, const char* name) const {
  auto* sealed = e.data.if_contains(name);
  auto* text = sealed ? sealed->if_string() : nullptr;
  auto plain =
      text ? security::unseal(options_.seal_key, {text->data(), text->size()}) : std::nullopt;
  if (plain) return *std::move(plain);
  return error{errc::internal, "unreadable_secret",
               std::string("The ") + name + " cannot be opened."};
}

awaitable<result<void>> mailer::on_verification(const events::envelope& e, const context& ctx) {
  if (is_outdated(e)) co_return result<void>{};
  CO_TRY(auto news, read_account(e));
  CO_TRY(auto token, open(e, "token"));
  co_return co_await send(ctx, e, verification_letter(news, token, options_.public_url));
}

awaitable<result<void>> mailer::on_challenge(const events::envelope& e, const context& ctx) {
  if (is_outdated(e)) co_return result<void>{};
  CO_TRY(auto news, read_account(e));
  CO_TRY(auto code, open(e, "code"));
  co_return co_await send(ctx, e, sign_in_code_letter(news, code, options_.public_url));
}

awaitable<result<void>> mailer::on_reset(const events::envelope& e, const context& ctx) {
  if (is_outdated(e)) co_return result<void>{};
  CO_TRY(auto news, read_account(e));
  CO_TRY(auto token, open(e, "token"));
  co_return co_await send(ctx, e, reset_letter(news, token, options_.public_url));
}

awaitable<result<void>> mailer::on_password_changed(const events::envelope& e, const context& ctx) {
  if (is_outdated(e)) co_return result<void>{};
  CO_TRY(auto news, read_account(e));
  co_return co_await send(ctx, e, password_changed_letter(news, options_.public_url));
}

awaitable<result<void>> mailer::on_notice(const events::envelope& e, const context& ctx) {
  CO_TRY(auto news, json::from_stored<notice_news>(json::value(e.data)));
  if (is_outdated(e) || !news.channels.email) co_return result<void>{};
  CO_TRY(auto token, open(e, "unsubscribe"));
  co_return co_await send(ctx, e, notice_letter(news, token, options_.public_url));
}

awaitable<result<void>> mailer::send(const context& ctx, const events::envelope& e,
                                     const letter& l) {
  if (l.to.empty()) {
    log_.log(telemetry::level::warning, ctx, "mail without an address is dropped",
             {{"event.id", e.id}, {"event.action", e.type}});
    co_return result<void>{};
  }
  co_return co_await transport_.send(ctx, compose(l, e.id));
}

}  // namespace oficio::notifications
