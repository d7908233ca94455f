#include "services/gateway/health.hpp"

#include "platform/json/json.hpp"
#include "platform/telemetry/thrown.hpp"
#include "services/gateway/dev_pages.hpp"
#include "services/gateway/everyone.hpp"

namespace oficio::gateway {
namespace {

constexpr std::chrono::seconds patience{2};
constexpr std::chrono::milliseconds cache_patience{500};

std::string status_in(const result<http::response>& answer) {
  if (answer.has_error()) return "unreachable";
  return answer->status == 200 ? "ok" : "unavailable";
}

// What one service said, or why it said nothing.
json::object readiness_of(const result<http::response>& answer, bool with_reasons) {
  json::object brief{{"status", status_in(answer)}};
  if (!with_reasons) return brief;
  if (answer.has_error()) {
    brief["detail"] = answer.error().detail;
    return brief;
  }
  auto parsed = json::parse(answer->body);
  bool is_object = parsed.has_value() && parsed->is_object();
  return is_object ? std::move(parsed->get_object()) : brief;
}

awaitable<std::map<std::string, result<http::response>>> ask_ready(const context& ctx,
                                                                   const upstreams& to) {
  auto until = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience);
  http::request question;
  question.target = "/readyz";
  question.ctx = ctx;
  co_return co_await ask_everyone(to, [question](const std::string&) { return question; }, until);
}

awaitable<json::object> state_of(cache::store& shared, context ctx, bool with_reasons) {
  ctx.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + cache_patience);
  auto there = co_await shared.ping(ctx);
  json::object out{{"state", there.has_value() ? "ok" : "degraded"}};
  if (there.has_error() && with_reasons) {
    out["reason"] = telemetry::untold(there.error().detail).message;
  }
  co_return out;
}

}  // namespace

awaitable<result<http::response>> alive() {
  co_return http::json_response(200, std::string(R"({"status":"ok"})"));
}

awaitable<result<http::response>> ready(const http::request& r, const upstreams& to,
                                        cache::store* shared, bool follows_news) {
  bool with_reasons = is_from_this_machine(r);
  auto ctx = r.ctx;
  auto answers = co_await ask_ready(ctx, to);
  json::object services;
  bool all_ready = true;
  for (const auto& [service, answer] : answers) {
    all_ready = all_ready && answer.has_value() && answer->status == 200;
    services[service] = readiness_of(answer, with_reasons);
  }
  json::object body{{"status", all_ready ? "ok" : "unavailable"},
                    {"services", std::move(services)}};
  json::object checks{{"live", json::object{{"state", follows_news ? "ok" : "degraded"}}}};
  if (shared) checks["cache"] = co_await state_of(*shared, ctx, with_reasons);
  body["checks"] = std::move(checks);
  co_return http::json_response(all_ready ? 200 : 503, json::to_text(json::value(std::move(body))));
}

awaitable<std::map<std::string, std::string>> states_of(const context& ctx, const upstreams& to) {
  auto answers = co_await ask_ready(ctx, to);
  std::map<std::string, std::string> out;
  for (const auto& [service, answer] : answers) out[service] = status_in(answer);
  co_return out;
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
