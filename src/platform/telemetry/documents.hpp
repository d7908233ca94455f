#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/trace.hpp"
#include "platform/telemetry/log.hpp"
#include "platform/telemetry/record.hpp"

namespace oficio::telemetry {

// Whose documents these are; the same for all that a process makes.
struct origin {
  std::string version;      // of the program: "0.3.0"
  std::string environment;  // "dev", "production": the last part of each stream's name
  std::string node;         // tells this process from others of the same service
  std::string host;
  std::int64_t pid = 0;
};

// Makes the documents of observability (docs/observability.md): pure functions from facts to
// records. Times are microseconds since 1970, ids are lower-case hex. Texts are cut where they are
// too long for a field, and bytes that are not UTF-8 become U+FFFD.

struct log_facts {
  telemetry::level level = level::info;
  std::string_view service;
  std::string_view message;
  const context* ctx = nullptr;
  const std::vector<field>* fields = nullptr;
  std::int64_t time_us = 0;
};
record log_record(const origin& from, const log_facts& facts);
// The id of a line of that time, which the line also has in it (`oficio.line`): such ids sort as
// their lines do, so that a list of lines has an order where many are of one moment.
std::string line_id(std::int64_t time_us);

// What HTTP knows of a transaction.
struct http_facts {
  std::string method;  // "POST"
  std::string path;    // without the query, which may hold secrets
  std::string route;   // "/api/v1/gigs/{id}"
  int status = 0;
  std::string client_ip;
  std::string user_agent;
  std::string request_id;
  std::size_t request_bytes = 0;
  std::size_t response_bytes = 0;
};

struct transaction_facts {
  std::string service;
  std::string name;       // "POST /orders", "orders.order.placed", "due orders"
  std::string_view type;  // request, messaging, scheduled
  std::string result;     // "HTTP 2xx", "success", "failure"
  std::string_view outcome = "success";
  trace_context trace;  // its span is the transaction
  std::int64_t time_us = 0;
  std::int64_t duration_us = 0;
  std::size_t spans = 0;
  std::size_t spans_dropped = 0;
  double weight = 1;  // how many it stands for: 10, if one of ten is kept
  std::string user_id;
  std::optional<http_facts> http;
  std::vector<std::pair<std::string, std::string>> labels;
};
record transaction_record(const origin& from, const transaction_facts& facts);

struct span_facts {
  std::string service;
  std::string name;          // "find orders"
  std::string_view type;     // db, cache, messaging, external, search, mail
  std::string_view subtype;  // mongodb, redis, rabbitmq, http
  std::string_view action;   // query, write, send
  std::string target;        // what it depends on: "mongodb/orders"
  std::string statement;     // of a database, without values
  std::string_view outcome = "success";
  trace_context trace;  // its span, below its parent
  std::string transaction_id;
  std::int64_t time_us = 0;
  std::int64_t duration_us = 0;
  int status = 0;  // HTTP
  std::string method;
  double weight = 1;
};
record span_record(const origin& from, const span_facts& facts);

struct error_facts {
  std::string service;
  std::string message;
  std::string type;                 // "std::out_of_range", or a code: "database_unavailable"
  std::vector<std::string> frames;  // functions, the innermost first; may be empty
  bool handled = false;
  trace_context trace;  // of the transaction that it happened in; may be empty
  std::string transaction_name;
  std::string_view transaction_type;
  bool sampled = false;  // that transaction is kept, too
  std::int64_t time_us = 0;
  std::string user_id;
  std::optional<http_facts> http;
};
record error_record(const origin& from, const error_facts& facts);
// The same for errors that are alike: of one service, type and place. Where no place is known, of
// one message, numbers and ids in it aside.
std::string grouping_key(const error_facts& of);

struct metric_facts {
  std::string service;
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<std::pair<std::string, double>> samples;  // {"oficio.orders_placed.count", 3}
  std::int64_t time_us = 0;
  std::int64_t interval_s = 10;
};
record metric_record(const origin& from, const metric_facts& facts);

// The calls of a minute that a service made to one place, with one outcome.
struct destination_facts {
  std::string service;
  std::string target;  // "mongodb/orders"
  std::string type;    // as those of the spans
  std::string subtype;
  std::string outcome;
  std::int64_t minute_us = 0;  // when the minute began
  std::int64_t count = 1;
  std::int64_t sum_us = 0;  // how long all of them took together
};
record destination_record(const origin& from, const destination_facts& facts);

// Microseconds since 1970 now, and as `@timestamp` wants them.
std::int64_t now_us();
std::string timestamp(std::int64_t time_us);

// A dataset or environment as stream names allow it: lower case, "_" for what they forbid.
std::string stream_part(std::string_view text);

}  // namespace oficio::telemetry
