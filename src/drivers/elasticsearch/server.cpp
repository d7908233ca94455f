#include "drivers/elasticsearch/server.hpp"

#include <utility>

namespace oficio::elasticsearch {
namespace {

constexpr auto plain = "application/json";
constexpr auto lines_of_json = "application/x-ndjson";
constexpr std::size_t max_depth = 64;

std::string text(const json::value& body) {
  return body.is_null() ? std::string() : json::to_text(body);
}

// The port has names of its own for what happens on the way.
error renamed(error e) {
  if (e.kind == errc::timeout) return e;
  auto wait = std::max(e.retry_after, std::chrono::seconds(1));
  return {errc::unavailable, "search_unavailable", std::move(e.detail), {}, wait};
}

}  // namespace

const json::value* find(const json::value& in, std::initializer_list<std::string_view> path) {
  const auto* at = &in;
  for (auto name : path) {
    const auto* object = at->if_object();
    at = object ? object->if_contains(name) : nullptr;
    if (!at) return nullptr;
  }
  return at;
}

std::int64_t integer_of(const json::value* v, std::int64_t otherwise) {
  if (!v) return otherwise;
  if (v->is_int64()) return v->get_int64();
  if (v->is_double()) return static_cast<std::int64_t>(v->get_double());
  return otherwise;
}

double number_of(const json::value* v, double otherwise) {
  if (!v) return otherwise;
  if (v->is_double()) return v->get_double();
  if (v->is_int64()) return static_cast<double>(v->get_int64());
  return otherwise;
}

std::string text_of(const json::value* v) {
  const auto* s = v ? v->if_string() : nullptr;
  return s ? std::string(s->data(), s->size()) : std::string();
}

std::string kind_of(const json::value& body) {
  return text_of(find(body, {"error", "type"}));
}

namespace {

// What lies at the bottom of it often says it alone: "unknown field [data_stream]".
std::string with_cause(std::string reason, const json::value& body) {
  const auto* deepest = find(body, {"error"});
  while (const auto* below = deepest ? find(*deepest, {"caused_by"}) : nullptr) deepest = below;
  auto cause = deepest ? text_of(find(*deepest, {"reason"})) : std::string();
  return reason.find(cause) == std::string::npos ? reason + " (" + cause + ")" : reason;
}

}  // namespace

std::string reason_of(const json::value& body) {
  if (const auto* causes = find(body, {"error", "root_cause"});
      causes && causes->is_array() && !causes->get_array().empty()) {
    const auto& first = causes->get_array().front();
    return with_cause(text_of(find(first, {"type"})) + ": " + text_of(find(first, {"reason"})),
                      body);
  }
  auto reason = text_of(find(body, {"error", "reason"}));
  if (reason.empty()) reason = text_of(find(body, {"error"}));
  auto kind = kind_of(body);
  return kind.empty() ? reason : kind + ": " + reason;
}

error search_unavailable(std::string detail) {
  return {errc::unavailable, "search_unavailable", std::move(detail), {}, std::chrono::seconds(1)};
}

error refused(int status, const json::value& body) {
  auto why = reason_of(body).substr(0, 300);
  if (status == 401 || (status == 403 && kind_of(body) != "cluster_block_exception")) {
    return search_unavailable("The search server refuses our credentials.");
  }
  if (status == 403) return search_unavailable("The search index takes no writes: " + why);
  if (status == 404) return search_unavailable("The search index is not there: " + why);
  if (status == 400 || status == 405 || status == 413) {
    return {errc::internal, "search_refused", "The search server does not take this: " + why};
  }
  return search_unavailable("The search server says " + std::to_string(status) + ": " + why);
}

awaitable<result<answer>> server::get(const context& ctx, std::string target, json::value body) {
  return send(ctx, http::method::get, std::move(target), text(body), plain);
}

awaitable<result<answer>> server::put(const context& ctx, std::string target, json::value body) {
  return send(ctx, http::method::put, std::move(target), text(body), plain);
}

awaitable<result<answer>> server::post(const context& ctx, std::string target, json::value body) {
  return send(ctx, http::method::post, std::move(target), text(body), plain);
}

awaitable<result<answer>> server::remove(const context& ctx, std::string target) {
  return send(ctx, http::method::del, std::move(target), {}, plain);
}

awaitable<result<answer>> server::get_lines(const context& ctx, std::string target,
                                            std::string lines) {
  return send(ctx, http::method::get, std::move(target), std::move(lines), lines_of_json);
}

awaitable<result<answer>> server::put_lines(const context& ctx, std::string target,
                                            std::string lines) {
  return send(ctx, http::method::put, std::move(target), std::move(lines), lines_of_json);
}

awaitable<result<answer>> server::send(const context& ctx, http::method method, std::string target,
                                       std::string body, const char* type) {
  http::request r;
  r.method = method;
  r.target = std::move(target);
  if (!body.empty()) r.headers.set("Content-Type", type);
  r.headers.set("Accept", plain);
  if (!authorization_.empty()) r.headers.set("Authorization", authorization_);
  r.body = std::move(body);
  r.ctx = ctx;
  auto said = co_await to_->send(r);
  if (!said) co_return renamed(std::move(said).error());
  auto parsed = said->body.empty() ? json::value() : json::parse(said->body, max_depth);
  if (!parsed && said->status < 300) {
    co_return search_unavailable("The search server's answer is no JSON.");
  }
  answer out{said->status, parsed ? *std::move(parsed) : json::value()};
  bool told = out.good() || out.status == 400 || out.status == 404 || out.status == 409;
  if (!told) co_return refused(out.status, out.body);
  co_return out;
}

}  // namespace oficio::elasticsearch
