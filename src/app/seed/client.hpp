#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "platform/base/result.hpp"
#include "platform/http/upstream.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::app {

// One call of the public contract; `path` is below /api/v1, or begins with /dev/.
struct call {
  http::method method = http::method::get;
  std::string path;
  std::string token = {};            // access token; empty: a visitor
  json::value body = nullptr;        // null: no body
  std::string idempotency_key = {};  // empty: none
};

struct answer {
  int status = 0;
  json::value body;
};

// Talks to a market as any client would.
class client {
 public:
  // Throws std::invalid_argument if `url` is not http://host:port.
  client(boost::asio::io_context& io, std::string url);

  // Any answer, whatever its status. A busy market (429, 503) is asked again when it says, for at
  // most five minutes in all; one that cannot be reached is an error.
  awaitable<result<answer>> ask(call c);

  // The body of a 2xx answer; any other is an error that tells the call and the answer.
  awaitable<result<json::value>> must(call c);

  // Like `must`, but asks again for a few seconds while the answer is 404 or 409: services learn of
  // each other's changes a moment later.
  awaitable<result<json::value>> must_soon(call c);

 private:
  std::unique_ptr<http::upstream> market_;
};

// Text at `name` of an object; empty if there is none.
std::string text_of(const json::value& from, std::string_view name);

}  // namespace oficio::app
