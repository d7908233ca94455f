#include "platform/runtime/notifier.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oficio::runtime {

namespace asio = boost::asio;

awaitable<bool> notifier::wait(std::chrono::milliseconds at_most) {
  auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, at_most);
  {
    std::lock_guard lock(guard_);
    if (std::exchange(pending_, false)) co_return true;
    waiting_ = timer;
  }
  // A notify() between here and the wait moves the timer's expiry to the past (on this coroutine's
  // own executor), so the wait returns at once.
  boost::system::error_code ignored;
  co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  std::lock_guard lock(guard_);
  waiting_.reset();
  co_return std::exchange(pending_, false);
}

void notifier::notify() {
  std::lock_guard lock(guard_);
  pending_ = true;
  if (!waiting_) return;
  asio::post(waiting_->get_executor(),
             [timer = waiting_] { timer->expires_at(asio::steady_timer::time_point::min()); });
}

}  // namespace oficio::runtime
