#include "services/notifications/module.hpp"

#include "platform/http/event_stream.hpp"
#include "services/notifications/dev_mail.hpp"
#include "services/notifications/events.hpp"
#include "services/notifications/live_stream.hpp"

namespace oficio::notifications {
namespace {

// It says when events came to this machine, which nobody may move.
struct live {
  live(const live_options& o, telemetry::metrics* metrics)
      : stream(std::make_shared<live_stream>(real_time, o, metrics)) {}

  wall_clock real_time;
  const std::shared_ptr<live_stream> stream;
};

awaitable<result<void>> take(live& of, const events::envelope& e) {
  of.stream->take(e);
  co_return result<void>{};
}

awaitable<void> close(live& of) {
  of.stream->close();
  co_return;
}

awaitable<result<http::response>> follow(live& of, http::request& r) {
  CO_TRY(auto stream, of.stream->follow(r.headers.get("Last-Event-ID")));
  http::response out;
  out.headers.set("Content-Type", std::string(http::event_stream_type));
  out.headers.set("Cache-Control", "no-store");
  out.stream = std::move(stream);
  co_return out;
}

void add_stream(hosting::service& s, const hosting::environment& env) {
  auto own = std::make_shared<live>(live_options{}, env.metrics);
  s.subscriptions.push_back({{.name = "notifications.live",
                              .patterns = live_patterns(),
                              .durable = false,
                              .missed = [own] { own->stream->missed(); }},
                             [own](const auto& e, const auto&) { return take(*own, e); }});
  s.routes.get("/internal/stream",
               hosting::for_gateway([own](http::request& r) { return follow(*own, r); }));
  env.app.on_stop(runtime::stop_stage::stop_accepting, "live stream",
                  [own](auto) { return close(*own); });
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
  // Without it mail waits in the queue, and the stream of news goes on.
  s.checks.push_back({.name = "mail",
                      .run = [&mail = p.mail](const context& ctx) { return mail.ping(ctx); },
                      .needed = false});
  add_stream(s, env);
  if (p.outbox) add_dev_mail(s.routes, *p.outbox, mail::sender_of(p.public_url));
  return s;
}

}  // namespace oficio::notifications
