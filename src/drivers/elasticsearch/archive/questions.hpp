#pragma once

#include "platform/archive/archive.hpp"

namespace oficio::elasticsearch {

// What is asked, and what came back. Answers are whole replies of the search API; one of streams
// that are not there has nothing in it.

json::object ask_overview(const archive::overview_query& q);
archive::overview read_overview(const json::value& said, const archive::overview_query& q);

json::object ask_requests(const archive::request_query& q);
std::vector<archive::request_line> read_requests(const json::value& said);

json::object ask_nodes(archive::time_range when);
std::vector<archive::node> read_nodes(const json::value& said);
json::object ask_edges(archive::time_range when);
std::vector<archive::edge> read_edges(const json::value& said);

json::object ask_errors(const archive::error_query& q);
archive::error_page read_errors(const json::value& said, const archive::error_query& q);

json::object ask_trace(const std::string& trace_id);
archive::trace read_trace(const json::value& said);

json::object ask_browsers(archive::time_range when);
archive::browser_figures read_browsers(const json::value& said);

// Error: bad_request `bad_cursor`.
result<json::object> ask_logs(const archive::log_query& q);
archive::log_page read_logs(const json::value& said, const archive::log_query& q);

}  // namespace oficio::elasticsearch
