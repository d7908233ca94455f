#pragma once

#include <memory>
#include <string>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/http/upstream.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::elasticsearch {

// What the server said, when that is for the caller to judge: success, or 400, 404, 409.
struct answer {
  int status = 200;
  json::value body;

  bool good() const { return status < 300; }
};

// Why the server refused, in its words: "index_not_found_exception: no such index [x]".
std::string reason_of(const json::value& body);
// The kind of that refusal: "index_not_found_exception".
std::string kind_of(const json::value& body);

// The member of nested objects, or null.
const json::value* find(const json::value& in, std::initializer_list<std::string_view> path);
std::int64_t integer_of(const json::value* v, std::int64_t otherwise = 0);
double number_of(const json::value* v, double otherwise = 0);
std::string text_of(const json::value* v);

// Errors of the port.
error search_unavailable(std::string detail);
// What the server answered with that status, as an error of the port.
error refused(int status, const json::value& body);

// A cluster that speaks the REST API of Elasticsearch 7.10. All calls obey the context's deadline.
// Errors: unavailable `search_unavailable` with the reason, timeout.
class server {
 public:
  server(std::unique_ptr<http::upstream> to, std::string authorization)
      : to_(std::move(to)), authorization_(std::move(authorization)) {}

  // Whatever is asked must be harmless when it happens twice: it may be sent again.
  awaitable<result<answer>> get(const context& ctx, std::string target, json::value body = nullptr);
  awaitable<result<answer>> put(const context& ctx, std::string target, json::value body = nullptr);
  awaitable<result<answer>> remove(const context& ctx, std::string target);
  awaitable<result<answer>> post(const context& ctx, std::string target,
                                 json::value body = nullptr);
  // Lines of JSON.
  awaitable<result<answer>> get_lines(const context& ctx, std::string target, std::string lines);
  awaitable<result<answer>> put_lines(const context& ctx, std::string target, std::string lines);

 private:
  awaitable<result<answer>> send(const context& ctx, http::method method, std::string target,
                                 std::string body, const char* type);

  std::unique_ptr<http::upstream> to_;
  std::string authorization_;
};

}  // namespace oficio::elasticsearch
