#include "services/gateway/health.hpp"

#include "platform/json/json.hpp"
#include "services/gateway/dev_pages.hpp"
#include "services/gateway/everyone.hpp"

namespace oficio::gateway {
namespace {

constexpr std::chrono::seconds patience{2};
constexpr std::chrono::milliseconds cache_patience{500};

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

}  // namespace

awaitable<result<http::response>> alive() {
  co_return http::json_response(200, std::string(R"({"status":"ok"})"));
}

awaitable<result<http::response>> ready(context ctx, const upstreams& to, cache::store* cache) {
  auto until = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience);
  http::request question;
  question.target = "/readyz";
  question.ctx = ctx;
  auto answers =
      co_await ask_everyone(to, [question](const std::string&) { return question; }, until);
  json::object services;
  bool all_ready = true;
  bool all_well = true;
  for (const auto& [service, answer] : answers) {
    all_ready = all_ready && answer.has_value() && answer->status == 200;
    auto said = readiness_of(answer);
    auto* status = said.if_contains("status");
    all_well = all_well && status && *status == "ok";
    services[service] = std::move(said);
  }
  json::object body;
  if (cache) {
    ctx.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + cache_patience);
    auto there = co_await cache->ping(ctx);
    all_well = all_well && there.has_value();
    body["checks"] = json::object{{"cache", there.has_value() ? "ok" : there.error().detail}};
  }
  body["status"] = !all_ready ? "unavailable" : all_well ? "ok" : "degraded";
  body["services"] = std::move(services);
  co_return http::json_response(all_ready ? 200 : 503, json::to_text(json::value(std::move(body))));
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
