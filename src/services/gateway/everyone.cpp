#include "services/gateway/everyone.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oficio::gateway {

namespace asio = boost::asio;

namespace {

using answers = std::map<std::string, result<http::response>>;

// Shared by who asks and those who answer, which may be later. On the strand of who asks.
struct round {
  explicit round(const asio::any_io_executor& strand) : settled(strand) {}

  asio::steady_timer settled;
  std::size_t open = 0;
  answers given;

  static awaitable<void> ask(std::shared_ptr<round> self, std::string service, http::upstream* of,
                             http::request r) {
    auto answer = co_await of->send(r);
    self->given.insert_or_assign(service, std::move(answer));
  }

  void answered() {
    if (--open == 0) settled.cancel();
  }
};

error silent() {
  return {errc::timeout, "deadline_exceeded", "The service did not answer in time."};
}

}  // namespace

awaitable<answers> ask_everyone(const upstreams& to,
                                std::function<http::request(const std::string&)> question,
                                steady_time until) {
  auto strand = co_await asio::this_coro::executor;
  auto all = std::make_shared<round>(strand);
  all->settled.expires_at(until);
  all->open = to.by_service.size();
  for (const auto& [service, upstream] : to.by_service) {
    auto r = question(service);
    r.ctx.deadline = until;
    asio::co_spawn(strand, round::ask(all, service, upstream, std::move(r)),
                   [all](std::exception_ptr) { all->answered(); });
  }
  boost::system::error_code ignored;
  if (all->open > 0) {
    co_await all->settled.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  auto given = std::exchange(all->given, {});
  for (const auto& [service, upstream] : to.by_service) given.try_emplace(service, silent());
  co_return given;
}

}  // namespace oficio::gateway
