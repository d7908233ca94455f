// An event as it comes from a bus: refused, or the same after being written and read once more.
#include "fuzz/must.hpp"
#include "platform/events/envelope.hpp"
#include "platform/json/json.hpp"

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
  must(same.has_value() && json::to_text(json::value(events::to_json(*same))) == text);
  return 0;
}
