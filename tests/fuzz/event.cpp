// An event as it comes from a bus: refused, or the same after being written and read once more.
#include <algorithm>

#include "fuzz/must.hpp"
#include "platform/events/envelope.hpp"
#include "platform/json/json.hpp"

namespace {

// Numbers that are no integers of 64 bits: of many digits they are read to the nearest but one, so
// that they may change each time. No event of ours has such.
bool has_real_number(const boost::json::value& in) {
  if (const auto* list = in.if_array()) return std::ranges::any_of(*list, has_real_number);
  if (const auto* object = in.if_object()) {
    return std::ranges::any_of(*object, [](const auto& m) { return has_real_number(m.value()); });
  }
  return in.is_double();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace oficio;
  auto parsed = json::parse({reinterpret_cast<const char*>(data), size});
  if (parsed.has_error()) return 0;
  auto event = events::from_json(*parsed);
  if (event.has_error()) {
    must(event.error().code == "malformed_event");
    return 0;
  }
  event->version();
  auto text = json::to_text(json::value(events::to_json(*event)));
  auto again = json::parse(text);
  must(again.has_value());
  auto same = events::from_json(*again);
  must(same.has_value());
  must(has_real_number(*parsed) || json::to_text(json::value(events::to_json(*same))) == text);
  return 0;
}
