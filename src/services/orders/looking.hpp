#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "platform/base/uuid.hpp"
#include "platform/runtime/timing.hpp"
#include "services/orders/copies.hpp"

namespace oficio::orders {

// The event of what was made or changed a moment ago may still be on its way.
inline constexpr std::chrono::milliseconds patience{1'000};
inline constexpr std::chrono::milliseconds between_looks{25};
inline constexpr std::chrono::milliseconds fresh_for{10'000};

inline bool is_fresh(const std::string& id, time_point now) {
  auto made = uuid_time(id);
  // Ids come from outside: one from the future is not new, but invented.
  return made && now - *made < fresh_for && *made - now < fresh_for;
}

// Looks until `settled` with what is found or the patience ends; gives what was found last.
template <class T, class Settled>
awaitable<result<std::optional<T>>> look(context ctx, copies<T>& in, std::string id,
                                         Settled settled) {
  auto give_up = std::chrono::steady_clock::now() + std::min(patience, ctx.remaining());
  for (;;) {
    CO_TRY(auto found, co_await in.get(ctx, id));
    if (settled(found) || std::chrono::steady_clock::now() >= give_up) co_return found;
    co_await runtime::sleep_for(between_looks);
  }
}

}  // namespace oficio::orders
