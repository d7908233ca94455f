#pragma once

#include "platform/hosting/service.hpp"

namespace oficio::hosting {

// Adds what every service offers to those who run it: /healthz (the process answers), /readyz (its
// parts do), and for the gateway alone /internal/events (queues and dead letters, and their
// replay).
void add_operations(service& s, const environment& env);

}  // namespace oficio::hosting
