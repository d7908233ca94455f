#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "platform/cache/cache.hpp"
#include "platform/documents/driver.hpp"
#include "platform/events/bus.hpp"
#include "platform/mail/transport.hpp"
#include "platform/payments/provider.hpp"
#include "platform/search/index.hpp"
#include "platform/telemetry/metrics.hpp"
#include "platform/telemetry/tracer.hpp"

namespace oficio::tracing {

// A service's parts, whose calls are spans of the transaction that they are made for, and counted
// by their duration (oficio_call_duration_seconds). `by` and `figures` outlive them; either may be
// null.
struct part {
  telemetry::tracer* by = nullptr;
  std::string_view kind;  // whoever answers: "mongodb", "redis", "sqlite"
  std::string name;       // "orders": with its kind what the map of services shows
  telemetry::metrics* figures = nullptr;
};

std::unique_ptr<documents::database> watch(part p, std::unique_ptr<documents::database> of);
std::unique_ptr<cache::store> watch(part p, std::unique_ptr<cache::store> of);
// `found` is told of each search: its words, and how many documents were found.
std::unique_ptr<search::index> watch(
    part p, std::unique_ptr<search::index> of,
    std::function<void(std::string_view text, std::int64_t total)> found);
std::unique_ptr<mail::transport> watch(part p, std::unique_ptr<mail::transport> of);
std::unique_ptr<payments::provider> watch(part p, std::unique_ptr<payments::provider> of);
// An event's way to the bus belongs to the work that raised it, however much later it goes.
// `published` is asked of each event before it goes what to do when the bus has confirmed it.
using once_published = std::function<std::function<void()>(const events::envelope&)>;
std::shared_ptr<events::bus> watch(part p, std::shared_ptr<events::bus> of,
                                   once_published published);

}  // namespace oficio::tracing
