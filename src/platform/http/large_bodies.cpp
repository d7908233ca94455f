#include "platform/http/large_bodies.hpp"

#include <algorithm>

#include "platform/http/problem.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::http::detail {
namespace {

constexpr std::chrono::milliseconds first_pause{10};
constexpr std::chrono::milliseconds longest_pause{160};

response no_room(const context& ctx) {
  error e{errc::unavailable,
          "too_busy",
          "Too many large files are being sent just now.",
          {},
          std::chrono::seconds(2)};
  return problem(e, ctx);
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

}  // namespace

std::size_t allowed_body(const server_options& o, const request& r) {
  for (const auto& large : o.large_bodies) {
    if (r.method == large.method && path_of(r.target) == large.path) {
      return std::max(large.max_bytes, o.max_body_bytes);
    }
  }
  return o.max_body_bytes;
}

awaitable<std::optional<response>> admit(server_core& core, exchange& x,
                                         std::optional<std::uint64_t> size) {
  auto allowed = allowed_body(core.options, x.request);
  if (size && *size > allowed) co_return body_too_large(allowed, x.request.ctx);
  auto most = size ? static_cast<std::size_t>(*size) : allowed;
  if (most <= core.options.max_body_bytes) co_return std::nullopt;
  auto until = std::chrono::steady_clock::now() + core.options.large_body_wait;
  for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    x.room = core.room.take(most, x.request.remote_address);
    if (x.room) break;
    if (core.closing || std::chrono::steady_clock::now() >= until) co_return no_room(x.request.ctx);
    co_await runtime::sleep_for(pause);
  }
  co_return std::nullopt;
}

void admit(server_core& core, exchange& x, response& r) {
  if (r.body.size() <= core.options.max_body_bytes) return;
  x.room.reset();  // the request's body was answered
  x.room = core.room.take(r.body.size(), x.request.remote_address);
  if (!x.room) r = no_room(x.request.ctx);
}

response body_too_large(std::size_t allowed, const context& ctx) {
  return problem(error{errc::too_large, "body_too_large",
                       "The body must have at most " + std::to_string(allowed) + " bytes."},
                 ctx);
}

}  // namespace oficio::http::detail
