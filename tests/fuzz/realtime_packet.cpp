// Packets of Engine.IO and Socket.IO: whatever is read stands in the text, and is read the same
// when it is written again; what the scanner calls an array, a JSON parser does, too.
#include <boost/json/parse.hpp>

#include "fuzz/must.hpp"
#include "platform/realtime/base64.hpp"
#include "platform/realtime/json_scan.hpp"
#include "platform/realtime/packet.hpp"
#include "platform/realtime/payload.hpp"

using namespace oficio::realtime;

namespace {

bool within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void scan(std::string_view text) {
  scanned found;
  bool is_array = scan_array(text, found);
  boost::system::error_code failure;
  boost::json::parse_options deep;
  deep.max_depth = 101;
  auto parsed = boost::json::parse({text.data(), text.size()}, failure, {}, deep);
  if (!is_array) return;
  // The scanner leaves UTF-8 and the halves of surrogate pairs to others, and numbers of any size.
  if (failure) return;
  must(parsed.is_array());
  must(parsed.get_array().size() == found.elements.size());
  for (auto e : found.elements) {
    must(within(e.of(text), text));
    placeholder_of(e.of(text));
  }
}

void read_socket_io(std::string_view text) {
  packet p;
  if (!read_packet(text, 10, p)) return;
  must(within(p.data, text) && p.attachments <= 10);
  must(p.space.starts_with('/') && p.space.find(',') == std::string_view::npos);
  bool is_event = p.kind == kind::event || p.kind == kind::binary_event;
  std::string room;
  if (is_event) event_name(p, room);
  auto again = packet_head(p.kind, p.attachments, p.space, p.id) + std::string(p.data);
  packet q;
  must(read_packet(std::string_view(again).substr(1), 10, q));
  must(q.kind == p.kind && q.attachments == p.attachments && q.space == p.space && q.id == p.id &&
       q.data == p.data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  scan(bytes);
  read_socket_io(bytes);
  std::string again;
  bool whole = read_payload(bytes, [&](const engine_packet& p) {
    auto f = p.binary ? frame::binary(p.data)
                      : frame::text({std::string(1, static_cast<char>(p.type)), p.data});
    append_to_payload(again, *f);
    return true;
  });
  if (whole) must(read_payload(again, [](const engine_packet&) { return true; }));
  if (auto decoded = from_base64(bytes)) {
    std::string coded;
    append_base64(coded, *decoded);
    must(from_base64(coded) == decoded);
  }
  return 0;
}
