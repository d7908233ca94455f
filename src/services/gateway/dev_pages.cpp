#include "services/gateway/dev_pages.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/describe.hpp>

#include "platform/http/address.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"

namespace oficio::gateway {
namespace {

struct clock_move {
  std::string advance;
};
BOOST_DESCRIBE_STRUCT(clock_move, (), (advance))

struct clock_shown {
  time_point now;
};
BOOST_DESCRIBE_STRUCT(clock_shown, (), (now))

bool names_this_machine(std::string_view host) {
  auto name =
      host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
  return http::equal_ignoring_case(name, "localhost") || name.ends_with(".localhost") ||
         http::is_loopback(name);
}

error hidden() {
  return {errc::not_found, "no_such_route", "There is nothing at this path."};
}

awaitable<result<http::response>> show_mail(forwarder& to, http::request& r) {
  if (!is_from_this_machine(r)) co_return hidden();
  co_return co_await to.forward_plain(r, "notifications", r.target);
}

// Ours first: what we say of who asks is then good for those who are behind for a moment.
awaitable<result<http::response>> move_clock(wall_clock& clock, forwarder& to, http::request& r) {
  if (!is_from_this_machine(r)) co_return hidden();
  CO_TRY(auto wanted, http::read_body<clock_move>(r));
  auto by = parse_duration(wanted.advance);
  if (!by) {
    co_return invalid({{"/advance", "duration", "must be a duration such as 73h, 30m or 500ms"}});
  }
  clock.advance(*by);
  for (const auto& [service, instance] : to.services().clocks) {
    http::request step;
    step.method = http::method::post;
    step.target = "/internal/clock";
    step.headers.set("Content-Type", "application/json");
    step.body = "{\"advance_ms\":" + std::to_string(by->count()) + "}";
    CO_TRY(auto moved, co_await to.ask_instance(r.ctx, service, *instance, std::move(step)));
    if (moved.status != 204) co_return moved;
  }
  co_return http::json_response(200, clock_shown{clock.now()});
}

}  // namespace

bool is_from_this_machine(const http::request& r) {
  constexpr std::array<std::string_view, 6> traces{
      "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"};
  return http::is_loopback(r.remote_address) && names_this_machine(r.headers.get("Host")) &&
         std::ranges::none_of(traces, [&](auto name) { return r.headers.has(name); });
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  constexpr std::int64_t ten_years = 3'652LL * 86'400'000;
  std::uint32_t count = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure != std::errc{}) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, milliseconds] : units) {
    if (unit != name) continue;
    auto total = std::int64_t{count} * milliseconds;
    if (total <= ten_years) return std::chrono::milliseconds(total);
  }
  return std::nullopt;
}

void add_dev_pages(http::router& routes, forwarder& to, wall_clock* movable_clock) {
  for (auto path : {"/dev/mail", "/dev/mail/{id}"}) {
    routes.get(path, [&to](http::request& r) { return show_mail(to, r); });
  }
  if (!movable_clock) return;
  routes.post("/dev/clock",
              [movable_clock, &to](http::request& r) { return move_clock(*movable_clock, to, r); });
}

}  // namespace oficio::gateway
