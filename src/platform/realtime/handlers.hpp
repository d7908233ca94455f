#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "platform/realtime/items.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::realtime {

class socket;
using socket_ptr = std::shared_ptr<socket>;

// What a typed handler's outcome is to the client that asked for an acknowledgement:
// {"ok": true, "data": ...} or {"ok": false, "error": {"code", "detail", "errors"?}}.
items success(json::value data);
items failure(const error& why);

namespace detail {

template <class T>
struct awaited {};
template <class T>
struct awaited<awaitable<T>> {
  using type = T;
};
template <class T>
concept is_awaitable = requires { typename awaited<T>::type; };

template <class T>
struct inside {
  using type = T;
};
template <class T>
struct inside<result<T>> {
  using type = T;
};

template <class R>
items outcome(result<R>&& from) {
  if (from.has_error()) return failure(from.error());
  if constexpr (std::is_void_v<R>) {
    return success(nullptr);
  } else {
    return success(json::to_value(*from));
  }
}

}  // namespace detail

// What is to be done at an event. A plain function runs where the event came in, at once; it must
// be quick. A coroutine runs on the connection's strand and may wait.
class handler {
 public:
  using plain = std::function<items(const socket_ptr&, const args&)>;
  using waiting = std::function<awaitable<items>(socket_ptr, args)>;

  handler() = default;

  // A function of (const socket_ptr&, const args&), or a coroutine of (socket_ptr, args); what it
  // returns, items or nothing, is the acknowledgement.
  template <class F>
  static handler from(F f) {
    using out = std::invoke_result_t<F&, socket_ptr, args>;
    handler h;
    if constexpr (detail::is_awaitable<out>) {
      h.waiting_ = wait_for<typename detail::awaited<out>::type>(std::move(f));
    } else if constexpr (std::is_void_v<out>) {
      h.plain_ = [f = std::move(f)](const socket_ptr& s, const args& a) {
        f(s, a);
        return items();
      };
    } else {
      h.plain_ = std::move(f);
    }
    return h;
  }

  // A coroutine of (socket_ptr, T) that returns result<R>, whose T is the first argument.
  template <class T, class F>
  static handler typed(F f) {
    using out = typename detail::awaited<std::invoke_result_t<F&, socket_ptr, T>>::type;
    handler h;
    h.waiting_ = [f = std::move(f)](socket_ptr s, args a) -> awaitable<items> {
      auto value = a.get<T>();
      if (value.has_error()) co_return failure(value.error());
      co_return detail::outcome<typename detail::inside<out>::type>(
          co_await f(std::move(s), std::move(*value)));
    };
    return h;
  }

  bool waits() const { return static_cast<bool>(waiting_); }
  items run(const socket_ptr& s, const args& a) const { return plain_(s, a); }
  awaitable<items> wait(socket_ptr s, args a) const { return waiting_(std::move(s), std::move(a)); }

 private:
  template <class R, class F>
  static waiting wait_for(F f) {
    if constexpr (std::is_void_v<R>) {
      return [f = std::move(f)](socket_ptr s, args a) -> awaitable<items> {
        co_await f(std::move(s), std::move(a));
        co_return items();
      };
    } else {
      return std::move(f);
    }
  }

  plain plain_;
  waiting waiting_;
};

// Handlers by the names of events.
class handlers {
 public:
  void set(std::string name, handler h) {
    all_.insert_or_assign(std::move(name), std::make_shared<const handler>(std::move(h)));
  }
  std::shared_ptr<const handler> find(std::string_view name) const {
    auto found = all_.find(name);
    return found == all_.end() ? nullptr : found->second;
  }

 private:
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::shared_ptr<const handler>, hash, std::equal_to<>> all_;
};

}  // namespace oficio::realtime
