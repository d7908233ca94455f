#include "services/notifications/events.hpp"

#include "platform/security/crypto.hpp"
#include "services/notifications/account_letters.hpp"
#include "services/notifications/mail.hpp"

namespace oficio::notifications {
namespace {

bool wants_mail(const json::object& data) {
  auto* channels = data.if_contains("channels");
  auto* object = channels ? channels->if_object() : nullptr;
  auto* email = object ? object->if_contains("email") : nullptr;
  return email && email->is_bool() && email->as_bool();
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
  CO_TRY(auto token, open(e, "token"));
  co_return co_await send(ctx,
                          compose(verification_letter(e.data, token, options_.public_url), e.id));
}

awaitable<result<void>> mailer::on_challenge(const events::envelope& e, const context& ctx) {
  if (is_outdated(e)) co_return result<void>{};
  CO_TRY(auto code, open(e, "code"));
  co_return co_await send(ctx, compose(sign_in_code_letter(e.data, code), e.id));
}

awaitable<result<void>> mailer::on_reset(const events::envelope& e, const context& ctx) {
  if (is_outdated(e)) co_return result<void>{};
  CO_TRY(auto token, open(e, "token"));
  co_return co_await send(ctx, compose(reset_letter(e.data, token, options_.public_url), e.id));
}

awaitable<result<void>> mailer::on_password_changed(const events::envelope& e, const context& ctx) {
  if (is_outdated(e)) co_return result<void>{};
  co_return co_await send(ctx, compose(password_changed_letter(e.data, options_.public_url), e.id));
}

awaitable<result<void>> mailer::on_notice(const events::envelope& e, const context& ctx) {
  if (is_outdated(e) || !wants_mail(e.data)) co_return result<void>{};
  co_return co_await send(ctx, compose(notice_letter(e.data, options_.public_url), e.id));
}

awaitable<result<void>> mailer::send(const context& ctx, mail::message m) {
  if (m.to.empty()) {
    log_.log(telemetry::level::warning, ctx, "mail without an address is dropped",
             {{"email.message_id", m.id}});
    co_return result<void>{};
  }
  co_return co_await transport_.send(ctx, std::move(m));
}

}  // namespace oficio::notifications
