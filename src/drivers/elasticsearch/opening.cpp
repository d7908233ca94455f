#include "drivers/elasticsearch/opening.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "drivers/elasticsearch/indexes.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/runtime/until_done.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::chrono::milliseconds pause{200};
constexpr std::chrono::seconds patience_of_one{5};

awaitable<result<int>> open_patiently(server& to, const layout& fields, std::string alias,
                                      int replicas, std::chrono::milliseconds patience) {
  auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    context ctx;
    ctx.deadline = std::min(until, std::chrono::steady_clock::now() + patience_of_one);
    auto opened = co_await indexes(to, fields, alias, replicas).open(ctx);
    bool hopeless =
        !opened && opened.error().kind != errc::unavailable && opened.error().kind != errc::timeout;
    hopeless =
        hopeless || (!opened && opened.error().detail.find("credentials") != std::string::npos);
    if (opened || hopeless || std::chrono::steady_clock::now() + pause >= until) co_return opened;
    co_await runtime::sleep_for(pause);
  }
}

}  // namespace

int open_at_start(const config::server_address& address, const place& at, const layout& fields,
                  const std::string& alias, std::chrono::milliseconds patience) {
  boost::asio::io_context io;
  http::client_options options;
  options.trust = at.trust;
  std::unique_ptr<http::upstream> upstream;
  try {
    upstream = http::make_http_upstream(io, at.nodes, options);
  } catch (const std::exception& e) {
    address.refuse(e.what());
  }
  server to(std::move(upstream), at.authorization);
  auto generation = runtime::run_until_done(
      io, boost::asio::co_spawn(io, open_patiently(to, fields, alias, at.replicas, patience),
                                boost::asio::use_future));
  if (!generation) {
    address.refuse("no index can be opened at " + address.shown() + ": " +
                   generation.error().detail);
  }
  return *generation;
}

}  // namespace oficio::elasticsearch
