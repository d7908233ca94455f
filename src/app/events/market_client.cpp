#include "app/events/market_client.hpp"

#include <iostream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "platform/base/unicode.hpp"
#include "platform/runtime/until_done.hpp"

namespace oficio::app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds patience{20};
constexpr std::size_t longest_problem = 500;

error problem_of(const http::response& got) {
  auto parsed = json::parse(got.body);
  std::string detail = "The market answers " + std::to_string(got.status) + ".";
  if (parsed && parsed->is_object()) {
    if (auto* found = parsed->get_object().if_contains("detail"); found && found->is_string()) {
      detail = std::string(found->as_string());
    }
  }
  return {errc::bad_upstream, "refused", detail};
}

}  // namespace

market_client::market_client(asio::io_context& io, const std::string& url, std::string token)
    : to_(http::make_http_upstream(io, url, {})), token_(std::move(token)) {}

awaitable<result<std::string>> market_client::ask(http::method m, std::string path) {
  http::request r;
  r.method = m;
  r.target = "/api/v1" + path;
  r.headers.add("Host", "127.0.0.1");
  r.headers.add("Accept", "application/json");
  r.headers.add("Authorization", "Bearer " + token_);
  r.ctx = context::for_system(patience);
  CO_TRY(auto got, co_await to_->send(r));
  if (got.status != 200 && got.status != 204) co_return problem_of(got);
  co_return std::string(got.body);
}

int ask_market(const config::settings& s, const std::string& url, std::string token,
               const market_work& work) {
  asio::io_context io;
  market_client to(io, url.empty() ? "http://127.0.0.1:" + s.text("port") : url, std::move(token));
  auto done = runtime::run_until_done(
      io, asio::co_spawn(asio::make_strand(io), work(to), asio::use_future));
  if (done) return 0;
  std::cerr << "oficio: " << tidy_line(done.error().detail, longest_problem) << "\n";
  return 1;
}

}  // namespace oficio::app
