#include "services/gateway/health.hpp"

#include "platform/http/problem.hpp"
#include "platform/json/json.hpp"

namespace oficio::gateway {
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

}  // namespace

awaitable<result<http::response>> alive() {
  co_return http::json_response(200, std::string(R"({"status":"ok"})"));
}

awaitable<result<http::response>> ready(context ctx, const upstreams& to) {
  json::object services;
  bool all_ready = true;
  for (const auto& [name, upstream] : to.by_service) {
    http::request r;
    r.target = "/readyz";
    r.ctx = ctx;
    r.ctx.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience);
    auto answer = co_await upstream->send(r);
    all_ready = all_ready && answer.has_value() && answer->status == 200;
    services[name] = readiness_of(answer);
  }
  json::object body{{"status", all_ready ? "ok" : "unavailable"},
                    {"services", std::move(services)}};
  co_return http::json_response(all_ready ? 200 : 503, json::to_text(json::value(std::move(body))));
}

}  // namespace oficio::gateway
