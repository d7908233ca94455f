#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::rabbitmq {

// What a link's thread gives to a coroutine that waits for it, once. Kept by a shared_ptr, since
// either may go first.
template <class T>
class answer {
 public:
  // Any thread. Only the first counts.
  void give(result<T> with) {
    {
      std::lock_guard lock(guard_);
      if (given_) return;
      given_ = std::move(with);
    }
    told_.notify();
  }

  // Errors: those given; timeout `deadline_exceeded` with this detail.
  awaitable<result<T>> wait(context ctx, const char* late) {
    for (;;) {
      if (auto given = look()) co_return std::move(*given);
      auto left = ctx.remaining();
      if (left.count() == 0) co_return error{errc::timeout, "deadline_exceeded", late};
      co_await told_.wait(left);
    }
  }

 private:
  std::optional<result<T>> look() {
    std::lock_guard lock(guard_);
    return given_;
  }

  std::mutex guard_;
  std::optional<result<T>> given_;
  runtime::notifier told_;
};

}  // namespace oficio::rabbitmq
