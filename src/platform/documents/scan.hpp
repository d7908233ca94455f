#pragma once

#include <string>
#include <vector>

#include "platform/documents/collection.hpp"
#include "platform/events/facts.hpp"

namespace oficio::documents {

// Documents behind the given id (empty: from the first), in order of ids. Errors: collection's.
template <class T>
awaitable<result<std::vector<stored<T>>>> scan(collection<T>& from, const context& ctx,
                                               std::string after, std::size_t limit) {
  query q;
  q.limit = limit;
  if (!after.empty()) q.after = query::position{{}, std::move(after)};
  co_return co_await from.find(ctx, std::move(q));
}

// The same as facts for others: `told(const T&)` gives what there is to tell of one.
template <class T, class Told>
awaitable<result<std::vector<events::retold>>> retell(collection<T>& from, const context& ctx,
                                                      std::string after, std::size_t limit,
                                                      Told told) {
  CO_TRY(auto found, co_await scan(from, ctx, std::move(after), limit));
  std::vector<events::retold> out;
  for (const auto& one : found) out.push_back({one.value.id, one.write_version, told(one.value)});
  co_return out;
}

}  // namespace oficio::documents
