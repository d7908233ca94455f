#pragma once

#include <string>

#include "platform/config/settings.hpp"

namespace oficio::app {

struct setup_options {
  std::string address;  // empty: what the setting `telemetry` says
  std::string environment = "dev";
  int log_days = 14;
  int trace_days = 14;
  int metric_days = 30;
};

// Prepares Elasticsearch, or OpenSearch, for the telemetry of one environment: index templates and
// retention. Harmless when it is done again. Says on standard output what it did, and gives the
// exit status. Throws config::wrong_setting for a wrong address, std::runtime_error with one line
// where the server cannot be reached or refuses.
int set_up_elasticsearch(const config::settings& settings, const setup_options& options);

}  // namespace oficio::app
