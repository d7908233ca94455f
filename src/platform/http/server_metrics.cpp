#include "platform/http/server_metrics.hpp"

#include <algorithm>
#include <mutex>

namespace oficio::http::detail {

server_metrics::server_metrics(telemetry::metrics* to) : to_(to) {
  if (!to_) return;
  accepted_ = &to_->count("oficio_http_connections_total", "Connections that were accepted");
  turned_away_ =
      &to_->count("oficio_http_connections_refused_total", "Connections beyond one client's limit");
}

void server_metrics::accepted() {
  if (accepted_) accepted_->add();
}

void server_metrics::turned_away() {
  if (turned_away_) turned_away_->add();
}

// Patterns are as many as the router has, and stay for good.
server_metrics::by_outcome& server_metrics::of(const std::string& route) {
  {
    std::shared_lock lock(guard_);
    auto found = routes_.find(route);
    if (found != routes_.end()) return *found->second;
  }
  std::unique_lock lock(guard_);
  auto& place = routes_[route];
  if (!place) place = std::make_unique<by_outcome>();
  return *place;
}

void server_metrics::answered(const request& r, bool readable, int status,
                              std::chrono::nanoseconds took) {
  if (!to_) return;
  auto method = readable ? static_cast<std::size_t>(r.method) : methods - 1;
  auto kind = static_cast<std::size_t>(std::clamp(status / 100, 0, 5));
  auto& place = of(r.route)[method][kind];
  auto* durations = place.load(std::memory_order_acquire);
  if (!durations) {
    durations = &to_->durations("oficio_http_request_duration_seconds",
                                "How long requests took, from first byte to answer",
                                {{"route", r.route.empty() ? "none" : r.route},
                                 {"method", readable ? std::string(to_string(r.method)) : "none"},
                                 {"status", std::to_string(kind) + "xx"}});
    place.store(durations, std::memory_order_release);
  }
  durations->observe(took);
}

}  // namespace oficio::http::detail
