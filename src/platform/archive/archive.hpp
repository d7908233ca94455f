#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::archive {

// What telemetry has recorded, read back for those who run a market. Counts are of everything that
// happened, also where only a share of it was recorded: estimates then, but never less than what
// was recorded. Percentiles are of what was recorded, within two per cent. Milliseconds are
// fractions; nothing where nothing was recorded.

struct time_range {
  time_point from;  // inclusive
  time_point to;    // exclusive
};

struct latency {
  std::optional<double> p50_ms;
  std::optional<double> p95_ms;
  std::optional<double> p99_ms;
};
BOOST_DESCRIBE_STRUCT(latency, (), (p50_ms, p95_ms, p99_ms))

// Requests that a service answered, or a route of it ("GET /gigs/{id}").
struct traffic {
  std::string service;
  std::string route;  // empty: all of the service
  std::int64_t requests = 0;
  std::int64_t errors = 0;  // of these; the server's faults
  archive::latency latency;
};
BOOST_DESCRIBE_STRUCT(traffic, (), (service, route, requests, errors, latency))

struct moment {
  time_point at;  // its begin
  std::int64_t requests = 0;
  std::int64_t errors = 0;
  archive::latency latency;
};
BOOST_DESCRIBE_STRUCT(moment, (), (at, requests, errors, latency))

struct overview_query {
  time_range when;
  std::string service;            // whose `series` and `routes`; empty: of all together
  std::chrono::seconds step{60};  // at most 500 of them in the range
};
struct overview {
  std::vector<moment> series;     // each step of the range, in order, also the empty ones
  std::vector<traffic> services;  // by name
  std::vector<traffic> routes;    // the most frequent first, at most 100
};

// Requests one by one: what a figure is made of, and the way to their traces.
struct request_query {
  time_range when;
  std::string service;         // empty: all
  std::string route;           // "GET /gigs/{id}"; empty: all
  std::string request_id;      // empty: any
  bool failed = false;         // only those that failed: the server's faults
  bool slowest_first = false;  // else the latest first
  std::size_t limit = 50;      // at most 100
};
struct request_line {
  time_point at;  // its begin
  std::string service;
  std::string route;
  std::string path;
  std::string outcome;
  std::int64_t status = 0;
  double duration_ms = 0;
  std::string trace_id;
  std::string request_id;
};
BOOST_DESCRIBE_STRUCT(request_line, (),
                      (at, service, route, path, outcome, status, duration_ms, trace_id,
                       request_id))

struct log_query {
  time_range when;
  std::string service;              // empty: all
  std::vector<std::string> levels;  // empty: all
  std::string text;                 // words that the message has, all of them, without case
  std::string trace_id;
  std::size_t limit = 50;  // at most 100
  std::string after;       // `next` of the page before; empty: the first page
};
struct log_line {
  time_point at;
  std::string service;
  std::string level;
  std::string message;
  std::string trace_id;
  json::object document;  // everything that is known of it
};
struct log_page {
  std::vector<log_line> items;  // the last first
  std::string next;             // empty: that was all
};

// What happened in a trace: a transaction, span, error or log.
struct entry {
  std::string kind;
  std::string id;         // of a transaction or span; else empty
  std::string parent_id;  // of whom it is a part; empty: nobody's that is known
  std::string transaction_id;
  std::string service;
  std::string name;  // or the message
  std::string type;  // request, page-load; db, external …
  std::string outcome;
  std::string level;
  std::int64_t status = -1;
  std::int64_t at_us = 0;  // since 1970
  std::int64_t duration_us = -1;
  json::object document;
};
struct trace {
  std::vector<entry> entries;  // in the order in which they began
  bool cut = false;            // there are more than `most_entries`
};
inline constexpr std::size_t most_entries = 1'000;

// Errors that are alike.
struct error_query {
  time_range when;
  std::string service;  // empty: all
  std::size_t limit = 50;
  std::size_t skip = 0;  // of the same list, the pages before
};
struct error_group {
  std::string key;
  std::string service;
  std::string type;
  std::string message;  // of the last one, like all below
  std::string culprit;
  std::string stack;
  std::string trace_id;
  std::string page;  // its address, in a browser
  std::int64_t count = 0;
  std::int64_t people = 0;  // accounts that it happened to, about
  time_point first_at;
  time_point last_at;
};
BOOST_DESCRIBE_STRUCT(error_group, (),
                      (key, service, type, message, culprit, stack, trace_id, page, count, people,
                       first_at, last_at))

struct error_page {
  std::vector<error_group> items;  // the most frequent first, of those the latest
  bool more = false;
};
// What is read of one list at most: further pages are empty.
inline constexpr std::size_t most_error_groups = 1'000;

struct node {
  std::string service;
  std::int64_t requests = 0;  // also handled events and jobs
  std::int64_t errors = 0;
  archive::latency latency;
  time_point last_at;
};
// What a service depends on: another service, or a server ("mongodb/orders").
struct edge {
  std::string from;
  std::string to;
  std::string type;  // db, cache, messaging, external …
  std::int64_t calls = 0;
  std::int64_t errors = 0;  // no answer, or the other's fault; not what was refused (4xx)
  archive::latency latency;
};
struct service_map {
  std::vector<node> nodes;  // by name
  std::vector<edge> edges;  // by name, at most 200
};

// How pages felt to those who saw them.
struct vital {
  std::string name;           // lcp, inp, cls, fcp, ttfb
  std::optional<double> p75;  // milliseconds; cls: a sum of shares
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(vital, (), (name, p75, count))
struct page_figures {
  std::string page;  // the route: "/gigs/{id}"
  std::int64_t loads = 0;
  std::optional<double> load_p75_ms;
  std::optional<double> lcp_p75_ms;
};
BOOST_DESCRIBE_STRUCT(page_figures, (), (page, loads, load_p75_ms, lcp_p75_ms))
struct browser_figures {
  std::int64_t loads = 0;
  std::vector<vital> vitals;
  std::vector<page_figures> pages;  // the most visited first, at most 50
};

// Calls obey the context's deadline. Errors: unavailable `archive_unavailable`, timeout.
class reader {
 public:
  virtual ~reader() = default;
  virtual awaitable<result<overview>> traffic_of(context ctx, overview_query q) = 0;
  virtual awaitable<result<std::vector<request_line>>> requests(context ctx, request_query q) = 0;
  virtual awaitable<result<log_page>> logs(context ctx, log_query q) = 0;
  virtual awaitable<result<trace>> trace_of(context ctx, std::string trace_id) = 0;
  virtual awaitable<result<error_page>> errors(context ctx, error_query q) = 0;
  virtual awaitable<result<service_map>> services(context ctx, time_range when) = 0;
  virtual awaitable<result<browser_figures>> browsers(context ctx, time_range when) = 0;
};

}  // namespace oficio::archive
