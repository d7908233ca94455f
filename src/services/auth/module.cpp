#include "services/auth/module.hpp"

#include "services/auth/routes.hpp"
#include "services/auth/service.hpp"
#include "services/auth/store.hpp"

namespace oficio::auth {
namespace {

struct state {
  state(const hosting::environment& env, parts p)
      : kept(p.database, env.clock),
        keys(p.keys),
        blocking(env.app.blocking()),
        use_cases(kept, p.keys, p.passwords, env.clock, env.seal_key, p.limits),
        log(env.log.named("auth")) {}

  store kept;
  security::signing_keys& keys;
  runtime::blocking_pool& blocking;
  service use_cases;
  telemetry::logger log;

  awaitable<result<void>> on_profile(const events::envelope& e, const context& ctx) {
    CO_TRY(auto change, read_profile(e));
    co_return co_await kept.follow_profile(ctx, std::move(change));
  }

  // The file is changed by `oficio keys rotate`, perhaps on another day's process.
  awaitable<result<void>> follow_keys(const context& ctx) {
    auto read = co_await blocking.run(ctx, [own = &keys]() -> result<bool> {
      try {
        return own->reload();
      } catch (const std::runtime_error& e) {
        return error{errc::internal, "bad_key_file", e.what()};
      }
    });
    if (read.has_error()) co_return std::move(read).error();
    if (*read) log.log(telemetry::level::info, ctx, "the signing keys have changed", {});
    co_return result<void>{};
  }

  awaitable<result<void>> purge(const context& ctx) {
    CO_TRY(auto removed, co_await kept.purge(ctx));
    if (removed > 0) {
      log.log(telemetry::level::debug, ctx, "purged old sessions and tokens", {{"rows", removed}});
    }
    co_return result<void>{};
  }
};

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<state>(env, p);
  hosting::service s;
  s.name = "auth";
  add_routes(s.routes, std::shared_ptr<service>(own, &own->use_cases));
  s.subscriptions.push_back(
      {{.name = "auth.profiles", .patterns = {"users.profile.updated"}},
       [own](const events::envelope& e, const context& ctx) { return own->on_profile(e, ctx); }});
  s.outboxes.push_back(&own->kept.outbox());
  s.timers.push_back({"auth.purge", std::chrono::minutes(10),
                      [own](const context& ctx) { return own->purge(ctx); }});
  s.timers.push_back({"auth.keys", std::chrono::seconds(5),
                      [own](const context& ctx) { return own->follow_keys(ctx); }});
  s.checks.push_back({"database", [own](const context& ctx) { return own->kept.ping(ctx); }});
  s.state = own;
  return s;
}

}  // namespace oficio::auth
