#include "services/orders/people.hpp"

#include <map>

#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

struct told_profile {
  known_person profile;
};
BOOST_DESCRIBE_STRUCT(told_profile, (), (profile))

awaitable<result<void>> on_profile(copies<known_person>& people, events::envelope e, context ctx) {
  CO_TRY(auto told, json::from_stored<told_profile>(json::value(e.data)));
  if (told.profile.id.empty()) {
    co_return error{errc::bad_request, "malformed_event", e.type + " names nobody."};
  }
  told.profile.version = e.version();
  co_return co_await people.learn(ctx, std::move(told.profile));
}

}  // namespace

hosting::subscription hearing_people(copies<known_person>& people) {
  return {{.name = "orders.people", .patterns = {"users.profile.updated"}},
          [&people](const events::envelope& e, const context& ctx) {
            return on_profile(people, e, ctx);
          }};
}

awaitable<result<void>> show_avatars(const context& ctx, copies<known_person>& people,
                                     std::vector<order*> orders) {
  std::map<std::string, std::optional<known_person>> seen;
  for (auto* o : orders) {
    for (auto* side : {&o->buyer, &o->seller}) {
      if (!seen.contains(side->id)) {
        CO_TRY(seen[side->id], co_await people.get(ctx, side->id));
      }
      // Somebody of whom nothing was told yet looks as when the order was made.
      if (const auto& known = seen[side->id]) side->avatar = known->avatar;
    }
  }
  co_return result<void>{};
}

}  // namespace oficio::orders
