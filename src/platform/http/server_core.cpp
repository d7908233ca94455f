#include "platform/http/server_core.hpp"

#include "platform/http/connection.hpp"

namespace oficio::http::detail {

server_core::server_core(boost::asio::io_context& i, server_options o, const router& r,
                         telemetry::logger l)
    : io(i),
      options(std::move(o)),
      routes(r),
      log(std::move(l)),
      metrics(options.metrics),
      room(options.max_large_bytes),
      lines(io) {}

// A proxy that we trust stands for many clients.
bool server_core::is_limited(const std::string& address) const {
  return options.max_connections_per_client > 0 && !options.trusted_proxies.contains(address);
}

bool server_core::may_open(const std::string& address) {
  metrics.accepted();
  if (!is_limited(address)) return true;
  std::lock_guard lock(guard_);
  auto& count = per_client_[client_network(address)];
  if (count >= options.max_connections_per_client) {
    metrics.turned_away();
    return false;
  }
  ++count;
  return true;
}

void server_core::opened(const std::shared_ptr<connection>& c) {
  std::lock_guard lock(guard_);
  open_.emplace(c.get(), c);
}

void server_core::closed(const connection& c, const std::string& address) {
  {
    std::lock_guard lock(guard_);
    open_.erase(&c);
    if (is_limited(address)) {
      auto found = per_client_.find(client_network(address));
      if (found != per_client_.end() && --found->second == 0) per_client_.erase(found);
    }
  }
  slot_freed.notify();
}

void server_core::replaced(const connection& old, const std::shared_ptr<connection>& next) {
  std::lock_guard lock(guard_);
  open_.erase(&old);
  open_.emplace(next.get(), next);
}

std::size_t server_core::connections() const {
  std::lock_guard lock(guard_);
  return open_.size();
}

bool server_core::close_an_idle_one() {
  // Who has just been answered will likely ask again.
  constexpr std::chrono::seconds long_enough{1};
  for (const auto& c : open_connections()) {
    if (!c->is_idle_for(long_enough)) continue;
    c->close_if_idle();
    return true;
  }
  return false;
}

std::vector<std::shared_ptr<connection>> server_core::open_connections() const {
  std::vector<std::shared_ptr<connection>> all;
  std::lock_guard lock(guard_);
  for (const auto& [key, held] : open_) {
    if (auto c = held.lock()) all.push_back(std::move(c));
  }
  return all;
}

}  // namespace oficio::http::detail
