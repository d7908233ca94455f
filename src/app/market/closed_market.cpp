#include "app/market/closed_market.hpp"

#include <algorithm>
#include <mutex>

#include "app/market/prepared_studio.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/security/crypto.hpp"
#include "services/auth/operators.hpp"

namespace oficio::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds call_patience{60};
constexpr seconds settle_patience{300};
constexpr milliseconds settle_pause{1};

// All samples have one password, and one hash of it is as good as many: it protects nothing.
class one_hash final : public security::password_hasher {
 public:
  using password_hasher::password_hasher;

  awaitable<result<std::string>> hash(const context& ctx, std::string password) const override {
    {
      std::lock_guard lock(guard_);
      if (password == password_ && !hash_.empty()) co_return hash_;
    }
    CO_TRY(auto made, co_await password_hasher::hash(ctx, password));
    std::lock_guard lock(guard_);
    password_ = std::move(password);
    hash_ = made;
    co_return made;
  }

 private:
  mutable std::mutex guard_;
  mutable std::string password_;
  mutable std::string hash_;
};

http::request request_of(sample::call c) {
  http::request r;
  r.method = c.method;
  r.target = std::move(c.path);
  r.ctx = context::for_system(call_patience);
  r.ctx.who = std::move(c.who);
  r.headers.set("Accept", "application/json");
  if (!c.bytes.empty()) {
    r.headers.set("Content-Type", std::move(c.content_type));
    r.body = std::move(c.bytes);
  } else if (!c.body.is_null()) {
    r.headers.set("Content-Type", "application/json");
    r.body = json::to_text(c.body);
  }
  if (!http::parse_target(r.target, r)) throw std::logic_error(r.target + " is no path");
  return r;
}

milliseconds since(time_point begin) {
  return begin - wall_clock().now();
}

}  // namespace

closed_market::closed_market(const config::settings& s, runtime::application& app,
                             telemetry::logger log, time_point begin)
    : clock_(since(begin)),
      plan_(make_plan(s, "all")),
      keys_(s, ""),
      make_(s, app, clock_, log, keys_, part_user::whole_market),
      identities_(keys_.several("identity_key", "identity"), clock_),
      parts_(make_, keys_, app, plan_),
      host_(environment_of(app, log), identities_) {
  parts_.studio = std::make_unique<prepared_studio>();
  parts_.passwords = std::make_unique<one_hash>(app.hashing());
  auto env = environment_of(app, log);
  for (const auto& name : plan_.services) {
    // Nobody is told anything by mail. The store is new, so no queue of theirs waits for it.
    if (name == "notifications") continue;
    auto one = make_service(name, env, parts_, s);
    std::ranges::copy(one.outboxes, std::back_inserter(outboxes_));
    // Time stands still between two happenings, so timers do not run by themselves.
    for (auto& job : std::exchange(one.timers, {})) timers_.emplace_back(name, std::move(job));
    routers_[name] = &host_.add(std::move(one));
  }
}

closed_market::~closed_market() = default;

hosting::environment closed_market::environment_of(runtime::application& app,
                                                   telemetry::logger log) const {
  auto env = make_environment(app, clock_, std::move(log), keys_, plan_);
  env.bus = parts_.bus.get();
  return env;
}

awaitable<void> closed_market::open() {
  auto done = co_await parts_.bus->subscribe(
      {.name = "samples.mail", .patterns = {"auth.email.verification_requested"}, .durable = false},
      [this](const events::envelope& e, const context&) { return keep_token(e); });
  if (!done) throw std::runtime_error(done.error().detail);
  co_await host_.start();
}

awaitable<result<void>> closed_market::keep_token(events::envelope e) {
  auto text = [&e](std::string_view name) {
    auto* found = e.data.if_contains(name);
    auto* string = found ? found->if_string() : nullptr;
    return string ? std::string(string->data(), string->size()) : std::string();
  };
  auto token = security::unseal(keys_.one("seal_key", "seal"), text("token"));
  if (!token) co_return error{errc::internal, "unreadable_secret", "The token cannot be opened."};
  std::lock_guard lock(tokens_guard_);
  tokens_[text("email")] = *std::move(token);
  co_return result<void>{};
}

std::string closed_market::mailed_token(const std::string& email) {
  std::lock_guard lock(tokens_guard_);
  auto found = tokens_.find(email);
  return found == tokens_.end() ? std::string() : found->second;
}

awaitable<result<void>> closed_market::promote(std::string username) {
  CO_TRY_VOID(co_await auth::set_operator(*parts_.auth, clock_, context::for_system(call_patience),
                                          std::move(username), true));
  co_return result<void>{};
}

void closed_market::set_clock(time_point to) {
  auto ahead = to - clock_.now();
  if (ahead > milliseconds(0)) clock_.advance(ahead);
}

awaitable<result<sample::answer>> closed_market::ask(sample::call c) {
  const auto& routes = *routers_.find(c.service)->second;
  auto r = request_of(std::move(c));
  auto got = co_await routes.handle(r);
  sample::answer out{got.status, nullptr};
  if (!got.body.empty() && got.headers.get("Content-Type").find("json") != std::string_view::npos) {
    CO_TRY(out.body, json::parse(got.body, 64));
  }
  co_return out;
}

awaitable<result<bool>> closed_market::is_settled(const context& ctx) {
  CO_TRY(auto queues, co_await parts_.bus->status(ctx));
  for (const auto& q : queues) {
    if (q.dead > 0) {
      co_return error{errc::internal, "dead_letters",
                      "Some of " + q.name + " could not be handled."};
    }
    if (q.waiting > 0) co_return false;
  }
  for (auto* outbox : outboxes_) {
    CO_TRY(auto pending, co_await outbox->pending(ctx, 1));
    if (!pending.empty()) co_return false;
  }
  co_return true;
}

// What is handled may raise something new, so twice the same answer counts.
awaitable<result<void>> closed_market::settle() {
  auto ctx = context::for_system(settle_patience);
  for (int calm = 0; calm < 2;) {
    if (ctx.expired()) {
      co_return error{errc::timeout, "deadline_exceeded", "Events are still under way."};
    }
    CO_TRY(bool settled, co_await is_settled(ctx));
    calm = settled ? calm + 1 : 0;
    if (!settled) co_await runtime::sleep_for(settle_pause);
  }
  co_return result<void>{};
}

awaitable<result<void>> closed_market::work_on_due(bool all) {
  auto ctx = context::for_system(call_patience);
  for (const auto& [service, job] : timers_) {
    if (all || service == "orders" || service == "reviews") CO_TRY_VOID(co_await job.run(ctx));
  }
  co_return result<void>{};
}

}  // namespace oficio::app
