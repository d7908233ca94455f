#include "platform/http/problem.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "platform/json/json.hpp"
#include "platform/json/violations.hpp"

namespace oficio::http {
namespace {

// Before asking again whoever is away or has too much to do.
constexpr std::chrono::seconds shortest_pause{1};

struct row {
  errc kind;
  int status;
};

constexpr std::array<row, 15> statuses{{
    {errc::bad_request, 400},
    {errc::unauthorized, 401},
    {errc::payment_required, 402},
    {errc::forbidden, 403},
    {errc::not_found, 404},
    {errc::conflict, 409},
    {errc::stale, 412},
    {errc::too_large, 413},
    {errc::unsupported, 415},
    {errc::invalid, 422},
    {errc::too_many, 429},
    {errc::internal, 500},
    {errc::bad_upstream, 502},
    {errc::unavailable, 503},
    {errc::timeout, 504},
}};

errc kind_of(int status) {
  for (const auto& r : statuses) {
    if (r.status == status) return r.kind;
  }
  if (status >= 500) return errc::bad_upstream;
  return errc::bad_request;
}

std::string text_member(const json::object& from, std::string_view name) {
  auto* found = from.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

std::string_view public_detail(const error& e) {
  // What broke inside is for the log: it may name hosts, files and statements.
  if (e.kind == errc::internal) return "Something went wrong on our side.";
  return e.detail;
}

}  // namespace

int status_of(errc kind) {
  for (const auto& r : statuses) {
    if (r.kind == kind) return r.status;
  }
  return 500;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

response problem(const error& e, const context& ctx) {
  return problem(e, ctx, status_of(e.kind));
}

response problem(const error& e, const context& ctx, int status) {
  json::object body{
      {"type", "about:blank"},
      {"title", reason_phrase(status)},
      {"status", status},
      {"detail", public_detail(e)},
      {"code", e.kind == errc::internal ? std::string_view("internal") : std::string_view(e.code)},
      {"request_id", ctx.request_id},
  };
  if (!e.violations.empty()) {
    body["errors"] = json::write_violations(e.violations);
  }
  response r;
  r.status = status;
  r.headers.add("Content-Type", "application/problem+json");
  r.headers.add("Cache-Control", "no-store");
  if (status == 401) r.headers.add("WWW-Authenticate", "Bearer");
  auto retry_after = e.retry_after;
  if (status == 503) retry_after = std::max(retry_after, shortest_pause);
  if (retry_after.count() > 0) {
    r.headers.add("Retry-After", std::to_string(retry_after.count()));
  }
  r.body = json::to_text(json::value(std::move(body)));
  if (status >= 500) r.failure = e.code + ": " + e.detail;
  return r;
}

error read_problem(const response& from) {
  error e{kind_of(from.status), "bad_upstream",
          "The service answered " + std::to_string(from.status)};
  e.detail += " without a reason.";
  if (auto parsed = json::parse(from.body); parsed.has_value() && parsed->is_object()) {
    const auto& body = parsed->get_object();
    if (auto code = text_member(body, "code"); !code.empty()) e.code = std::move(code);
    if (auto detail = text_member(body, "detail"); !detail.empty()) e.detail = std::move(detail);
    if (auto* found = body.if_contains("errors")) e.violations = json::read_violations(*found);
  }
  auto retry = from.headers.get("Retry-After");
  long long seconds = 0;
  auto [end, failure] = std::from_chars(retry.data(), retry.data() + retry.size(), seconds);
  if (failure == std::errc{} && end == retry.data() + retry.size() && seconds > 0) {
    e.retry_after = std::chrono::seconds(std::min<long long>(seconds, 86'400));
  }
  return e;
}

}  // namespace oficio::http
