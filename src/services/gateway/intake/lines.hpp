#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.hpp"
#include "platform/json/json.hpp"

namespace oficio::gateway::intake {

inline constexpr std::size_t most_lines = 100;

enum class event_kind { transaction, span, error, log };

struct event {
  event_kind kind;
  json::object fields;
};

// What one request of a browser brings, as Elastic's agent writes it ("v2"): lines of JSON, the
// first of which says who sends.
struct batch {
  json::object metadata;
  std::vector<event> events;
  std::size_t ignored = 0;  // lines of kinds that nobody here looks at
};

// Errors: bad_request `malformed_events`, with the line in `violations`; too_large
// `too_many_events`.
result<batch> read_lines(std::string_view text);

}  // namespace oficio::gateway::intake
