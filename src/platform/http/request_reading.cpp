#include "platform/http/request_reading.hpp"

#include <algorithm>

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include "platform/http/large_bodies.hpp"
#include "platform/http/problem.hpp"

namespace oficio::http::detail {

namespace beast_http = boost::beast::http;

namespace {

std::string_view view(const auto& text) {
  return {text.data(), text.size()};
}

error malformed(std::string code, std::string detail) {
  return {errc::bad_request, std::move(code), std::move(detail)};
}

response target_too_long(const context& ctx) {
  return problem(malformed("target_too_long", "The request's target is too long."), ctx, 414);
}

// A name or address with a port, or nothing; what could be anything else is not passed on.
bool is_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~:[]%").find(c) != std::string_view::npos;
  });
}

// Whatever could make two servers in a row disagree about where a request ends (request smuggling).
result<void> check_framing(const raw_request& r) {
  auto lengths = r.count(beast_http::field::content_length);
  auto encodings = r.count(beast_http::field::transfer_encoding);
  if (lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) {
    return malformed("ambiguous_length", "The length of the body is given twice.");
  }
  if (encodings > 0 &&
      (r.version() != 11 ||
       !equal_ignoring_case(view(r[beast_http::field::transfer_encoding]), "chunked"))) {
    return malformed("bad_transfer_encoding", "The only transfer encoding taken is chunked.");
  }
  if (r.version() != 10 && r.version() != 11) {
    return malformed("bad_version", "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
  }
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto length = view(r[beast_http::field::content_length]);
  if (!std::ranges::all_of(length, is_digit) || (lengths > 0 && length.empty())) {
    return malformed("bad_length", "Content-Length must be one number.");
  }
  auto hosts = r.count(beast_http::field::host);
  if (hosts > 1 || (hosts == 0 && r.version() == 11) ||
      !is_host(view(r[beast_http::field::host]))) {
    return malformed("bad_host", "There must be one Host header, with a host and nothing else.");
  }
  return {};
}

// "http://host/path" is "/path", if it names the same host as the header: proxies choose by one and
// we by the other.
result<std::string_view> origin_form(const raw_request& from) {
  auto target = view(from.target());
  auto starts = [&](std::string_view scheme) {
    return equal_ignoring_case(target.substr(0, scheme.size()), scheme);
  };
  if (!starts("http://") && !starts("https://")) return target;
  target.remove_prefix(target.find("://") + 3);
  auto end = std::min(target.find_first_of("/?"), target.size());
  if (!equal_ignoring_case(target.substr(0, end), view(from[beast_http::field::host]))) {
    return malformed("bad_host", "The target and the Host header name different hosts.");
  }
  return target.substr(end);
}

result<void> read_target(const raw_request& from, request& to) {
  TRY(auto target, origin_form(from));
  bool whole_server = to.method == method::options && view(from.target()) == "*";
  // Without a path the root is meant.
  bool no_path = target.size() < from.target().size() && !target.starts_with('/');
  auto read = whole_server ? std::string("/") : (no_path ? "/" : "") + std::string(target);
  if (!parse_target(read, to)) {
    return malformed("bad_target", "The request's path or query cannot be read.");
  }
  return {};
}

// TRACE would show a page what its browser sends; CONNECT makes tunnels.
std::optional<response> refuse_method(std::string_view name, const context& ctx) {
  if (name != "TRACE" && name != "CONNECT") {
    return problem(malformed("unknown_method", "This method is not known."), ctx, 501);
  }
  error e = malformed("method_not_allowed", "Nothing here takes " + std::string(name) + ".");
  auto refusal = problem(e, ctx, 405);
  refusal.headers.set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  return refusal;
}

}  // namespace

std::optional<response> read_head(const raw_request& from, const server_options& limits,
                                  exchange& x) {
  auto& to = x.request;
  for (const auto& field : from) {
    to.headers.add(std::string(view(field.name_string())), std::string(view(field.value())));
  }
  x.adopt_header();
  if (from.target().size() > limits.max_target_bytes) return target_too_long(to.ctx);
  auto framing = check_framing(from);
  if (framing.has_error()) return problem(framing.error(), to.ctx);
  auto method = parse_method(view(from.method_string()));
  if (!method) return refuse_method(view(from.method_string()), to.ctx);
  to.method = *method;
  auto target = read_target(from, to);
  if (target.has_error()) return problem(target.error(), to.ctx);
  x.readable = true;
  if (from.version() == 11 && from.count(beast_http::field::expect) > 0 &&
      !expects_continue(from)) {
    return problem(malformed("unknown_expectation", "The only expectation met is 100-continue."),
                   to.ctx, 417);
  }
  return std::nullopt;
}

response refusal_of(head_scanner::verdict why, const context& ctx) {
  using verdict = head_scanner::verdict;
  if (why == verdict::target_too_long) return target_too_long(ctx);
  if (why == verdict::too_large) {
    return problem(malformed("header_too_large", "The request's header is too large."), ctx, 431);
  }
  if (why == verdict::too_many_fields) {
    return problem(malformed("too_many_headers", "The request has too many header fields."), ctx,
                   431);
  }
  return problem(malformed("malformed_request", "This is not HTTP/1.1 that can be read."), ctx);
}

std::optional<response> refusal_of(boost::system::error_code failure, std::size_t allowed,
                                   const context& ctx) {
  if (failure == beast_http::error::end_of_stream ||
      failure == beast_http::error::partial_message) {
    return std::nullopt;
  }
  if (failure == boost::asio::error::timed_out) return too_slow(ctx);
  if (failure == beast_http::error::body_limit) return body_too_large(allowed, ctx);
  if (failure.category() == make_error_code(beast_http::error::bad_method).category()) {
    return problem(malformed("malformed_request",
                             "This is not HTTP/1.1 that can be read (" + failure.message() + ")."),
                   ctx);
  }
  return std::nullopt;
}

response too_slow(const context& ctx) {
  return problem(malformed("request_timeout", "The request did not arrive in time."), ctx, 408);
}

response overloaded(const context& ctx) {
  return problem({errc::unavailable,
                  "overloaded",
                  "Too much is being received just now.",
                  {},
                  std::chrono::seconds(1)},
                 ctx);
}

bool expects_continue(const raw_request& r) {
  return r.version() == 11 &&
         equal_ignoring_case(view(r[beast_http::field::expect]), "100-continue");
}

}  // namespace oficio::http::detail
