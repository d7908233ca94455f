#pragma once

#include <memory>
#include <string>

#include "platform/realtime/space.hpp"
#include "services/gateway/channel.hpp"
#include "services/gateway/live/participants.hpp"
#include "services/gateway/live/presence.hpp"

namespace oficio::gateway {

// Calls chat in the name of a socket's owner, as an HTTP call through this gateway would. An empty
// body: there is none. Errors: unauthorized `token_expired`, `session_ended`; those of the limits,
// of the upstream, and what chat says.
awaitable<result<json::value>> ask_chat(forwarder& by, std::shared_ptr<socket_owner> who,
                                        http::method m, std::string target, std::string body);

// What sockets ask for. Each is acknowledged: {ok: true, data} or {ok: false, error: problem}.
class talking {
 public:
  // `over`: what the gateways share; null: there is no other. All outlive it.
  talking(const wall_clock& clock, forwarder& by, realtime::space& people, presence& there,
          cache::store* over);

  // Before the first socket comes.
  void listen();

  // Tells other gateways who types; runs until cancelled.
  awaitable<void> run_channel();

 private:
  awaitable<realtime::items> send(realtime::socket_ptr s, realtime::args with);
  awaitable<realtime::items> mark_read(realtime::socket_ptr s, realtime::args with);
  awaitable<realtime::items> type(realtime::socket_ptr s, realtime::args with);
  awaitable<realtime::items> watch(realtime::socket_ptr s, realtime::args with);
  awaitable<result<json::value>> relay_typing(realtime::socket_ptr s, std::string conversation);
  void hear_typing(const std::string& message);

  forwarder& by_;
  realtime::space& people_;
  presence& there_;
  participants participants_;
  const std::string name_;            // of this gateway
  std::unique_ptr<channel> channel_;  // null: there is no other gateway
};

}  // namespace oficio::gateway
