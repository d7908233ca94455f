#include "platform/base/trace.hpp"

#include "platform/base/context.hpp"
#include "platform/base/random.hpp"

namespace oficio {
namespace {

// The first bit of the flags.
bool says_sampled(char last_digit) {
  return std::string_view("13579bdf").find(last_digit) != std::string_view::npos;
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

trace_context trace_context::start() {
  return {random_hex(16), random_hex(8), {}, false};
}

std::optional<trace_context> trace_context::from_header(std::string_view h) {
  // version-traceid-parentid-flags; later versions may append more after another dash.
  if (h.size() < 55 || h[2] != '-' || h[35] != '-' || h[52] != '-') return std::nullopt;
  if (h.size() > 55 && (h.starts_with("00") || h[55] != '-')) return std::nullopt;
  auto trace_id = h.substr(3, 32);
  auto parent = h.substr(36, 16);
  if (!is_hex(h.substr(0, 2)) || h.starts_with("ff") || !is_hex(trace_id) || !is_hex(parent) ||
      !is_hex(h.substr(53, 2)) || all_zero(trace_id) || all_zero(parent)) {
    return std::nullopt;
  }
  return trace_context{std::string(trace_id), random_hex(8), std::string(parent),
                       says_sampled(h[54])};
}

trace_context trace_context::child() const {
  return {trace_id, random_hex(8), span_id, sampled};
}

std::string trace_context::header() const {
  return "00-" + trace_id + "-" + span_id + (sampled ? "-01" : "-00");
}

context context::for_system(std::chrono::milliseconds patience) {
  return {.who = identity::system(),
          .deadline = std::chrono::steady_clock::now() + patience,
          .trace = trace_context::start(),
          .request_id = {}};
}

}  // namespace oficio
