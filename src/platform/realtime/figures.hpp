#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "platform/telemetry/metrics.hpp"

namespace oficio::realtime {

// Why a session ended.
enum class end_reason : std::uint8_t {
  client_closed,   // orderly
  line_lost,       // cut, or reset
  ping_timeout,    // nothing came back
  protocol_error,  // something malformed, or at the wrong time
  too_big,         // a message beyond max_payload
  slow_reader,     // more is waiting for it than may
  too_many_events,
  too_many_bytes,
  not_connected,  // no namespace in time
  server_closed,
  server_stops,
  moved  // its client came back on a new connection
};
inline constexpr std::size_t end_reasons = 12;
std::string_view to_string(end_reason why);

// What the server counts, in `to` or, if there is none, nowhere.
class figures {
 public:
  explicit figures(telemetry::metrics* to);

  telemetry::counter& opened(bool websocket) { return *opened_[websocket ? 1 : 0]; }
  telemetry::counter& ended(end_reason why) { return *ended_[static_cast<std::size_t>(why)]; }
  telemetry::counter& upgraded() { return *upgraded_; }
  telemetry::counter& refused() { return *refused_; }
  telemetry::counter& packets_in() { return *packets_in_; }
  telemetry::counter& bytes_in() { return *bytes_in_; }
  telemetry::counter& packets_out() { return *packets_out_; }
  telemetry::counter& bytes_out() { return *bytes_out_; }
  telemetry::counter& events() { return *events_; }
  telemetry::counter& recovered(bool done) { return *recovered_[done ? 1 : 0]; }
  telemetry::counter& ack_timeouts() { return *ack_timeouts_; }

 private:
  std::unique_ptr<telemetry::metrics> own_;  // if there is no other
  std::array<telemetry::counter*, 2> opened_{};
  std::array<telemetry::counter*, end_reasons> ended_{};
  std::array<telemetry::counter*, 2> recovered_{};
  telemetry::counter* upgraded_;
  telemetry::counter* refused_;
  telemetry::counter* packets_in_;
  telemetry::counter* bytes_in_;
  telemetry::counter* packets_out_;
  telemetry::counter* bytes_out_;
  telemetry::counter* events_;
  telemetry::counter* ack_timeouts_;
};

}  // namespace oficio::realtime
