#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/time.hpp"
#include "services/gateway/intake/lines.hpp"

namespace oficio::gateway::intake {

// What the gateway knows of who sent a batch; a browser is not asked for any of it.
struct sender {
  time_point arrived;
  std::string address;
  std::string user_agent;
};

enum class stream { page_loads, errors, logs };

// A document as observability keeps it (docs/operations.md), all but where it belongs.
struct document {
  stream to;
  json::object fields;
};

// The events' documents, in their order. What is not known by name is not kept; an event that lacks
// what makes it one (ids, a duration, a message) is left out and counted in `refused`.
struct documents {
  std::vector<document> items;
  std::size_t refused = 0;
};
documents documents_of(const batch& from, const sender& by);

}  // namespace oficio::gateway::intake
