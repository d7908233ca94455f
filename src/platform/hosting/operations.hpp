#pragma once

#include "platform/hosting/service.hpp"

namespace oficio::hosting {

// Adds what every service offers to those who run it: /healthz (the process answers), /readyz (its
// parts do: all are asked at once, for 1.5 s; 503 names each needed one that is away, and why), and
// for the gateway alone /internal/events (queues and dead letters, and their replay),
// /internal/republish and, where tests may move it, /internal/clock.
void add_operations(service& s, const environment& env);

}  // namespace oficio::hosting
