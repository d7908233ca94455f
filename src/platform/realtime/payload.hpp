#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "platform/realtime/frame.hpp"

// Engine.IO 4: packets, and the payloads of HTTP long-polling. Pure.
namespace oficio::realtime {

enum class packet_type : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6'
};

// A packet that came in; `data` without the type.
struct engine_packet {
  packet_type type = packet_type::message;
  bool binary = false;
  std::string_view data;
};

// Text that begins with a type; false for what is none.
bool read_packet(std::string_view text, engine_packet& out);

// Calls `take` for each packet of a POST's body until it answers false. False as soon as something
// is no packet, or the text is not UTF-8; what stood before it was taken.
bool read_payload(std::string_view body, const std::function<bool(const engine_packet&)>& take);

// Puts one more packet into the answer to a GET.
void append_to_payload(std::string& body, const frame& packet);
// How many bytes that takes.
std::size_t size_in_payload(const frame& packet);

}  // namespace oficio::realtime
