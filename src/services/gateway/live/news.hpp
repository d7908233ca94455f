#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/events/envelope.hpp"
#include "platform/json/json.hpp"

namespace oficio::gateway {

// What some people's sockets are told.
struct news {
  std::string event;  // "message"
  json::value body;
  std::vector<std::string> accounts;
};

// What an event is to the people whom it concerns; nothing if they are not told of it.
std::optional<news> news_of(const events::envelope& e);

// The sessions that an event has ended.
std::vector<std::string> ended_by(const events::envelope& e);

}  // namespace oficio::gateway
