#pragma once

#include <string>
#include <vector>

#include "platform/json/json.hpp"

namespace oficio::elasticsearch {

// Raised whenever a template changes, so that running processes see that theirs is newer.
inline constexpr int template_version = 3;

// An index template of our data streams.
struct stream_template {
  std::string name;     // "oficio-logs-dev"
  std::string pattern;  // "logs-oficio.*-dev"
  enum class kind { logs, traces, metrics } of;
  bool from_browsers = false;  // their documents are there, too
};

std::vector<stream_template> stream_templates(const std::string& environment);

// Its body for `PUT _index_template/<name>`: the fields as observability's documents have them, all
// texts that are not named here as keywords. `days` is how long documents are kept, for whoever
// reads it back; `settings` and `lifecycle`, which may be null, see to it.
json::value template_body(const stream_template& of, int days, const json::value& settings,
                          const json::value& lifecycle);

}  // namespace oficio::elasticsearch
