#pragma once

#include <deque>
#include <mutex>

#include "platform/http/body_stream.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::http::test {

// Gives what it is told to, from any thread.
class told_stream final : public body_stream {
 public:
  void say(result<std::string> piece) {
    {
      std::lock_guard lock(guard_);
      said_.push_back(std::move(piece));
    }
    woken_.notify();
  }
  awaitable<result<std::string>> next(steady_time until) override {
    for (;;) {
      {
        std::lock_guard lock(guard_);
        if (!said_.empty()) {
          auto out = std::move(said_.front());
          said_.pop_front();
          co_return out;
        }
      }
      auto left =
          std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      if (left <= std::chrono::milliseconds(0))
        co_return error{errc::timeout, "deadline_exceeded", ""};
      co_await woken_.wait(left);
    }
  }

 private:
  std::mutex guard_;
  std::deque<result<std::string>> said_;
  runtime::notifier woken_;
};

}  // namespace oficio::http::test
