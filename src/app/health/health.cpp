#include "app/health/health.hpp"

#include <iostream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "platform/base/unicode.hpp"
#include "platform/http/upstream.hpp"
#include "platform/runtime/until_done.hpp"

namespace oficio::app {
namespace {

namespace asio = boost::asio;

awaitable<result<http::response>> get_readiness(http::upstream& from) {
  http::request r;
  r.method = http::method::get;
  r.target = "/readyz";
  r.headers.add("Host", "localhost");
  r.headers.add("Accept", "application/json");
  r.ctx = context::for_system(std::chrono::seconds(5));
  co_return co_await from.send(r);
}

}  // namespace

int ask_health(const std::string& url, const std::string& ca_file) {
  asio::io_context io;
  auto from = http::make_http_upstream(io, url, {.trust = {.ca_file = ca_file}});
  auto got = runtime::run_until_done(
      io, asio::co_spawn(asio::make_strand(io), get_readiness(*from), asio::use_future));
  if (!got) {
    std::cerr << "oficio: " << url << " does not answer: " << tidy_line(got.error().detail, 300)
              << "\n";
    return 1;
  }
  std::cout << (got->status == 200 ? "ready" : "not ready") << ": "
            << tidy_line(std::string_view(got->body), 1'000) << "\n";
  return got->status == 200 ? 0 : 1;
}

}  // namespace oficio::app
