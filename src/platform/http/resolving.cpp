#include "platform/http/resolving.hpp"

#include <charconv>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oficio::http::detail {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Shared by who waits and who looks up: the latter may come last.
struct look_up {
  explicit look_up(const asio::any_io_executor& strand) : settled(strand), resolver(strand) {}

  asio::steady_timer settled;
  tcp::resolver resolver;
  resolved outcome;
  bool done = false;

  static awaitable<void> run(std::shared_ptr<look_up> self, std::string host, std::string port) {
    error_code failure;
    auto found =
        co_await self->resolver.async_resolve(host, port, tcp::resolver::numeric_service,
                                              asio::redirect_error(asio::use_awaitable, failure));
    self->outcome.failure = failure;
    if (failure) co_return;
    for (const auto& one : found) self->outcome.endpoints.push_back(one.endpoint());
  }
};

}  // namespace

awaitable<resolved> resolve(asio::any_io_executor strand, std::string host, std::string port,
                            steady_time deadline) {
  error_code no_address;
  auto address = asio::ip::make_address(host, no_address);
  std::uint16_t number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  if (!no_address) co_return resolved{{}, {tcp::endpoint(address, number)}};

  auto state = std::make_shared<look_up>(strand);
  state->settled.expires_at(deadline);
  asio::co_spawn(strand, look_up::run(state, std::move(host), std::move(port)),
                 [state](std::exception_ptr) {
                   state->done = true;
                   state->settled.cancel();
                 });
  error_code ignored;
  if (!state->done) {
    co_await state->settled.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (!state->done) co_return resolved{asio::error::timed_out, {}};
  if (!state->outcome.failure && state->outcome.endpoints.empty()) {
    state->outcome.failure = asio::error::host_not_found;
  }
  co_return state->outcome;
}

}  // namespace oficio::http::detail
