#pragma once

#include <optional>

#include "services/gateway/intake/about.hpp"

namespace oficio::gateway::intake {

// What took time in a browser: a page load, a change of page, a call.

// Nothing if it lacks its ids, its type or its duration.
std::optional<json::object> transaction_document(const picker& from, const about& of);
std::optional<json::object> span_document(const picker& from, const about& of,
                                          std::optional<time_point> transaction_start);

// A browser's clock is anything: what it sends has just ended when it arrives.
time_point start_of_transaction(const picker& from, const about& of);

}  // namespace oficio::gateway::intake
