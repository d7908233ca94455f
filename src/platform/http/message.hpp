#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"

namespace oficio::http {

class line;
using take_over = std::function<void(std::shared_ptr<line>)>;  // a connection that leaves HTTP
class body_stream;                                             // body_stream.hpp

enum class method { get, head, post, put, patch, del, options };

std::string_view to_string(method m);
std::optional<method> parse_method(std::string_view text);

// Header fields in order of arrival; names compare without case. A name may repeat (Set-Cookie).
class headers {
 public:
  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  void set(std::string_view name, std::string value);  // replaces all of that name
  void remove(std::string_view name);
  // The first of that name; empty view if absent.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// Fields that concern one connection only (RFC 9110, 7.6.1) and never travel further.
bool is_hop_by_hop(std::string_view name);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// A request as handlers see it: the path is split and percent-decoded once, the query likewise.
struct request {
  http::method method = http::method::get;
  std::string target;                                      // as sent, after validation
  std::vector<std::string> path;                           // decoded segments, without empty ones
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  http::headers headers;
  std::string body;
  std::string remote_address;  // of the peer (or of the client, as a trusted gateway tells)
  std::string route;           // the matched pattern: "/gigs/{id}"; empty before routing
  std::map<std::string, std::string, std::less<>> params;  // from the pattern
  // A handler that waits for long moves ctx.deadline, which the server looks at again, and may set
  // this before its first wait: called once, on the handler's strand, if the client goes meanwhile.
  context ctx;
  std::function<void()> when_gone;

  // A parameter that the route's pattern names. A missing one is a bug: throws std::out_of_range.
  const std::string& param(std::string_view name) const;
  std::optional<std::string> query_param(std::string_view name) const;
};

// Splits and decodes `target` into path and query. False if it is malformed (bad escapes, not
// UTF-8, a NUL, "." or ".." segments).
bool parse_target(std::string_view target, request& out);

struct response {
  int status = 200;
  http::headers headers;
  std::string body;
  std::string failure;  // what went wrong inside, for the log of whoever answers; never sent
  take_over next;       // with status 101: gets the connection once the answer is written
  std::shared_ptr<body_stream> stream;  // instead of `body`: sent, or read, while it is made
};

// Percent-encodes one path segment (or a query value) so that parse_target() reads it back.
std::string encode_segment(std::string_view text);

response json_response(int status, std::string body);
template <class T>
response json_response(int status, const T& value);  // in json_response.hpp
response no_content();

}  // namespace oficio::http
