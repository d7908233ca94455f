#include "services/users/module.hpp"

#include "services/users/chat_events.hpp"
#include "services/users/events.hpp"
#include "services/users/files.hpp"
#include "services/users/routes.hpp"
#include "services/users/service.hpp"

namespace oficio::users {
namespace {

constexpr std::size_t purge_batch = 100;
constexpr int batches_a_round = 10;

struct rooms {
  rooms(const hosting::environment& env, const parts& p)
      : database(p.database),
        profiles(p.database, env.clock),
        sellers(p.database, env.clock),
        favorites(p.database, env.clock),
        feed(p.database, env.clock),
        shown(p.cache),
        avatars(users::avatars(env, p.database, p.studio, profiles)),
        tokens(env.cursor_key, env.seal_key),
        use_cases(profiles, sellers, feed, shown, env.clock, avatars.get()),
        mouth(profiles, feed, tokens, env.clock, env.log.named("users")),
        ears(profiles, sellers, mouth, shown, env.clock) {}

  documents::database& database;
  profile_store profiles;
  seller_store sellers;
  favorite_store favorites;
  feed_store feed;
  cards shown;
  std::unique_ptr<files::shelf> avatars;
  unsubscribe_tokens tokens;
  people use_cases;
  teller mouth;
  listener ears;
};

// A few batches a round; whatever is left waits for the next.
awaitable<result<void>> forget_old(std::shared_ptr<rooms> own, const wall_clock& clock,
                                   context ctx) {
  for (int batch = 0; batch < batches_a_round; ++batch) {
    CO_TRY(auto gone, co_await own->feed.forget_old(ctx, clock.now(), purge_batch));
    if (gone < purge_batch) break;
  }
  co_return result<void>{};
}

awaitable<result<void>> ping(cache::store& cache, context ctx) {
  constexpr std::chrono::milliseconds patience{500};
  ctx.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + patience);
  co_return co_await cache.ping(ctx);
}

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<rooms>(env, p);
  hosting::service s;
  s.name = "users";
  add_routes(s.routes, own->use_cases, own->favorites, own->tokens, env.cursor_key);
  s.subscriptions = subscriptions(own->ears);
  for (auto& heard : chat_subscriptions(own->mouth)) s.subscriptions.push_back(std::move(heard));
  s.timers.push_back(
      {"users.forget_old", std::chrono::minutes(10),
       [own, &clock = env.clock](const context& ctx) { return forget_old(own, clock, ctx); }});
  s.outboxes = {&own->profiles.outbox(), &own->sellers.outbox(), &own->feed.outbox()};
  s.facts = {own->profiles.facts(), own->sellers.facts()};
  s.checks.push_back({"database", [own](const context& ctx) { return own->database.ping(ctx); }});
  s.checks.push_back({.name = "cache",
                      .run = [&cache = p.cache](const context& ctx) { return ping(cache, ctx); },
                      .needed = false});
  if (own->avatars) offer_avatars(s, *own->avatars, own->profiles);
  s.state = own;
  return s;
}

}  // namespace oficio::users
