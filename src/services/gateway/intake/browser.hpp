#pragma once

#include <string>
#include <string_view>

namespace oficio::gateway::intake {

// What a `User-Agent` says of a browser, in the words that Elasticsearch's own reading of it has,
// by which Kibana's page about users' experience tells visitors apart. "Other" is none of the
// frequent ones.
struct browser {
  std::string name;     // "Chrome Mobile"
  std::string version;  // "126.0.0.0"; may be empty
  std::string system;   // "Android"
  std::string device;   // "Generic Smartphone"
};
browser browser_of(std::string_view user_agent);

}  // namespace oficio::gateway::intake
