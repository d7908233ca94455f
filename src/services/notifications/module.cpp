#include "services/notifications/module.hpp"

#include "services/notifications/dev_mail.hpp"
#include "services/notifications/events.hpp"

namespace oficio::notifications {
namespace {

// The machine's name of "https://market.example:4000".
mail::sender sender_of(const std::string& public_url) {
  auto start = public_url.find("://");
  auto host = start == std::string::npos ? std::string("localhost") : public_url.substr(start + 3);
  host = host.substr(0, host.find_first_of(":/?#"));
  auto address = "no-reply@" + host;
  return {"Oficio", mail::is_mailbox(address) ? address : "no-reply@localhost"};
}

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<mailer>(p.mail, env.clock, env.log.named("notifications"),
                                      mailer::options{p.public_url, env.seal_key});
  hosting::service s;
  s.name = "notifications";
  s.state = own;
  using use = awaitable<result<void>> (mailer::*)(const events::envelope&, const context&);
  auto on = [&](std::string queue, std::string type, use handle) {
    s.subscriptions.push_back({{.name = std::move(queue), .patterns = {std::move(type)}},
                               [own, handle](const events::envelope& e, const context& ctx) {
                                 return ((*own).*handle)(e, ctx);
                               }});
  };
  on("notifications.verification", "auth.email.verification_requested", &mailer::on_verification);
  on("notifications.challenges", "auth.signin.challenged", &mailer::on_challenge);
  on("notifications.resets", "auth.password.reset_requested", &mailer::on_reset);
  on("notifications.passwords", "auth.password.changed", &mailer::on_password_changed);
  on("notifications.notices", "users.notice.created", &mailer::on_notice);
  if (p.outbox) add_dev_mail(s.routes, *p.outbox, sender_of(p.public_url));
  return s;
}

}  // namespace oficio::notifications
