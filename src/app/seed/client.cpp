#include "app/seed/client.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "platform/runtime/timing.hpp"

namespace oficio::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds busy_limit{300};
constexpr seconds longest_pause{30};
constexpr seconds soon_limit{5};

http::request make_request(const call& c) {
  http::request r;
  r.method = c.method;
  r.target = (c.path.starts_with("/dev/") ? "" : "/api/v1") + c.path;
  r.headers.set("Accept", "application/json");
  if (!c.token.empty()) r.headers.set("Authorization", "Bearer " + c.token);
  if (!c.idempotency_key.empty()) r.headers.set("Idempotency-Key", c.idempotency_key);
  if (!c.body.is_null()) {
    r.headers.set("Content-Type", "application/json");
    r.body = json::to_text(c.body);
  }
  r.ctx = context::for_system(seconds(20));
  return r;
}

seconds pause_of(const http::response& busy) {
  auto text = busy.headers.get("Retry-After");
  int wait = 1;
  std::from_chars(text.data(), text.data() + text.size(), wait);
  return std::clamp(seconds(wait), seconds(1), longest_pause);
}

error refused(const call& c, const answer& a) {
  return {errc::bad_upstream, "refused",
          std::string(http::to_string(c.method)) + " /api/v1" + c.path + " answered " +
              std::to_string(a.status) + ": " + json::to_text(a.body)};
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

}  // namespace

client::client(boost::asio::io_context& io, std::string url)
    : market_(http::make_http_upstream(io, std::move(url), {})) {}

awaitable<result<answer>> client::ask(call c) {
  seconds waited{0};
  while (true) {
    auto request = make_request(c);
    CO_TRY(auto response, co_await market_->send(request));
    bool busy = response.status == 429 || response.status == 503;
    if (busy && waited < busy_limit) {
      auto pause = pause_of(response);
      waited += pause;
      co_await runtime::sleep_for(pause);
      continue;
    }
    answer out{response.status, nullptr};
    if (!response.body.empty()) {
      CO_TRY(out.body, json::parse(response.body));
    }
    co_return out;
  }
}

awaitable<result<json::value>> client::must(call c) {
  CO_TRY(auto got, co_await ask(c));
  if (!is_success(got.status)) co_return refused(c, got);
  co_return std::move(got.body);
}

awaitable<result<json::value>> client::must_soon(call c) {
  auto until = std::chrono::steady_clock::now() + soon_limit;
  while (true) {
    CO_TRY(auto got, co_await ask(c));
    if (is_success(got.status)) co_return std::move(got.body);
    bool early = got.status == 404 || got.status == 409;
    if (!early || std::chrono::steady_clock::now() >= until) co_return refused(c, got);
    co_await runtime::sleep_for(milliseconds(200));
  }
}

std::string text_of(const json::value& from, std::string_view name) {
  auto* object = from.if_object();
  auto* found = object ? object->if_contains(name) : nullptr;
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

}  // namespace oficio::app
