#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace oficio::telemetry {

// What a record is to those who read it back.
enum class kind { log, transaction, span, error, metric, rum };

std::string_view to_string(kind k);

// What readers filter, sort and count by without reading the document. Empty, or -1 where a number
// is, means that the record has no such thing.
struct summary {
  telemetry::kind kind = kind::log;
  std::string service;
  std::string level;           // of a log or an error: debug, info, warn, error
  std::string trace_id;        // 32 hex digits
  std::string transaction_id;  // 16 hex digits; of a span, log or error: the one that it belongs to
  std::string span_id;         // 16 hex digits: of a span its own
  std::string parent_id;       // 16 hex digits
  std::string name;            // transaction.name, span.name, a log's message, an error's message
  std::string outcome;         // success, failure, unknown
  int status = -1;             // HTTP
  std::int64_t duration_us = -1;
  std::string grouping_key;  // of an error: the same for those that are alike
  std::string user_id;
  std::string target;  // of a span: what it depends on ("mongodb/orders")
  double weight = 1;   // how many it stands for, where only a share is recorded
};

// One document for a data stream, ready to be sent.
struct record {
  std::string stream;        // "logs-oficio.orders-dev"
  std::string id;            // the document's `_id`: sent twice it is still one
  std::int64_t time_us = 0;  // `@timestamp`: microseconds since 1970
  std::string document;      // a JSON object on one line: ECS, as Elasticsearch is to have it
  summary about;

  // About how much memory it takes, in bytes.
  std::size_t size() const;
};

}  // namespace oficio::telemetry
