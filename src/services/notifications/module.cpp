#include "services/notifications/module.hpp"

#include "services/notifications/dev_mail.hpp"
#include "services/notifications/events.hpp"

namespace oficio::notifications {
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
  // Without it mail waits in the queue, and the stream of news goes on.
  s.checks.push_back({.name = "mail",
                      .run = [&mail = p.mail](const context& ctx) { return mail.ping(ctx); },
                      .needed = false});
  if (p.outbox) add_dev_mail(s.routes, *p.outbox, mail::sender_of(p.public_url));
  return s;
}

}  // namespace oficio::notifications
