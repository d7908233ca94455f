#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/base/context.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::runtime {

namespace detail {

// Shared by who waits and those who work, which may end later. On the strand of who waits.
template <class T>
struct gathering {
  gathering(const boost::asio::any_io_executor& strand, std::size_t count)
      : settled(strand), given(count), open(count) {}

  boost::asio::steady_timer settled;
  std::vector<std::optional<T>> given;
  std::size_t open;

  static awaitable<void> work(std::shared_ptr<gathering> self, std::size_t at, awaitable<T> one) {
    auto got = co_await std::move(one);
    if (at < self->given.size()) self->given[at].emplace(std::move(got));
  }

  void ended() {
    if (--open == 0) settled.cancel();
  }
};

}  // namespace detail

// Awaits all at once, on the caller's strand, and gives what each returned, in their order: nothing
// for one that threw, or that has not ended by `until`. The latter goes on unseen, so it must own
// all that it uses.
template <class T>
awaitable<std::vector<std::optional<T>>> gather(std::vector<awaitable<T>> all, steady_time until) {
  auto strand = co_await boost::asio::this_coro::executor;
  auto round = std::make_shared<detail::gathering<T>>(strand, all.size());
  round->settled.expires_at(until);
  for (std::size_t i = 0; i < all.size(); ++i) {
    boost::asio::co_spawn(strand, detail::gathering<T>::work(round, i, std::move(all[i])),
                          [round](std::exception_ptr) { round->ended(); });
  }
  boost::system::error_code ignored;
  if (round->open > 0) {
    co_await round->settled.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  co_return std::exchange(round->given, {});
}

}  // namespace oficio::runtime
