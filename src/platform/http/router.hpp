#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::http {

class observer;

// What answers a request. An error becomes problem+json; an exception becomes a 500 with the
// request id, never a lost process. The request outlives the coroutine.
using handler = std::function<awaitable<result<response>>(request&)>;
// Wraps every handler of a router: gets the request and the rest of the chain.
using middleware = std::function<awaitable<result<response>>(request&, const handler& next)>;

// The routes of one service, as a table that one can read. Patterns are "/gigs/{id}/similar"; a
// literal segment wins over a parameter. HEAD is answered by GET's handler, OPTIONS by the table
// (204 with Allow); a known path with another method is 405 with Allow, an unknown path 404.
class router {
 public:
  router();
  ~router();
  router(router&&) noexcept;
  router& operator=(router&&) noexcept;

  router& get(std::string pattern, handler h) {
    return add(method::get, std::move(pattern), std::move(h));
  }
  router& post(std::string pattern, handler h) {
    return add(method::post, std::move(pattern), std::move(h));
  }
  router& put(std::string pattern, handler h) {
    return add(method::put, std::move(pattern), std::move(h));
  }
  router& patch(std::string pattern, handler h) {
    return add(method::patch, std::move(pattern), std::move(h));
  }
  router& del(std::string pattern, handler h) {
    return add(method::del, std::move(pattern), std::move(h));
  }
  // Throws std::logic_error if that method and pattern are there already.
  router& add(method m, std::string pattern, handler h);
  // The first added is the outermost.
  router& use(middleware m);

  // Sees all that has a route, or goes to otherwise(). One for each router.
  router& observe(std::unique_ptr<observer> by);

  // Every request that no route matches, whatever its method (the gateway's catch-all).
  router& otherwise(handler h);

  // Never fails and never throws: errors and exceptions come back as responses.
  awaitable<response> handle(request& r) const;

  std::vector<std::pair<method, std::string>> routes() const;

 private:
  struct table;
  std::unique_ptr<table> table_;
};

}  // namespace oficio::http
