#include "services/chat/module.hpp"

#include "platform/files/routes.hpp"
#include "services/chat/events.hpp"
#include "services/chat/routes.hpp"
#include "services/chat/service.hpp"

namespace oficio::chat {

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<messenger>(p.database, env.clock, env.cursor_key,
                                         std::move(p.currency), env.log.named("chat"), p.studio);
  hosting::service s;
  s.name = "chat";
  s.state = own;
  s.outboxes = own->store().outboxes();
  s.facts = {own->store().facts()};
  auto listen = [&](std::string name, std::string pattern,
                    awaitable<result<void>> (*handle)(messenger&, events::envelope, context)) {
    s.subscriptions.push_back({{.name = std::move(name), .patterns = {std::move(pattern)}},
                               [own, handle](const events::envelope& e, const context& ctx) {
                                 return handle(*own, e, ctx);
                               }});
  };
  listen("chat.accounts", "auth.account.*", on_account);
  listen("chat.profiles", "users.profile.updated", on_profile);
  listen("chat.gigs", "gigs.gig.*", on_gig);
  listen("chat.orders", "orders.order.placed", on_order_placed);
  listen("chat.messages", "chat.message.sent", on_message);
  s.timers.push_back({"chat.due", std::chrono::seconds(2),
                      [own](const context& ctx) { return own->work_on_due(ctx); }});
  s.checks.push_back(
      {"database", [&database = p.database](const context& ctx) { return database.ping(ctx); }});
  add_routes(s.routes, own);
  if (auto* attachments = own->attachments()) {
    files::add_routes(s.routes, *attachments);
    s.timers.push_back(files::purging("chat", *attachments));
  }
  return s;
}

}  // namespace oficio::chat
