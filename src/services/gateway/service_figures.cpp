#include "services/gateway/service_figures.hpp"

#include "platform/http/problem.hpp"

namespace oficio::gateway {
namespace {

// 2 to 5: what the service answered; 502 to 504: why it did not.
int outcome_of(const result<http::response>& answer) {
  return answer.has_value() ? answer->status / 100 : http::status_of(answer.error().kind);
}

std::string name_of(int outcome) {
  switch (outcome) {
    case 502:
      return "broken";
    case 503:
      return "unavailable";
    case 504:
      return "timeout";
    default:
      return outcome < 10 ? std::to_string(outcome) + "xx" : "failed";
  }
}

}  // namespace

void service_figures::answered(std::string_view service, const result<http::response>& answer,
                               std::chrono::nanoseconds took) {
  if (!to_) return;
  int outcome = outcome_of(answer);
  std::unique_lock lock(guard_);
  auto found = known_.find(service);
  if (found == known_.end()) found = known_.try_emplace(std::string(service)).first;
  auto& known = found->second[outcome];
  if (!known) {
    known = &to_->durations("oficio_upstream_request_duration_seconds",
                            "How long services took, by service and outcome",
                            {{"service", found->first}, {"outcome", name_of(outcome)}});
  }
  auto* durations = known;
  lock.unlock();
  durations->observe(took);
}

}  // namespace oficio::gateway
