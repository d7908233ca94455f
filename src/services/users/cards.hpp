#pragma once

#include <functional>
#include <string>

#include "platform/cache/cache.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::users {

// What everybody sees of people, kept in the cache as the text that is sent. A cache that fails or
// is slow only costs speed.
//
// Each user name has a mark in the cache that changes with every change, in whichever process. A
// card is good only together with the mark that was there before its documents were read, so that
// whoever read too early cannot leave an old card behind. A mark that is not there (it ended, or
// the cache had no room) is made anew, never to be met by a card from before.
class cards {
 public:
  explicit cards(cache::store& cache) : cache_(cache) {}

  // `kind` is "user" or "seller"; `make` reads the documents when there is no card. An error that
  // it gives is not kept.
  using maker = std::function<awaitable<result<std::string>>()>;
  awaitable<result<std::string>> get(const context& ctx, std::string kind, std::string handle,
                                     maker make);

  // To be called after every change of what is shown. An error means that old cards may be shown
  // until they end by themselves.
  awaitable<result<void>> forget(const context& ctx, std::string handle);

  static constexpr std::chrono::minutes lifetime{1};

 private:
  awaitable<result<std::string>> mark_of(const context& ctx, const std::string& handle);

  cache::store& cache_;
};

}  // namespace oficio::users
