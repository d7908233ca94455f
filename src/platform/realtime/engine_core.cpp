#include "platform/realtime/engine_core.hpp"

#include "platform/http/address.hpp"

namespace oficio::realtime {

engine_core::engine_core(boost::asio::io_context& i, engine_options o, user_maker u)
    : io(i),
      options(std::move(o)),
      make_user(std::move(u)),
      figures(options.metrics),
      pings(io, options.ping_interval),
      pongs(io, options.ping_timeout),
      upgrades(io, options.upgrade_timeout),
      closings(io, options.close_timeout) {}

std::shared_ptr<void> engine_core::place_for(const std::string& address) {
  auto limit = options.max_sessions_per_address;
  if (limit == 0) return std::make_shared<char>();
  auto count = addresses_.of(http::client_network(address));
  if (count->fetch_add(1) >= limit) {
    count->fetch_sub(1);
    return nullptr;
  }
  return {count.get(), [count](void*) { count->fetch_sub(1); }};
}

void engine_core::add(const std::shared_ptr<session>& s) {
  std::lock_guard lock(guard_);
  sessions_.emplace(s->id(), s);
}

void engine_core::remove(const std::string& id) {
  std::shared_ptr<session> gone;  // ends outside the lock
  std::lock_guard lock(guard_);
  auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  gone = std::move(found->second);
  sessions_.erase(found);
}

std::shared_ptr<session> engine_core::find(const std::string& id) const {
  std::lock_guard lock(guard_);
  auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<session>> engine_core::all() const {
  std::vector<std::shared_ptr<session>> out;
  std::lock_guard lock(guard_);
  out.reserve(sessions_.size());
  for (const auto& [id, s] : sessions_) out.push_back(s);
  return out;
}

std::size_t engine_core::size() const {
  std::lock_guard lock(guard_);
  return sessions_.size();
}

void engine_core::stop_deadlines() {
  for (auto* d : {&pings, &pongs, &upgrades, &closings}) d->stop();
}

}  // namespace oficio::realtime
