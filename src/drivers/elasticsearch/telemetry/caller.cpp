#include "drivers/elasticsearch/telemetry/caller.hpp"

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace oficio::elasticsearch {
namespace {

constexpr std::chrono::milliseconds pause{50};  // between two looks at what is to do meanwhile

error given_up() {
  return {errc::unavailable, "upstream_unavailable", "The call was given up."};
}

// Has a request of its own: it may be given up before it has ended.
awaitable<result<http::response>> ask(http::upstream& to, http::request r) {
  co_return co_await to.send(r);
}

}  // namespace

blocking_caller::blocking_caller(const config::server_address& address) {
  auto at = read_place(address);
  http::client_options options;
  options.trust = at.trust;
  options.max_connections = 1;
  try {
    to_ = http::make_http_upstream(io_, at.nodes, options);
  } catch (const std::exception& e) {
    address.refuse(e.what());
  }
  authorization_ = at.authorization;
}

blocking_caller::~blocking_caller() {
  io_.shutdown();
}

result<http::response> blocking_caller::put(std::string target, std::string body, const char* type,
                                            bool gzipped, std::chrono::milliseconds limit) {
  http::request r;
  r.method = http::method::put;
  r.target = std::move(target);
  r.headers.set("Content-Type", type);
  if (gzipped) r.headers.set("Content-Encoding", "gzip");
  r.body = std::move(body);
  return send(std::move(r), limit);
}

result<http::response> blocking_caller::post(std::string target, std::chrono::milliseconds limit) {
  http::request r;
  r.method = http::method::post;
  r.target = std::move(target);
  return send(std::move(r), limit);
}

result<http::response> blocking_caller::get(std::string target, std::chrono::milliseconds limit) {
  http::request r;
  r.target = std::move(target);
  return send(std::move(r), limit);
}

result<http::response> blocking_caller::send(http::request r, std::chrono::milliseconds limit) {
  if (given_up_) return given_up();
  r.headers.set("Accept", "application/json");
  if (!authorization_.empty()) r.headers.set("Authorization", authorization_);
  r.ctx.deadline = std::chrono::steady_clock::now() + limit;
  auto answer = boost::asio::co_spawn(io_, ask(*to_, std::move(r)), boost::asio::use_future);
  io_.restart();
  while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    if (io_.run_one_for(pause) == 0 && io_.stopped()) {
      return given_up();
    }
    given_up_ = meanwhile_ && !meanwhile_();
    if (given_up_) return given_up();
  }
  return answer.get();
}

}  // namespace oficio::elasticsearch
