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
  s.subscriptions.push_back(
      {{.name = "notifications.verification", .patterns = {"auth.email.verification_requested"}},
       [own](const events::envelope& e, const context& ctx) {
         return own->on_verification(e, ctx);
       }});
  s.subscriptions.push_back(
      {{.name = "notifications.notices", .patterns = {"users.notice.created"}},
       [own](const events::envelope& e, const context& ctx) { return own->on_notice(e, ctx); }});
  if (p.outbox) add_dev_mail(s.routes, *p.outbox);
  return s;
}

}  // namespace oficio::notifications
