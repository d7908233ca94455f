#pragma once

#include <optional>
#include <string>

#include <amqp.h>

#include "platform/base/time.hpp"
#include "platform/events/bus.hpp"

// What travels: an event's JSON as body, and what is known of its attempts in headers.
namespace oficio::rabbitmq {

// Larger bodies are neither sent nor read. No event comes near it: a document is smaller.
inline constexpr std::size_t largest_body = 16U << 20U;

struct message {
  std::string body;
  std::string id;    // the event's
  std::string type;  // the event's
  std::string correlation;
  int attempts = 0;  // that failed so far
  std::string reason;
  std::optional<time_point> died_at;
};

message to_message(const events::envelope& e);
// Errors: bad_request `malformed_event` or `malformed_json`.
result<events::envelope> to_event(const message& m);

// What a dead-letter queue holds, as the port tells it. A body that is no event has an id made from
// its bytes and the type "malformed".
events::dead_letter to_letter(const message& m, const std::string& queue);
std::string id_in(const message& m);

// The known properties and headers; whatever else somebody put there is ignored. A message that the
// server itself laid into a dead-letter queue has its reason and time from `x-death`.
void read_properties(const amqp_basic_properties_t& from, message& to);

}  // namespace oficio::rabbitmq
