#include "platform/runtime/application.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>

#include "platform/runtime/timing.hpp"

namespace oficio::runtime {

namespace asio = boost::asio;

namespace {

std::size_t or_cores(std::size_t threads) {
  return threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

// A named coroutine around `start`, so that an exception before its first wait is told like any
// other.
awaitable<void> begin(std::function<awaitable<void>()> start) {
  co_await start();
}

struct step {
  stop_stage stage;
  std::size_t order;  // of registration
  std::string name;
  std::function<awaitable<void>(std::chrono::milliseconds)> run;
};

}  // namespace

struct application::state {
  explicit state(options o)
      : opts(o),
        io(static_cast<int>(or_cores(o.io_threads))),
        blocking("blocking", o.blocking_threads, 1024),
        hashing("hashing", or_cores(o.hashing_threads), 64),
        signals(io) {}

  options opts;
  asio::io_context io;
  blocking_pool blocking;
  blocking_pool hashing;
  asio::signal_set signals;
  std::vector<step> steps;
  std::atomic<bool> stopping{false};
  std::atomic<int> status{0};

  void watch_signals() {
    signals.async_wait([this](boost::system::error_code failure, int) {
      if (failure) return;
      if (stopping) {
        io.stop();  // the second signal
        return;
      }
      begin_stop();
      watch_signals();
    });
  }

  void begin_stop() {
    if (stopping.exchange(true)) return;
    asio::co_spawn(asio::make_strand(io), stop_all(), [this](std::exception_ptr) { io.stop(); });
  }

  awaitable<void> stop_all() {
    std::ranges::sort(steps, {}, [](const step& s) { return std::pair(s.stage, s.order); });
    auto until = std::chrono::steady_clock::now() + opts.drain_delay + opts.stop_patience;
    bool drained = false;
    for (std::size_t begin = 0; begin < steps.size();) {
      std::size_t end = begin;
      while (end < steps.size() && steps[end].stage == steps[begin].stage) ++end;
      if (!drained && steps[begin].stage > stop_stage::drain) {
        drained = true;
        if (opts.drain_delay.count() > 0) co_await sleep_for(opts.drain_delay);
      }
      for (std::size_t i = end; i-- > begin;) co_await run_step(steps[i], until);
      begin = end;
    }
  }

  awaitable<void> run_step(const step& s, std::chrono::steady_clock::time_point until) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    try {
      co_await s.run(std::max(left, std::chrono::milliseconds(1)));
    } catch (const std::exception& e) {
      std::fprintf(stderr, "oficio: stopping %s: %s\n", s.name.c_str(), e.what());
    }
  }
};

application::application(options opts) : state_(std::make_unique<state>(opts)) {}
application::~application() = default;

asio::io_context& application::io() {
  return state_->io;
}
blocking_pool& application::blocking() {
  return state_->blocking;
}
blocking_pool& application::hashing() {
  return state_->hashing;
}
bool application::stopping() const {
  return state_->stopping;
}

void application::on_stop(stop_stage stage, std::string name,
                          std::function<awaitable<void>(std::chrono::milliseconds)> run) {
  state_->steps.push_back({stage, state_->steps.size(), std::move(name), std::move(run)});
}

void application::request_stop() {
  asio::post(state_->io, [this] { state_->begin_stop(); });
}

int application::run(std::function<awaitable<void>()> start) {
  state_->signals.add(SIGINT);
  state_->signals.add(SIGTERM);
  std::signal(SIGPIPE, SIG_IGN);
  state_->watch_signals();
  auto guard = asio::make_work_guard(state_->io);
  asio::co_spawn(asio::make_strand(state_->io), begin(std::move(start)),
                 [this](std::exception_ptr thrown) {
                   if (!thrown) return;
                   try {
                     std::rethrow_exception(thrown);
                   } catch (const std::exception& e) {
                     std::fprintf(stderr, "oficio: %s\n", e.what());
                   }
                   state_->status = 1;
                   state_->begin_stop();
                 });
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < or_cores(state_->opts.io_threads); ++i) {
    threads.emplace_back([this] { state_->io.run(); });
  }
  state_->io.run();
  threads.clear();
  return state_->status;
}

}  // namespace oficio::runtime
