#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "platform/events/envelope.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::app {

// What the market itself does, counted from the events that its services publish:
//   oficio_business_events_total{type}      each fact, by its type
//   oficio_business_money_total{flow}       of orders, in minor units: held, released, refunded
//   oficio_searches_total, oficio_searches_empty_total
// An event that is published again after a failure may be counted twice.
class business_figures {
 public:
  explicit business_figures(telemetry::metrics& to);

  // What is to be done once it is published for sure.
  std::function<void()> once_published(const events::envelope& e);
  void searched(std::string_view text, std::int64_t total);

 private:
  telemetry::metrics& to_;
  telemetry::counter& held_;
  telemetry::counter& released_;
  telemetry::counter& refunded_;
  telemetry::counter& searches_;
  telemetry::counter& empty_;
};

}  // namespace oficio::app
