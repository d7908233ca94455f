#include "platform/http/upstream.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>

#include <boost/asio/error.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "platform/http/body_stream.hpp"
#include "platform/http/pool.hpp"
#include "platform/http/tls.hpp"
#include "platform/http/wire.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::http {

using detail::call_outcome;
using detail::connection_pool;

namespace {

using pools = std::vector<std::shared_ptr<connection_pool>>;

std::shared_ptr<connection_pool> parse_one(boost::asio::io_context& io, std::string_view text,
                                           const client_options& options) {
  auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  bool secure = parsed && parsed->scheme() == "https";
  if (!parsed || (!secure && parsed->scheme() != "http") || parsed->host().empty() ||
      (!parsed->encoded_path().empty() && parsed->encoded_path() != "/") || parsed->has_query() ||
      parsed->has_userinfo()) {
    throw std::invalid_argument("\"" + std::string(text) + "\" is not http://host:port");
  }
  std::string port = secure ? "443" : "80";
  if (parsed->has_port()) port = std::string(parsed->port());
  detail::peer to{parsed->host_address(), port, nullptr};
  if (secure) to.tls = make_client_tls(options.trust);
  return std::make_shared<connection_pool>(io, std::move(to), options);
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

error given_up(steady_time next_try) {
  auto wait = std::chrono::ceil<std::chrono::seconds>(next_try - std::chrono::steady_clock::now());
  return {errc::unavailable,
          "circuit_open",
          "The service failed too often just now; it is given a pause.",
          {},
          std::max(wait, std::chrono::seconds(1))};
}

error broken_answer(const call_outcome& out) {
  if (out.timed_out) return late();
  return {errc::bad_upstream, "bad_upstream",
          "The service's answer was broken off (" + out.failure.message() + ")."};
}

// A call with little time left says nothing about whom it is made to.
constexpr std::chrono::milliseconds fair_patience{1'000};

// A body that holds its connection, which ends with it.
class leased_stream final : public body_stream {
 public:
  explicit leased_stream(connection_pool::lease held) : held_(std::move(held)) {}
  awaitable<result<std::string>> next(steady_time until) override {
    return held_->read_piece(until);
  }

 private:
  connection_pool::lease held_;
};

class http_upstream final : public upstream {
 public:
  http_upstream(boost::asio::io_context& io, std::string address, client_options options)
      : address_(std::move(address)),
        options_(std::move(options)),
        pools_(parse_list(io, address_, options_)) {
    if (options_.metrics) told_ = options_.metrics->on_read([this](auto& to) { tell(to); });
  }

  awaitable<result<response>> send(request& r) override {
    return ask_in_turn(r, &http_upstream::try_one);
  }

  awaitable<result<response>> follow(request& r) override {
    return ask_in_turn(r, &http_upstream::try_following);
  }

  std::string address() const override { return address_; }

 private:
  struct attempt {
    result<response> answer;
    bool may_go_on = false;  // another address may be asked
  };
  using trying = awaitable<attempt> (http_upstream::*)(connection_pool::permit, connection_pool&,
                                                       const request&);

  awaitable<result<response>> ask_in_turn(request& r, trying how) {
    {
      std::lock_guard lock(guard_);
      budget_.called();
    }
    error last = unreachable();
    steady_time next_try = steady_time::max();
    bool tried = false;
    for (auto& pool : in_turn()) {
      if (r.ctx.expired()) co_return late();
      auto permit = pool->let_through();
      if (!permit) {
        next_try = std::min(next_try, pool->now().next_try);
        continue;
      }
      tried = true;
      auto done = co_await (this->*how)(std::move(*permit), *pool, r);
      if (done.answer.has_value() || !done.may_go_on) co_return std::move(done.answer);
      last = std::move(done.answer).error();
    }
    if (r.ctx.expired()) co_return late();
    co_return tried ? last : given_up(next_try);
  }

  // Every address once; those that failed just now come last.
  pools in_turn() const {
    if (pools_.size() == 1) return pools_;
    auto first = next_.fetch_add(1, std::memory_order_relaxed);
    pools all;
    pools last;
    for (std::size_t i = 0; i < pools_.size(); ++i) {
      const auto& pool = pools_[(first + i) % pools_.size()];
      (pool->now().failed_lately ? last : all).push_back(pool);
    }
    all.insert(all.end(), last.begin(), last.end());
    return all;
  }

  awaitable<attempt> try_one(connection_pool::permit permit, connection_pool& pool,
                             const request& r) {
    auto leased = co_await pool.acquire(r.ctx);
    if (leased.has_error()) co_return attempt{std::move(leased).error(), false};
    auto lease = std::move(*leased);
    if (!lease->used && co_await connect(lease, r.ctx)) {
      judge(permit, r.ctx.expired());
      co_return attempt{unreachable(), true};  // nothing was sent
    }
    bool fair = r.ctx.remaining() >= fair_patience;
    auto out = co_await call(lease, pool, r);
    if (!out.failure) {
      permit.succeeded();
      if (out.reusable) lease.give_back();
      co_return attempt{std::move(out.answer), false};
    }
    judge(permit, out.timed_out && !fair);
    if (out.unreachable) co_return attempt{unreachable(), true};
    bool harmless = is_idempotent(r.method) && !out.answer_begun && !out.timed_out;
    co_return attempt{broken_answer(out), harmless && pools_.size() > 1 && may_retry()};
  }

  // On a connection that is its own from the start: a kept one that is stale would only be noticed
  // by what does not come.
  awaitable<attempt> try_following(connection_pool::permit permit, connection_pool& pool,
                                   const request& r) {
    auto leased = co_await pool.acquire(r.ctx);
    if (leased.has_error()) co_return attempt{std::move(leased).error(), false};
    auto lease = std::move(*leased);
    if (lease->used) lease.renew();
    if (co_await connect(lease, r.ctx)) {
      judge(permit, r.ctx.expired());
      co_return attempt{unreachable(), true};
    }
    bool fair = r.ctx.remaining() >= fair_patience;
    auto out = co_await lease->begin(request_head(r, pool), r.body, r.method, r.ctx.deadline);
    if (out.failure) {
      judge(permit, out.timed_out && !fair);
      co_return attempt{broken_answer(out), is_idempotent(r.method) && !out.timed_out};
    }
    permit.succeeded();
    if (out.answer.status == 200) {
      out.answer.stream = std::make_shared<leased_stream>(std::move(lease));
    } else if (out.reusable) {
      lease.give_back();
    }
    co_return attempt{std::move(out.answer), false};
  }

  // A failure counts against the address, unless our own hurry was the cause.
  static void judge(connection_pool::permit& permit, bool hurried) {
    if (!hurried) permit.failed();
  }

  bool may_retry() {
    std::lock_guard lock(guard_);
    return budget_.may_retry();
  }

  awaitable<boost::system::error_code> connect(connection_pool::lease& lease, const context& ctx) {
    auto deadline =
        std::min(ctx.deadline, std::chrono::steady_clock::now() + options_.connect_timeout);
    co_return co_await lease->connect(deadline);
  }

  // A kept connection may turn out stale. There are at most as many as the pool keeps, so trying
  // again on a fresh one costs no budget.
  awaitable<call_outcome> call(connection_pool::lease& lease, connection_pool& pool,
                               const request& r) {
    auto out = co_await lease->call(request_head(r, pool), r.body, r.method, r.ctx.deadline);
    bool stale = out.failure && lease->used && !out.answer_begun && !out.timed_out;
    if (!stale || !is_idempotent(r.method)) co_return out;
    lease.renew();
    call_outcome again;
    again.failure = co_await connect(lease, r.ctx);
    if (again.failure) {
      again.timed_out = again.failure == boost::asio::error::timed_out;
      again.unreachable = true;
      co_return again;
    }
    co_return co_await lease->call(request_head(r, pool), r.body, r.method, r.ctx.deadline);
  }

  void tell(telemetry::reading& to) const {
    constexpr auto connections = "oficio_upstream_connections";
    for (const auto& pool : pools_) {
      auto h = pool->now();
      std::string at = pool->host() + ":" + pool->port();
      to.level(connections, "Connections to an upstream address",
               {{"address", at}, {"state", "idle"}}, static_cast<double>(h.idle));
      to.level(connections, "", {{"address", at}, {"state", "used"}},
               static_cast<double>(h.open - h.idle));
      to.level("oficio_upstream_waiting", "Calls that wait for a connection", {{"address", at}},
               static_cast<double>(h.waiting));
      to.level("oficio_upstream_circuit", "0: closed, 1: open, 2: half open", {{"address", at}},
               static_cast<double>(h.circuit));
    }
  }

  std::string address_;
  client_options options_;
  pools pools_;
  mutable std::atomic<std::size_t> next_{0};
  std::mutex guard_;
  detail::retry_budget budget_;  // under guard_
  telemetry::metrics::handle told_;
};

class local_upstream final : public upstream {
 public:
  local_upstream(const router& routes, std::string name)
      : routes_(routes), name_(std::move(name)) {}

  awaitable<result<response>> send(request& r) override {
    // A copy, as a socket would make it: what the service does to it must not reach the caller. Not
    // of the body, which may be large.
    std::string body = std::move(r.body);
    request own = r;
    own.body = std::move(body);
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

  awaitable<result<response>> follow(request& r) override { return send(r); }

  std::string address() const override { return "local:" + name_; }

 private:
  const router& routes_;
  std::string name_;
};

}  // namespace

std::unique_ptr<upstream> make_http_upstream(boost::asio::io_context& io, std::string address,
                                             client_options options) {
  return std::make_unique<http_upstream>(io, std::move(address), std::move(options));
}

std::unique_ptr<upstream> make_local_upstream(const router& routes, std::string name) {
  return std::make_unique<local_upstream>(routes, std::move(name));
}

}  // namespace oficio::http
