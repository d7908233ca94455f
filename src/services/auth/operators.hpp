#pragma once

#include <string>

#include "platform/base/clock.hpp"
#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/sql/database.hpp"

namespace oficio::auth {

struct operator_change {
  std::string username;   // as its owner writes it
  bool changed = false;   // false: it was so already
  std::size_t ended = 0;  // sessions
};

// Gives an account the role `operator`, or takes it away, straight in auth's database, which
// servers may be using meanwhile: they tell others of it within a second. The account's sessions
// end, so that no token says otherwise. Errors: not_found.
awaitable<result<operator_change>> set_operator(sql::database& database, const wall_clock& clock,
                                                const context& ctx, std::string username,
                                                bool is_operator);

}  // namespace oficio::auth
