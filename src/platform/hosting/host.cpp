#include <algorithm>
#include <random>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include "platform/events/relay.hpp"
#include "platform/hosting/event_figures.hpp"
#include "platform/hosting/operations.hpp"
#include "platform/hosting/service.hpp"
#include "platform/runtime/task_group.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::hosting {
namespace {

// A fifth more or less, so that instances do not all wake at once.
std::chrono::milliseconds jittered(std::chrono::milliseconds interval) {
  thread_local std::minstd_rand dice{std::random_device{}()};
  std::uniform_real_distribution<double> factor(0.8, 1.2);
  return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(
      static_cast<double>(interval.count()) * factor(dice)));
}

awaitable<void> run_timer(timer_job job, telemetry::logger log) {
  using boost::asio::cancellation_type;
  namespace this_coro = boost::asio::this_coro;
  for (;;) {
    co_await runtime::sleep_for(jittered(job.interval));
    if ((co_await this_coro::cancellation_state).cancelled() != cancellation_type::none) co_return;
    auto ctx = context::for_system(std::chrono::seconds(30));
    std::string problem;
    try {
      auto done = co_await job.run(ctx);
      if (!done.has_value()) {
        problem = done.error().code + ": " + telemetry::untold(done.error().detail).message;
      }
    } catch (const std::exception& e) {
      problem = e.what();
    }
    // What a stop interrupts has not failed: the next start does it.
    if ((co_await this_coro::cancellation_state).cancelled() != cancellation_type::none) co_return;
    if (!problem.empty()) {
      log.log(telemetry::level::error, ctx, "timer failed",
              {{"event.action", job.name}, {"error.message", problem}});
    }
  }
}

runtime::task_group::on_error reporter(telemetry::logger log) {
  return [log](const std::string& task, const std::string& what) {
    log.error("background task ended", {{"event.action", task}, {"error.message", what}});
  };
}

// One process of a service relays each of its outboxes.
std::string lease_of(const service& s, std::size_t outbox) {
  return s.name + "." + std::to_string(outbox);
}

}  // namespace

struct host::state {
  state(environment e, const security::identity_tokens& ids)
      : env(std::move(e)),
        identities(ids),
        figures(env.metrics),
        timers(env.app.io().get_executor(), reporter(env.log)),
        relays(env.app.io().get_executor(), reporter(env.log)) {}

  environment env;
  const security::identity_tokens& identities;
  std::vector<std::unique_ptr<service>> services;
  event_figures figures;
  runtime::task_group timers;
  runtime::task_group relays;

  awaitable<void> subscribe(const service& s) {
    for (const auto& subscription : s.subscriptions) {
      auto done = co_await env.bus->subscribe(
          subscription.queue, figures.count(s.name, subscription.queue.name, subscription.handle));
      if (!done.has_value()) {
        throw std::runtime_error("cannot listen to " + subscription.queue.name + ": " +
                                 done.error().detail);
      }
    }
  }

  awaitable<void> stop_consumers(std::chrono::milliseconds patience) {
    co_await timers.stop(patience);
    if (env.bus) co_await env.bus->stop(patience);
  }

  // What handlers raised last is published before the files close; what cannot be waits for the
  // next start.
  awaitable<void> flush(std::chrono::milliseconds patience) {
    co_await relays.stop(patience);
    if (!env.bus) co_return;
    auto ctx = context::for_system(patience);
    for (const auto& s : services) {
      for (std::size_t i = 0; i < s->outboxes.size(); ++i) {
        co_await events::relay_once(ctx, *s->outboxes[i], *env.bus, lease_of(*s, i));
      }
    }
  }
};

host::host(environment env, const security::identity_tokens& identities)
    : state_(std::make_unique<state>(std::move(env), identities)) {
  auto* s = state_.get();
  auto& app = s->env.app;
  app.on_stop(runtime::stop_stage::stop_consumers, "consumers and timers",
              [s](auto patience) { return s->stop_consumers(patience); });
  app.on_stop(runtime::stop_stage::flush, "outboxes",
              [s](auto patience) { return s->flush(patience); });
}

host::~host() = default;

const http::router& host::add(service s) {
  auto own = std::make_unique<service>(std::move(s));
  own->routes.use(verify_identity(state_->identities, own->name));
  add_operations(*own, state_->env);
  state_->services.push_back(std::move(own));
  return state_->services.back()->routes;
}

awaitable<void> host::start() {
  for (const auto& s : state_->services) co_await state_->subscribe(*s);
  for (const auto& s : state_->services) {
    if (s->start) co_await s->start();
  }
  for (const auto& s : state_->services) {
    auto log = state_->env.log.named(s->name);
    for (std::size_t i = 0; i < s->outboxes.size(); ++i) {
      auto* outbox = s->outboxes[i];
      state_->relays.spawn(
          s->name + " relay",
          events::run_relay(*outbox, *state_->env.bus, log, state_->figures.watch(s->name, *outbox),
                            lease_of(*s, i)));
    }
    for (const auto& job : s->timers) state_->timers.spawn(job.name, run_timer(job, log));
  }
  if (state_->env.metrics && state_->env.bus) {
    state_->timers.spawn("event figures", state_->figures.sample(*state_->env.bus));
  }
}

}  // namespace oficio::hosting
