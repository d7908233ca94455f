// What browsers post: refused, or documents of three streams with a time each, whose texts are
// short enough and have no query of an address in them.
#include <algorithm>

#include "fuzz/must.hpp"
#include "services/gateway/intake/documents.hpp"
#include "services/gateway/intake/scrubbing.hpp"
#include "services/gateway/intake/unpacking.hpp"

namespace oficio::fuzz {

constexpr std::size_t most = 64 * 1024;
// A stack is written out of many texts.
constexpr std::size_t longest_text = 64 * 1024;

std::size_t check(const json::value& v) {
  std::size_t deepest = 0;
  if (auto* text = v.if_string()) {
    must(text->size() <= longest_text);
  } else if (auto* items = v.if_array()) {
    for (const auto& item : *items) deepest = std::max(deepest, check(item));
  } else if (auto* members = v.if_object()) {
    for (const auto& member : *members) {
      must(!member.key().empty() && member.key().size() <= 64);
      must(member.key().find('.') == boost::json::string_view::npos);
      deepest = std::max(deepest, check(member.value()));
    }
  }
  must(deepest < 8);
  return deepest + 1;
}

void read(std::string_view text) {
  using namespace gateway::intake;
  auto lines = read_lines(text);
  if (!lines) {
    must(lines.error().kind == errc::bad_request || lines.error().kind == errc::too_large);
    return;
  }
  must(lines->events.size() <= most_lines);
  sender by{time_point(std::chrono::milliseconds(1'769'851'800'000)), "192.0.2.7", "agent"};
  auto made = documents_of(*lines, by);
  must(made.items.size() + made.refused == lines->events.size());
  for (const auto& one : made.items) {
    auto* at = one.fields.if_contains("@timestamp");
    must(at && at->is_string() && parse_time(at->get_string().c_str()));
    check(one.fields);
  }
}

void run(std::string_view bytes) {
  auto unpacked = gateway::intake::unpack(std::string(bytes), "gzip", most);
  if (unpacked) must(unpacked->size() <= most);
  auto text = gateway::intake::scrubbed(bytes);
  must(text.size() <= gateway::intake::most_bytes);
  must(text.find("token?token=") == std::string::npos);
  if (auto url = gateway::intake::read_address(bytes)) {
    must(url->full.find_first_of("?#") == std::string::npos);
    must(url->domain.find_first_of("@/") == std::string::npos);
  }
  read(bytes);
  if (unpacked) read(*unpacked);
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  oficio::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
