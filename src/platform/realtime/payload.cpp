#include "platform/realtime/payload.hpp"

#include <algorithm>

#include "platform/http/utf8.hpp"
#include "platform/realtime/base64.hpp"

namespace oficio::realtime {
namespace {

constexpr char separator = '\x1e';

}  // namespace

bool read_packet(std::string_view text, engine_packet& out) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return false;
  out.type = static_cast<packet_type>(text.front());
  out.binary = false;
  out.data = text.substr(1);
  return true;
}

bool read_payload(std::string_view body, const std::function<bool(const engine_packet&)>& take) {
  if (!http::detail::is_utf8(body)) return false;
  for (;;) {
    auto end = std::min(body.find(separator), body.size());
    auto one = body.substr(0, end);
    engine_packet packet;
    std::string bytes;
    if (one.starts_with('b')) {
      auto decoded = from_base64(one.substr(1));
      if (!decoded) return false;
      bytes = std::move(*decoded);
      packet = {packet_type::message, true, bytes};
    } else if (!read_packet(one, packet)) {
      return false;
    }
    if (!take(packet)) return true;
    if (end == body.size()) return true;
    body.remove_prefix(end + 1);
  }
}

void append_to_payload(std::string& body, const frame& packet) {
  if (!body.empty()) body.push_back(separator);
  if (packet.is_binary()) {
    body.push_back('b');
    append_base64(body, packet.packet());
  } else {
    body.append(packet.packet());
  }
}

std::size_t size_in_payload(const frame& packet) {
  auto size = packet.packet().size();
  return 1 + (packet.is_binary() ? 1 + (size + 2) / 3 * 4 : size);
}

}  // namespace oficio::realtime
