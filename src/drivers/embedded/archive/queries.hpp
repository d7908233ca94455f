#pragma once

#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/archive/archive.hpp"

namespace oficio::embedded {

// Each throws sqlite_error.
archive::overview read_overview(connection& from, const archive::overview_query& q);
std::vector<archive::request_line> read_requests(connection& from, const archive::request_query& q);
// Error: bad_request `bad_cursor`.
result<archive::log_page> read_logs(connection& from, const archive::log_query& q);
archive::trace read_trace(connection& from, const std::string& trace_id);
archive::error_page read_errors(connection& from, const archive::error_query& q);
archive::service_map read_services(connection& from, archive::time_range when);
archive::browser_figures read_browsers(connection& from, archive::time_range when);

// A stored document; empty if it is none.
json::object parse_document(const std::string& text);

}  // namespace oficio::embedded
