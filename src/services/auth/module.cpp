#include "services/auth/module.hpp"

#include <stdexcept>
#include <utility>

#include "services/auth/key_vault.hpp"
#include "services/auth/routes.hpp"
#include "services/auth/service.hpp"
#include "services/auth/store.hpp"

namespace oficio::auth {
namespace {

struct state {
  state(const hosting::environment& env, parts p)
      : kept(p.database, env.clock),
        vault(p.database, env.seal_key),
        keys(p.keys),
        first_keys(std::move(p.first_keys)),
        use_cases(kept, p.keys, p.passwords, env.clock, env.seal_key, p.limits),
        log(env.log.named("auth")) {}

  store kept;
  key_vault vault;
  security::signing_keys& keys;
  std::string first_keys;
  service use_cases;
  telemetry::logger log;

  awaitable<result<void>> on_profile(const events::envelope& e, const context& ctx) {
    CO_TRY(auto change, read_profile(e));
    co_return co_await kept.follow_profile(ctx, std::move(change));
  }

  // Before anybody can sign in. Throws std::runtime_error.
  awaitable<void> load_keys() {
    auto ctx = context::for_system();
    if (first_keys.empty()) first_keys = security::signing_keys::make_text();
    auto text = co_await vault.read_or_keep(ctx, std::exchange(first_keys, {}));
    if (text.has_error()) throw std::runtime_error(text.error().detail);
    keys.replace(*text);
  }

  // `oficio keys rotate` changes them, perhaps on another machine.
  awaitable<result<void>> follow_keys(const context& ctx) {
    CO_TRY(auto text, co_await vault.read(ctx));
    bool changed = false;
    try {
      changed = keys.replace(text);
    } catch (const std::runtime_error& e) {
      co_return error{errc::internal, "bad_signing_keys", e.what()};
    }
    if (changed) log.log(telemetry::level::info, ctx, "the signing keys have changed", {});
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
  auto own = std::make_shared<state>(env, std::move(p));
  hosting::service s;
  s.name = "auth";
  add_routes(s.routes, std::shared_ptr<service>(own, &own->use_cases));
  s.subscriptions.push_back(
      {{.name = "auth.profiles", .patterns = {"users.profile.updated"}},
       [own](const events::envelope& e, const context& ctx) { return own->on_profile(e, ctx); }});
  s.outboxes.push_back(&own->kept.outbox());
  s.facts.push_back(own->kept.facts());
  s.timers.push_back({"auth.purge", std::chrono::minutes(10),
                      [own](const context& ctx) { return own->purge(ctx); }});
  s.timers.push_back({"auth.keys", std::chrono::seconds(5),
                      [own](const context& ctx) { return own->follow_keys(ctx); }});
  s.checks.push_back({"database", [own](const context& ctx) { return own->kept.ping(ctx); }});
  s.start = [own] { return own->load_keys(); };
  s.state = own;
  return s;
}

}  // namespace oficio::auth
