#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/realtime/json_scan.hpp"

// Socket.IO 5's packets. Pure.
namespace oficio::realtime {

enum class kind : char {
  connect = '0',
  disconnect = '1',
  event = '2',
  ack = '3',
  connect_error = '4',
  binary_event = '5',
  binary_ack = '6'
};

struct packet {
  realtime::kind kind = kind::event;
  std::uint32_t attachments = 0;
  std::string_view space = "/";     // the namespace
  std::optional<std::uint64_t> id;  // of the acknowledgement
  std::string_view data;            // JSON, or nothing
  scanned items;                    // of events and acknowledgements
};

// Reads the text of a packet (without Engine.IO's type), whose views stay in `text`. False if it is
// malformed in any way: unknown type, attachments without or beyond number, JSON that is none or
// not of the form that this kind of packet has, an event without or with a reserved name.
bool read_packet(std::string_view text, std::uint32_t max_attachments, packet& out);

// The name of an event, whose first item it is. Numbers are names, too. `room` holds it where it is
// written with escapes.
std::string_view event_name(const packet& of, std::string& room);

// What stands before the data, with Engine.IO's type: "42/talk,17".
std::string packet_head(kind k, std::size_t attachments, std::string_view space,
                        std::optional<std::uint64_t> id);

}  // namespace oficio::realtime
