#include "platform/http/exchange.hpp"

#include <algorithm>
#include <charconv>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/base/uuid.hpp"
#include "platform/http/problem.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::http::detail {

namespace asio = boost::asio;

namespace {

bool is_sane_id(std::string_view id) {
  auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; };
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, is_plain);
}

std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view text) {
  std::uint32_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::milliseconds(value);
}

// The client, as those before us tell: each appends to X-Forwarded-For whom it heard. Read from the
// end, the first that is no proxy of ours is the client; what stands before it anybody may have
// written. Empty if there is nothing that can be believed.
std::string forwarded_for(const headers& h, const networks& proxies) {
  std::string all;
  for (const auto& [name, value] : h) {
    if (equal_ignoring_case(name, "X-Forwarded-For")) all.append(all.empty() ? "" : ",") += value;
  }
  std::string client;
  std::string_view list = all;
  while (!list.empty()) {
    auto comma = list.rfind(',');
    auto one = comma == std::string_view::npos ? list : list.substr(comma + 1);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!is_address(one)) break;
    client = one;
    if (!proxies.contains(one)) break;
  }
  return client;
}

telemetry::level level_of(int status) {
  if (status < 500) return telemetry::level::debug;
  return status == 500 ? telemetry::level::error : telemetry::level::warning;
}

}  // namespace

exchange::exchange(std::shared_ptr<server_core> core, const asio::any_io_executor& strand,
                   std::string peer)
    : core_(std::move(core)), settled_(strand) {
  core_->in_flight.fetch_add(1);
  request.remote_address = std::move(peer);
  request.ctx.request_id = uuid_v7(
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

exchange::~exchange() {
  core_->body_bytes.fetch_sub(held_);
  core_->in_flight.fetch_sub(1);
}

bool exchange::may_hold(std::size_t bytes) {
  auto more = bytes - held_;  // or fewer: unsigned, it comes out right
  held_ = bytes;
  return core_->body_bytes.fetch_add(more) + more <= core_->options.max_bytes_at_once;
}

void exchange::adopt_header() {
  auto& ctx = request.ctx;
  auto patience = core_->options.handler_timeout;
  const auto& h = request.headers;
  // From anybody: a trace may begin in a browser, and whoever invents its id can confuse only their
  // own.
  if (auto trace = trace_context::from_header(h.get("traceparent"))) ctx.trace = *trace;
  if (core_->options.trust_request_id) {
    if (auto id = h.get("X-Request-Id"); is_sane_id(id)) ctx.request_id = id;
    if (auto left = parse_milliseconds(h.get("X-Deadline-Ms")))
      patience = std::min(patience, *left);
  }
  const auto& proxies = core_->options.trusted_proxies;
  if (core_->options.trust_request_id || proxies.contains(request.remote_address)) {
    auto client = forwarded_for(request.headers, proxies);
    if (!client.empty()) request.remote_address = std::move(client);
  }
  if (ctx.trace.trace_id.empty()) ctx.trace = trace_context::start();
  patience_ = patience;
  ctx.deadline = std::chrono::steady_clock::now() + patience;
}

void exchange::is_whole() {
  request.ctx.deadline = std::chrono::steady_clock::now() + patience_;
}

awaitable<void> exchange::handle(std::shared_ptr<exchange> x) {
  x->outcome_ = co_await x->core_->routes.handle(x->request);
}

// Tells the handler if the client closes while it waits for the answer. What it sends meanwhile is
// its next request, behind which nothing is seen.
void exchange::watch(const std::shared_ptr<exchange>& x, asio::ip::tcp::socket& client) {
  client.async_wait(asio::ip::tcp::socket::wait_read, [seen = std::weak_ptr(x),
                                                       &client](boost::system::error_code failure) {
    auto waiting = seen.lock();
    if (failure || !waiting || waiting->done_) return;
    char next = 0;
    auto got = ::recv(client.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    bool gone = got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
    if (gone) waiting->request.when_gone();
  });
}

awaitable<response> answer(std::shared_ptr<exchange> x, asio::ip::tcp::socket& client) {
  asio::co_spawn(
      co_await asio::this_coro::executor, exchange::handle(x), [x](std::exception_ptr thrown) {
        if (thrown) {
          x->outcome_ =
              problem(error{errc::internal, "exception", "the router threw"}, x->request.ctx);
        }
        x->done_ = true;
        x->settled_.cancel();
      });
  if (!x->done_ && x->request.when_gone) exchange::watch(x, client);
  boost::system::error_code ignored;
  while (!x->done_ && !x->request.ctx.expired()) {
    x->settled_.expires_at(x->request.ctx.deadline);
    co_await x->settled_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (x->done_) co_return std::move(x->outcome_);
  co_return problem(error{errc::timeout, "deadline_exceeded",
                          "The answer took longer than the time given to it."},
                    x->request.ctx);
}

void tell(server_core& core, const exchange& x, const response& r) {
  const auto& target = x.request.target;
  auto duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::steady_clock::now() - x.started);
  core.metrics.answered(x.request, x.readable, r.status, duration);
  auto level = level_of(r.status);
  if (!core.log.wants(level)) return;
  std::vector<telemetry::field> fields{
      {"http.request.method", x.readable ? to_string(x.request.method) : std::string_view("-")},
      {"url.path", target.substr(0, target.find('?'))},
      {"http.response.status_code", r.status},
      {"event.duration", duration.count()},
      {"client.ip", x.request.remote_address},
  };
  if (!x.request.route.empty()) fields.emplace_back("http.route", x.request.route);
  if (!r.failure.empty()) {
    auto told = telemetry::untold(r.failure);
    fields.emplace_back("error.message", std::move(told.message));
    if (!told.type.empty()) fields.emplace_back("error.type", std::move(told.type));
    std::string stack;
    for (const auto& f : told.frames) stack.append(stack.empty() ? "" : "\n").append(f);
    if (!stack.empty()) fields.emplace_back("error.stack_trace", std::move(stack));
  }
  core.log.log(level, x.request.ctx, "request", std::move(fields));
}

}  // namespace oficio::http::detail
