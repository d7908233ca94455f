#include "services/gateway/health.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/http/problem.hpp"
#include "platform/json/json.hpp"
#include "services/gateway/dev_pages.hpp"

namespace oficio::gateway {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds patience{2};

// What one service said, or why it said nothing.
json::object readiness_of(const result<http::response>& answer) {
  if (answer.has_error()) {
    return {{"status", "unreachable"}, {"detail", answer.error().detail}};
  }
  if (auto parsed = json::parse(answer->body); parsed.has_value() && parsed->is_object()) {
    return std::move(parsed->get_object());
  }
  return {{"status", answer->status == 200 ? "ok" : "unavailable"}};
}

// All services are asked at once. Shared with their answers, which may come after we have stopped
// waiting. On the strand of who asks.
struct round {
  explicit round(const asio::any_io_executor& strand) : settled(strand) {}

  asio::steady_timer settled;
  std::size_t open = 0;
  bool all_ready = true;
  json::object services;

  static awaitable<void> ask(std::shared_ptr<round> self, std::string name, http::upstream* of,
                             http::request r) {
    auto answer = co_await of->send(r);
    bool ready = answer.has_value() && answer->status == 200;
    self->all_ready = self->all_ready && ready;
    self->services[name] = readiness_of(answer);
  }

  void answered() {
    if (--open == 0) settled.cancel();
  }
};

json::object silent() {
  return {{"status", "unreachable"}, {"detail", "It did not answer in time."}};
}

}  // namespace

awaitable<result<http::response>> alive() {
  co_return http::json_response(200, std::string(R"({"status":"ok"})"));
}

awaitable<result<http::response>> ready(context ctx, const upstreams& to) {
  auto strand = co_await asio::this_coro::executor;
  auto all = std::make_shared<round>(strand);
  auto until = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience);
  all->settled.expires_at(until);
  all->open = to.by_service.size();
  for (const auto& [name, upstream] : to.by_service) {
    http::request r;
    r.target = "/readyz";
    r.ctx = ctx;
    r.ctx.deadline = until;
    asio::co_spawn(strand, round::ask(all, name, upstream, std::move(r)),
                   [all](std::exception_ptr) { all->answered(); });
  }
  boost::system::error_code ignored;
  if (all->open > 0) {
    co_await all->settled.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  for (const auto& [name, upstream] : to.by_service) {
    if (all->services.contains(name)) continue;
    all->services[name] = silent();
    all->all_ready = false;
  }
  json::object body{{"status", all->all_ready ? "ok" : "unavailable"},
                    {"services", std::move(all->services)}};
  co_return http::json_response(all->all_ready ? 200 : 503,
                                json::to_text(json::value(std::move(body))));
}

awaitable<result<http::response>> figures(const http::request& r, const telemetry::metrics& of) {
  if (!is_from_this_machine(r)) {
    co_return error{errc::not_found, "no_such_route", "There is nothing at this path."};
  }
  http::response out;
  out.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  out.body = of.text();
  co_return out;
}

}  // namespace oficio::gateway
