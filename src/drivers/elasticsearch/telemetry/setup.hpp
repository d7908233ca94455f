#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "drivers/elasticsearch/telemetry/caller.hpp"

namespace oficio::elasticsearch {

// How long the documents of each kind are kept.
struct retention {
  int log_days = 14;    // logs and errors
  int trace_days = 14;  // requests, spans and page loads
  int metric_days = 30;
};

// Puts what our data streams need, for one environment: an index template for each kind of stream,
// above whatever the server brings for these names, and what takes old documents away: the data
// streams' own lifecycle (Elasticsearch 8.14), an ILM policy (older ones) or an ISM policy
// (OpenSearch); a line says so where the server has none of them. Doing it again changes what
// differs and nothing else. Streams whose backing index an older template has made get a new one,
// or a line says that it may not see to it.
// Gives what it did, a line each. Errors: unavailable with the server's reason.
result<std::vector<std::string>> set_up_telemetry(blocking_caller& at,
                                                  const std::string& environment,
                                                  const retention& keep,
                                                  std::chrono::milliseconds limit);

// The same if one of the templates is missing or older than this program's, but for the streams
// that are there: they take new fields with their next backing index. Empty: all is well; else why
// we may not know or do it (a key that may only write). Errors: the server cannot be reached.
result<std::string> ensure_templates(blocking_caller& at, const std::string& environment,
                                     std::chrono::milliseconds limit);

}  // namespace oficio::elasticsearch
