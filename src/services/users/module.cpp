#include "services/users/module.hpp"

#include "services/users/events.hpp"
#include "services/users/files.hpp"
#include "services/users/routes.hpp"
#include "services/users/service.hpp"

namespace oficio::users {
namespace {

struct rooms {
  rooms(const hosting::environment& env, const parts& p)
      : database(p.database),
        profiles(p.database, env.clock),
        sellers(p.database, env.clock),
        favorites(p.database, env.clock),
        feed(p.database, env.clock),
        shown(p.cache),
        avatars(users::avatars(env, p.database, p.studio, profiles)),
        use_cases(profiles, sellers, feed, shown, env.clock, avatars.get()),
        ears(profiles, sellers, feed, shown, env.clock) {}

  documents::database& database;
  profile_store profiles;
  seller_store sellers;
  favorite_store favorites;
  feed_store feed;
  cards shown;
  std::unique_ptr<files::shelf> avatars;
  people use_cases;
  listener ears;
};

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<rooms>(env, p);
  hosting::service s;
  s.name = "users";
  add_routes(s.routes, own->use_cases, own->favorites, env.cursor_key);
  s.subscriptions = subscriptions(own->ears);
  s.outboxes = {&own->profiles.outbox(), &own->sellers.outbox(), &own->feed.outbox()};
  s.checks.push_back({"database", [own](const context& ctx) { return own->database.ping(ctx); }});
  if (own->avatars) offer_avatars(s, *own->avatars, own->profiles);
  s.state = own;
  return s;
}

}  // namespace oficio::users
