#pragma once

#include <optional>

#include "services/gateway/downloads.hpp"
#include "services/gateway/limits.hpp"
#include "services/gateway/module.hpp"
#include "services/gateway/service_figures.hpp"
#include "services/gateway/sessions.hpp"
#include "services/gateway/table.hpp"

namespace oficio::gateway {

// Passes calls on to the services, each with a proof of who calls.
class forwarder {
 public:
  forwarder(const hosting::environment& env, const security::identity_tokens& identities,
            upstreams to, const options& o);

  awaitable<result<http::response>> forward(http::request& r, const route& by);

  // What comes before every call: limits, who calls (r.ctx.who) and the proof against forged ones.
  awaitable<result<void>> admit(http::request& r, const route& by);

  // Asks a service what only gateways may ask.
  awaitable<result<http::response>> ask_internally(const context& ctx, std::string service,
                                                   http::method m, std::string target);

  // The same of one instance.
  awaitable<result<http::response>> ask_instance(const context& ctx, std::string service,
                                                 http::upstream& of, http::request r);

  // A call that came by a socket, in somebody's name; r.ctx.who is that.
  // Errors: those of the limits and of the upstream.
  awaitable<result<http::response>> call_for(std::string service, http::request r);

  // A stream that a service has for gateways alone.
  awaitable<result<http::response>> follow(const context& ctx, std::string service,
                                           http::request r);

  // Passes `r` on as it is, with `target`, for nobody.
  awaitable<result<http::response>> forward_plain(http::request& r, std::string_view service,
                                                  std::string target);

  sessions& known_sessions() { return sessions_; }
  limits& shared_limits() { return limits_; }
  const upstreams& services() const { return to_; }

 private:
  awaitable<result<caller>> identify(http::request& r, treatment how);
  result<std::string> service_for(const http::request& r, const route& by) const;
  result<http::upstream*> upstream_for(std::string_view service) const;
  // `service` outlives the call.
  awaitable<result<http::response>> call(std::string_view service, http::upstream& to,
                                         http::request& r);
  // As call(); a file that may be large is passed on while it comes.
  awaitable<result<http::response>> fetch(std::string_view service, http::upstream& to,
                                          http::request& r, const route& by);
  http::request outgoing(http::request& r, std::string_view service) const;

  const security::identity_tokens& identities_;
  upstreams to_;
  options options_;
  sessions sessions_;
  limits limits_;
  service_figures figures_;
  downloads downloads_;
};

}  // namespace oficio::gateway
