#include "platform/http/request_reading.hpp"

#include <algorithm>

#include <boost/beast/http/error.hpp>

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
  if (!std::ranges::all_of(view(r[beast_http::field::content_length]), is_digit)) {
    return malformed("bad_length", "Content-Length must be one number.");
  }
  auto hosts = r.count(beast_http::field::host);
  if (hosts > 1 || (hosts == 0 && r.version() == 11)) {
    return malformed("bad_host", "There must be one Host header.");
  }
  return {};
}

result<void> read_line(const raw_request& from, request& to) {
  auto method = parse_method(view(from.method_string()));
  if (!method) return malformed("unknown_method", "This method is not known.");
  to.method = *method;
  if (!parse_target(view(from.target()), to)) {
    return malformed("bad_target", "The request's path or query cannot be read.");
  }
  return {};
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
  auto line = read_line(from, to);
  if (line.has_error()) return problem(line.error(), to.ctx);
  x.readable = true;
  auto framing = check_framing(from);
  if (framing.has_error()) return problem(framing.error(), to.ctx);
  return std::nullopt;
}

std::optional<response> refusal_of(boost::system::error_code failure, bool line_was_read,
                                   const server_options& limits, const context& ctx) {
  if (failure == beast_http::error::end_of_stream ||
      failure == beast_http::error::partial_message) {
    return std::nullopt;
  }
  if (failure == beast_http::error::body_limit) {
    error e{errc::too_large, "body_too_large",
            "The body must have at most " + std::to_string(limits.max_body_bytes) + " bytes."};
    return problem(e, ctx);
  }
  if (failure == beast_http::error::header_limit || failure == beast_http::error::buffer_overflow) {
    if (!line_was_read) return target_too_long(ctx);
    return problem(malformed("header_too_large", "The request's header is too large."), ctx, 431);
  }
  if (failure.category() == make_error_code(beast_http::error::bad_method).category()) {
    return problem(malformed("malformed_request",
                             "This is not HTTP/1.1 that can be read (" + failure.message() + ")."),
                   ctx);
  }
  return std::nullopt;
}

bool expects_continue(const raw_request& r) {
  return r.version() == 11 &&
         equal_ignoring_case(view(r[beast_http::field::expect]), "100-continue");
}

}  // namespace oficio::http::detail
