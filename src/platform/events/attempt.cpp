#include "platform/events/attempt.hpp"

#include "platform/telemetry/thrown.hpp"

namespace oficio::events {
namespace {

constexpr std::size_t longest_reason = 1'000;

bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

awaitable<result<bool>> bus::lead(const context&, std::string, std::function<void()>) {
  co_return true;
}

void bus::poke(const std::string&) {}

awaitable<result<void>> attempt(handler h, std::shared_ptr<const envelope> e) {
  auto ctx = context::for_system(std::chrono::seconds(30));
  ctx.request_id = e->id;
  if (auto trace = trace_context::from_header(e->traceparent)) ctx.trace = *trace;
  try {
    co_return co_await h(*e, ctx);
  } catch (const std::exception& thrown) {
    co_return error{errc::internal, "exception", thrown.what()};
  } catch (...) {
    co_return error{errc::internal, "exception", "An exception of unknown type."};
  }
}

std::string reason_of(const error& e) {
  // Where it was thrown is for the errors that are recorded.
  std::string reason = e.code + ": " + telemetry::untold(e.detail).message;
  if (reason.size() <= longest_reason) return reason;
  std::size_t end = longest_reason;
  while (end > 0 && continues_a_character(reason[end])) --end;
  reason.resize(end);
  return reason;
}

void log_failure(const telemetry::logger& log, const std::string& queue, const envelope& e,
                 int attempts, const std::string& reason, bool again) {
  std::vector<telemetry::field> fields = {{"oficio.queue", queue},
                                          {"event.id", e.id},
                                          {"event.action", e.type},
                                          {"oficio.attempts", attempts},
                                          {"error.message", reason}};
  if (again) {
    log.warn("An event could not be handled and will come again.", std::move(fields));
  } else {
    log.error("An event could not be handled; it rests as a dead letter.", std::move(fields));
  }
}

}  // namespace oficio::events
