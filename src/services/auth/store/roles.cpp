#include <algorithm>

#include "services/auth/operators.hpp"
#include "services/auth/rows.hpp"
#include "services/auth/store.hpp"

namespace oficio::auth {
namespace {

constexpr std::string_view role = "operator";

// False if it was so already.
bool set_in(std::vector<std::string>& roles, bool wanted) {
  auto found = std::ranges::find(roles, role);
  if ((found != roles.end()) == wanted) return false;
  if (wanted) {
    roles.emplace_back(role);
  } else {
    roles.erase(found);
  }
  return true;
}

}  // namespace

awaitable<result<operator_change>> store::set_operator(const context& ctx, identity actor,
                                                       std::string username, bool is_operator) {
  using outcome = result<operator_change>;
  if (!actor.is_system()) {
    co_return error{errc::forbidden, "operators_only", "Only who runs the market can do this."};
  }
  auto done = co_await db_.write(ctx, [=, this](soci::session& s) -> outcome {
    auto now = clock_.now();
    auto found = rows::find_account(s, "username_key", key_of(username));
    auto owner = found ? lock(s, found->id) : std::nullopt;
    if (!owner) return not_found("An account of the name " + username);
    if (!set_in(owner->roles, is_operator)) return operator_change{owner->username};
    auto roles = rows::join(owner->roles);
    s << "UPDATE accounts SET roles = :roles WHERE id = :id", soci::use(roles),
        soci::use(owner->id);
    auto ended = rows::end_sessions(s, rows::living_sessions(s, owner->id, now, 0), now);
    owner = rows::touch_account(s, owner->id);
    std::vector<events::raised> told{updated(*owner)};
    if (!ended.empty()) told.push_back(sessions_ended(*owner, ended, now));
    append(s, ctx, *owner, told);
    return operator_change{owner->username, true, ended.size()};
  });
  if (done.has_value()) outbox_.changed().notify();
  co_return done;
}

awaitable<result<operator_change>> set_operator(sql::database& database, const wall_clock& clock,
                                                const context& ctx, std::string username,
                                                bool is_operator) {
  store kept(database, clock);
  co_return co_await kept.set_operator(ctx, identity::system(), std::move(username), is_operator);
}

}  // namespace oficio::auth
