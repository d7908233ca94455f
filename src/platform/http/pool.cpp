#include "platform/http/pool.hpp"

#include <algorithm>

namespace oficio::http::detail {

connection_pool::lease::lease(std::shared_ptr<connection_pool> from,
                              std::unique_ptr<client_connection> held)
    : from_(std::move(from)), held_(std::move(held)) {}

connection_pool::lease::~lease() {
  if (held_) from_->put(std::move(held_), false);
}

void connection_pool::lease::give_back() {
  from_->put(std::move(held_), true);
}

void connection_pool::lease::renew() {
  held_ = make_client_connection(from_->io_, from_->to_, from_->options_.max_answer_bytes);
}

connection_pool::connection_pool(boost::asio::io_context& io, peer to, client_options o)
    : io_(io), to_(std::move(to)), options_(std::move(o)) {}

awaitable<result<connection_pool::lease>> connection_pool::acquire(const context& ctx) {
  auto waiter = std::make_shared<runtime::notifier>();
  for (;;) {
    if (auto got = take()) {
      forget(waiter);
      co_return lease(shared_from_this(), std::move(got));
    }
    if (ctx.expired()) {
      forget(waiter);
      co_return error{errc::timeout, "deadline_exceeded", "No connection became free in time."};
    }
    {
      std::lock_guard lock(guard_);
      if (waiters_.size() >= options_.max_connections * 16) {
        co_return error{errc::unavailable,
                        "overloaded",
                        "Too many requests wait for this service.",
                        {},
                        std::chrono::seconds(1)};
      }
      if (std::ranges::find(waiters_, waiter) == waiters_.end()) waiters_.push_back(waiter);
    }
    // Between take() and here a connection may have come back: not to be missed, so look again
    // soon.
    co_await waiter->wait(std::min(ctx.remaining(), std::chrono::milliseconds(50)));
  }
}

std::unique_ptr<client_connection> connection_pool::take() {
  std::vector<std::unique_ptr<client_connection>> dropped;  // closed after the lock is gone
  std::lock_guard lock(guard_);
  auto oldest = std::chrono::steady_clock::now() - options_.idle_limit;
  auto fresh = std::ranges::find_if(idle_, [&](const auto& c) { return c->idle_since >= oldest; });
  std::move(idle_.begin(), fresh, std::back_inserter(dropped));
  open_ -= dropped.size();
  idle_.erase(idle_.begin(), fresh);
  while (!idle_.empty()) {
    auto last = std::move(idle_.back());
    idle_.pop_back();
    if (last->is_quiet()) return last;
    dropped.push_back(std::move(last));
    --open_;
  }
  if (open_ >= options_.max_connections) return nullptr;
  ++open_;
  return make_client_connection(io_, to_, options_.max_answer_bytes);
}

void connection_pool::put(std::unique_ptr<client_connection> back, bool keep) {
  std::shared_ptr<runtime::notifier> next;
  {
    std::lock_guard lock(guard_);
    if (keep) {
      back->used = true;
      back->idle_since = std::chrono::steady_clock::now();
      idle_.push_back(std::move(back));
    } else {
      --open_;
    }
    if (!waiters_.empty()) {
      next = std::move(waiters_.front());
      waiters_.pop_front();
    }
  }
  if (next) next->notify();
}

void connection_pool::forget(const std::shared_ptr<runtime::notifier>& waiter) {
  std::lock_guard lock(guard_);
  std::erase(waiters_, waiter);
}

connection_pool::permit::~permit() {
  if (!from_) return;
  std::lock_guard lock(from_->guard_);
  from_->breaker_.cancelled();
}

void connection_pool::permit::succeeded() {
  auto pool = std::move(from_);
  std::lock_guard lock(pool->guard_);
  pool->breaker_.succeeded(std::chrono::steady_clock::now());
}

void connection_pool::permit::failed() {
  auto pool = std::move(from_);
  std::lock_guard lock(pool->guard_);
  pool->breaker_.failed(std::chrono::steady_clock::now());
}

std::optional<connection_pool::permit> connection_pool::let_through() {
  std::lock_guard lock(guard_);
  if (!breaker_.let_through(std::chrono::steady_clock::now())) return std::nullopt;
  return permit(shared_from_this());
}

connection_pool::health connection_pool::now() const {
  std::lock_guard lock(guard_);
  auto time = std::chrono::steady_clock::now();
  return {breaker_.now_in(),   breaker_.failed_within(std::chrono::seconds(1), time),
          breaker_.next_try(), open_,
          idle_.size(),        waiters_.size()};
}

}  // namespace oficio::http::detail
