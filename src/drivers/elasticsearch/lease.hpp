#pragma once

#include <string>

#include "drivers/elasticsearch/server.hpp"

namespace oficio::elasticsearch {

// A document that says who rebuilds an index, and until when that holds unless it is renewed: two
// at once would undo each other's work. It lies in an index of its own.
class lease {
 public:
  lease(server& at, const std::string& alias);

  // Errors: conflict `rebuild_running`.
  awaitable<result<void>> take(const context& ctx);
  // Errors: conflict `rebuild_lost`.
  awaitable<result<void>> renew(const context& ctx);
  awaitable<result<void>> give_back(const context& ctx);

  // Takes it from somebody who let it run out: should he only have paused, he cannot renew it. True
  // if it was so.
  static awaitable<result<bool>> break_abandoned(server& at, const context& ctx,
                                                 const std::string& alias);

 private:
  awaitable<result<void>> make_place(const context& ctx);
  awaitable<result<bool>> write(const context& ctx, std::string condition);

  server& at_;
  std::string document_;
  std::string owner_;
  std::string held_;  // the condition that it is still as we wrote it
};

}  // namespace oficio::elasticsearch
