#include "platform/realtime/figures.hpp"

namespace oficio::realtime {

std::string_view to_string(end_reason why) {
  switch (why) {
    case end_reason::client_closed:
      return "client closed";
    case end_reason::line_lost:
      return "line lost";
    case end_reason::ping_timeout:
      return "ping timeout";
    case end_reason::protocol_error:
      return "protocol error";
    case end_reason::too_big:
      return "message too big";
    case end_reason::slow_reader:
      return "slow reader";
    case end_reason::too_many_events:
      return "too many events";
    case end_reason::too_many_bytes:
      return "too many bytes";
    case end_reason::not_connected:
      return "no namespace in time";
    case end_reason::server_closed:
      return "server closed";
    case end_reason::server_stops:
      return "server stops";
    case end_reason::moved:
      return "moved";
  }
  return "unknown";
}

figures::figures(telemetry::metrics* to) {
  if (!to) {
    own_ = std::make_unique<telemetry::metrics>();
    to = own_.get();
  }
  for (std::size_t i = 0; i < 2; ++i) {
    opened_[i] = &to->count("oficio_realtime_sessions_total", "Sessions that were opened",
                            {{"transport", i == 1 ? "websocket" : "polling"}});
    recovered_[i] = &to->count("oficio_realtime_recoveries_total",
                               "Clients that came back and asked for what they missed",
                               {{"outcome", i == 1 ? "recovered" : "too_late"}});
  }
  for (std::size_t i = 0; i < end_reasons; ++i) {
    ended_[i] = &to->count("oficio_realtime_sessions_ended_total", "Sessions that ended",
                           {{"reason", std::string(to_string(static_cast<end_reason>(i)))}});
  }
  upgraded_ = &to->count("oficio_realtime_upgrades_total", "Sessions that went on as WebSockets");
  refused_ = &to->count("oficio_realtime_refused_total", "Handshakes that were refused");
  packets_in_ = &to->count("oficio_realtime_packets_in_total", "Packets that came in");
  bytes_in_ = &to->count("oficio_realtime_bytes_in_total", "Bytes of packets that came in");
  packets_out_ = &to->count("oficio_realtime_packets_out_total", "Packets that went out");
  bytes_out_ = &to->count("oficio_realtime_bytes_out_total", "Bytes of packets that went out");
  events_ = &to->count("oficio_realtime_events_total", "Events that clients sent");
  ack_timeouts_ = &to->count("oficio_realtime_unanswered_total",
                             "Events whose acknowledgement did not come in time");
}

}  // namespace oficio::realtime
