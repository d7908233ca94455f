#pragma once

#include <string>

#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::security {

struct argon2_cost {
  std::size_t memory_bytes = 19 * 1024 * 1024;
  unsigned passes = 2;
};

// Argon2id on a bounded pool of its own: a hash costs some 30 ms of processor.
class password_hasher {
 public:
  explicit password_hasher(runtime::blocking_pool& pool, argon2_cost cost = {});
  virtual ~password_hasher() = default;

  // A PHC string ("$argon2id$…"). Errors: unavailable `overloaded`, timeout.
  virtual awaitable<result<std::string>> hash(const context& ctx, std::string password) const;
  // True if it matches. With an empty `stored` it works as long as for a real one and says false,
  // so that an unknown account cannot be told from a wrong password by the time it takes.
  awaitable<result<bool>> verify(const context& ctx, std::string password,
                                 std::string stored) const;

 private:
  runtime::blocking_pool& pool_;
  argon2_cost cost_;
  std::string decoy_;
};

}  // namespace oficio::security
