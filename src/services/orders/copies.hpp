#pragma once

#include <optional>
#include <string>
#include <utility>

#include "platform/base/clock.hpp"
#include "platform/documents/collection.hpp"

namespace oficio::orders {

// Our own copies of what another service tells in its events. T has `id` and `version`, the version
// of the event that told it.
template <class T>
class copies {
 public:
  copies(documents::database& database, std::string name, const wall_clock& clock)
      : known_(database.open({std::move(name), {}}), "/oficio/orders", clock) {}

  // Keeps what is told unless something newer is known. Harmless when told twice or late.
  awaitable<result<void>> learn(const context& ctx, T fresh) {
    auto newer = [&fresh](T& known, documents::change& c) -> result<void> {
      if (known.version >= fresh.version) {
        c.skip();
      } else {
        known = fresh;
      }
      return {};
    };
    for (;;) {
      auto updated = co_await known_.update(ctx, fresh.id, newer);
      if (updated) co_return result<void>{};
      if (updated.error().kind != errc::not_found) co_return std::move(updated).error();
      auto inserted = co_await known_.insert(ctx, fresh);
      if (inserted) co_return result<void>{};
      // Somebody else told it first: compare with theirs.
      if (inserted.error().code != "duplicate") co_return std::move(inserted).error();
    }
  }

  // Nothing if it was never told.
  awaitable<result<std::optional<T>>> get(const context& ctx, std::string id) {
    CO_TRY(auto found, co_await known_.get(ctx, std::move(id)));
    if (!found) co_return std::optional<T>{};
    co_return std::optional<T>{std::move(found->value)};
  }

 private:
  documents::collection<T> known_;
};

}  // namespace oficio::orders
