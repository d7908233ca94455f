#include "services/gateway/intake/door.hpp"

#include <algorithm>
#include <array>

#include "services/gateway/intake/records.hpp"
#include "services/gateway/intake/unpacking.hpp"

namespace oficio::gateway::intake {
namespace {

// What a page that is left can send at all is text/plain.
result<void> check_type(const http::request& r) {
  constexpr std::array<std::string_view, 3> known{"application/x-ndjson", "application/ndjson",
                                                  "text/plain"};
  auto type = r.headers.get("Content-Type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  bool fits =
      std::ranges::any_of(known, [&](auto name) { return http::equal_ignoring_case(name, type); });
  if (fits) return {};
  return error{errc::unsupported, "unsupported_media_type",
               "The events must be lines of JSON, with the header Content-Type: "
               "application/x-ndjson."};
}

result<batch> unpack_and_read(std::string body, const std::string& encoding) {
  TRY(auto text, unpack(std::move(body), encoding, door::most_bytes));
  return read_lines(text);
}

}  // namespace

door::door(const hosting::environment& env, limits& bounds, telemetry::intake* to,
           std::string environment)
    : app_(env.app), limits_(bounds), to_(to), environment_(std::move(environment)) {
  if (!env.metrics) return;
  auto counter = [&](const char* outcome) {
    return &env.metrics->count("oficio_browser_events_total",
                               "What browsers told of themselves, by what became of it",
                               {{"outcome", outcome}});
  };
  taken_ = counter("taken");
  refused_ = counter("refused");
  dropped_ = counter("dropped");
}

void door::add_to(http::router& routes) {
  routes.post("/intake/v2/rum/events", [this](http::request& r) { return take(r); });
}

awaitable<result<http::response>> door::take(http::request& r) {
  CO_TRY_VOID(limits_.take_for_intake(r));
  CO_TRY_VOID(check_type(r));
  CO_TRY(auto events, co_await read(r));
  constexpr double events_for_a_request = 10;
  limits_.charge_for_intake(r, static_cast<double>(events.events.size()) / events_for_a_request);
  offer(documents_of(events,
                     {clock_.now(), r.remote_address, std::string(r.headers.get("User-Agent"))}));
  http::response out;
  out.status = 202;
  co_return out;
}

awaitable<result<batch>> door::read(http::request& r) const {
  std::string encoding(r.headers.get("Content-Encoding"));
  if (encoding.empty() && r.body.size() <= in_line) {
    co_return unpack_and_read(std::move(r.body), encoding);
  }
  auto body = std::make_shared<std::string>(std::move(r.body));
  co_return co_await app_.blocking().run(
      r.ctx, [body, encoding] { return unpack_and_read(std::move(*body), encoding); });
}

void door::offer(documents made) const {
  std::uint64_t dropped = 0;
  auto all = made.items.size();
  for (auto& one : made.items) {
    if (to_ && !to_->offer(record_of(std::move(one), environment_))) ++dropped;
  }
  if (!taken_) return;
  taken_->add(all - dropped);
  refused_->add(made.refused);
  dropped_->add(dropped);
}

}  // namespace oficio::gateway::intake
