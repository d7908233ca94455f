#pragma once

#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/archive/archive.hpp"

namespace oficio::gateway {

// What operators are shown, as contracts/openapi/gateway.yaml says it.

struct overview_shown {
  time_point from;
  time_point to;
  std::int64_t step_seconds = 0;
  std::vector<archive::moment> series;
  std::vector<archive::traffic> services;
  std::vector<archive::traffic> routes;
};
BOOST_DESCRIBE_STRUCT(overview_shown, (), (from, to, step_seconds, series, services, routes))

struct requests_shown {
  std::vector<archive::request_line> items;
};
BOOST_DESCRIBE_STRUCT(requests_shown, (), (items))

struct errors_shown {
  std::vector<archive::error_group> items;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(errors_shown, (), (items, next_cursor))

struct service_shown {
  std::string service;
  std::string health;  // ok, unavailable, unreachable; unknown: nobody to ask (browsers)
  std::int64_t requests = 0;
  std::int64_t errors = 0;
  archive::latency latency;
  std::optional<time_point> last_at;
};
BOOST_DESCRIBE_STRUCT(service_shown, (), (service, health, requests, errors, latency, last_at))

struct dependency_shown {
  std::string from;
  std::string to;
  std::string type;
  std::int64_t calls = 0;
  std::int64_t errors = 0;
  archive::latency latency;
};
BOOST_DESCRIBE_STRUCT(dependency_shown, (), (from, to, type, calls, errors, latency))

struct map_shown {
  std::vector<service_shown> services;
  std::vector<dependency_shown> dependencies;
};
BOOST_DESCRIBE_STRUCT(map_shown, (), (services, dependencies))

struct browser_shown {
  std::int64_t loads = 0;
  std::vector<archive::vital> vitals;
  std::vector<archive::page_figures> pages;
  std::vector<archive::error_group> errors;
};
BOOST_DESCRIBE_STRUCT(browser_shown, (), (loads, vitals, pages, errors))

// These hold whole documents.
json::value shown(const archive::log_page& page, std::optional<std::string> next_cursor);
json::value shown(const std::string& trace_id, archive::trace of);
// `health` by service.
map_shown shown(const archive::service_map& map, const std::map<std::string, std::string>& health);

}  // namespace oficio::gateway
