#pragma once

#include <functional>
#include <string>

#include "platform/cache/cache.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::users {

// What everybody sees of people, kept in the cache as the text that is sent. A cache that fails or
// is slow only costs speed.
//
// Each user name has a mark in the cache that changes with every change. A card is good only
// together with the mark that was read before its documents were, so that whoever read too early
// cannot leave an old card behind.
class cards {
 public:
  explicit cards(cache::store& cache) : cache_(cache) {}

  // `kind` is "user" or "seller"; `make` reads the documents when there is no card. An error that
  // it gives is not kept.
  using maker = std::function<awaitable<result<std::string>>()>;
  awaitable<result<std::string>> get(const context& ctx, std::string kind, std::string handle,
                                     maker make);

  // To be called after every change of what is shown.
  awaitable<void> forget(const context& ctx, std::string handle);

 private:
  cache::store& cache_;
};

}  // namespace oficio::users
