#include "platform/http/upstream.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "platform/http/pool.hpp"
#include "platform/http/wire.hpp"

namespace oficio::http {

using detail::call_outcome;
using detail::connection_pool;

namespace {

using pools = std::vector<std::shared_ptr<connection_pool>>;

std::shared_ptr<connection_pool> parse_one(boost::asio::io_context& io, std::string_view text,
                                           const client_options& options) {
  auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty() ||
      (!parsed->encoded_path().empty() && parsed->encoded_path() != "/") || parsed->has_query() ||
      parsed->has_userinfo()) {
    throw std::invalid_argument("\"" + std::string(text) + "\" is not http://host:port");
  }
  std::string port = parsed->has_port() ? std::string(parsed->port()) : "80";
  return std::make_shared<connection_pool>(io, parsed->host_address(), port, options);
}

pools parse_list(boost::asio::io_context& io, std::string_view list,
                 const client_options& options) {
  pools out;
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    auto one = list.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    out.push_back(parse_one(io, one, options));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  if (out.empty()) throw std::invalid_argument("an upstream's address is empty");
  return out;
}

// Fields that we write ourselves.
bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 6> ours{"host",         "content-length", "expect",
                                                 "x-request-id", "traceparent",    "x-deadline-ms"};
  return std::ranges::any_of(ours, [&](auto n) { return equal_ignoring_case(n, name); });
}

std::string request_head(const request& r, const connection_pool& to) {
  std::string head(to_string(r.method));
  head.append(" ").append(r.target).append(" HTTP/1.1\r\n");
  bool is_ipv6 = to.host().find(':') != std::string::npos;
  detail::append_field(head, "Host",
                       (is_ipv6 ? "[" + to.host() + "]" : to.host()) + ":" + to.port());
  for (const auto& [name, value] : r.headers) {
    if (!is_ours(name) && !is_hop_by_hop(name)) detail::append_field(head, name, value);
  }
  bool takes_body =
      r.method == method::post || r.method == method::put || r.method == method::patch;
  if (takes_body || !r.body.empty()) {
    detail::append_field(head, "Content-Length", std::to_string(r.body.size()));
  }
  if (!r.ctx.request_id.empty()) detail::append_field(head, "X-Request-Id", r.ctx.request_id);
  if (!r.ctx.trace.trace_id.empty())
    detail::append_field(head, "traceparent", r.ctx.trace.header());
  detail::append_field(head, "X-Deadline-Ms", std::to_string(r.ctx.remaining().count()));
  return head.append("\r\n");
}

bool is_idempotent(method m) {
  return m != method::post && m != method::patch;
}

error late() {
  return {errc::timeout, "deadline_exceeded", "The service did not answer in time."};
}

error unreachable() {
  return {errc::unavailable,
          "upstream_unavailable",
          "The service cannot be reached just now.",
          {},
          std::chrono::seconds(1)};
}

error broken_answer(const call_outcome& out) {
  if (out.timed_out) return late();
  return {errc::bad_upstream, "bad_upstream",
          "The service's answer was broken off (" + out.failure.message() + ")."};
}

class http_upstream final : public upstream {
 public:
  http_upstream(boost::asio::io_context& io, std::string address, client_options options)
      : address_(std::move(address)),
        options_(options),
        pools_(parse_list(io, address_, options)) {}

  // Every address has one chance to be connected to; what was sent once is not sent elsewhere.
  awaitable<result<response>> send(request& r) override {
    std::size_t first = next_.fetch_add(1, std::memory_order_relaxed);
    bool all_down = std::ranges::all_of(pools_, [](const auto& p) { return p->is_down(); });
    for (std::size_t i = 0; i < pools_.size(); ++i) {
      auto& pool = pools_[(first + i) % pools_.size()];
      if (!all_down && pool->is_down()) continue;
      CO_TRY(auto lease, co_await pool->acquire(r.ctx));
      if (!lease->used && co_await connect(lease, *pool, r.ctx)) continue;
      co_return co_await call(std::move(lease), *pool, r);
    }
    co_return r.ctx.expired() ? late() : unreachable();
  }

  std::string address() const override { return address_; }

 private:
  awaitable<boost::system::error_code> connect(connection_pool::lease& lease, connection_pool& pool,
                                               const context& ctx) {
    auto deadline =
        std::min(ctx.deadline, std::chrono::steady_clock::now() + options_.connect_timeout);
    auto failure = co_await lease->connect(pool.host(), pool.port(), deadline);
    if (failure) pool.mark_down();
    co_return failure;
  }

  awaitable<result<response>> call(connection_pool::lease lease, connection_pool& pool,
                                   const request& r) {
    auto out = co_await lease->call(request_head(r, pool), r.body, r.method, r.ctx.deadline);
    bool stale = out.failure && lease->used && !out.answer_begun && !out.timed_out;
    if (stale && is_idempotent(r.method)) {
      lease.renew();
      if (co_await connect(lease, pool, r.ctx)) {
        co_return r.ctx.expired() ? late() : unreachable();
      }
      out = co_await lease->call(request_head(r, pool), r.body, r.method, r.ctx.deadline);
    }
    if (out.failure) co_return broken_answer(out);
    if (out.reusable) lease.give_back();
    co_return std::move(out.answer);
  }

  std::string address_;
  client_options options_;
  pools pools_;
  std::atomic<std::size_t> next_{0};
};

class local_upstream final : public upstream {
 public:
  local_upstream(const router& routes, std::string name)
      : routes_(routes), name_(std::move(name)) {}

  awaitable<result<response>> send(request& r) override {
    // A copy, as a socket would make it: what the service does to it must not reach the caller.
    request own = r;
    own.params.clear();
    own.route.clear();
    own.ctx.who = {};  // the service learns it from the identity header, as from a socket
    if (!own.ctx.trace.trace_id.empty()) own.ctx.trace = own.ctx.trace.child();
    if (!parse_target(r.target, own)) {
      co_return error{errc::bad_request, "bad_target",
                      "The request's path or query cannot be read."};
    }
    co_return co_await routes_.handle(own);
  }

  std::string address() const override { return "local:" + name_; }

 private:
  const router& routes_;
  std::string name_;
};

}  // namespace

std::unique_ptr<upstream> make_http_upstream(boost::asio::io_context& io, std::string address,
                                             client_options options) {
  return std::make_unique<http_upstream>(io, std::move(address), options);
}

std::unique_ptr<upstream> make_local_upstream(const router& routes, std::string name) {
  return std::make_unique<local_upstream>(routes, std::move(name));
}

}  // namespace oficio::http
