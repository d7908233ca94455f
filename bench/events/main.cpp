// How long from publish() to the handler, and how many a second, on the embedded bus and (where
// OFICIO_TEST_RABBITMQ names a server) on RabbitMQ, in one run.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "drivers/embedded/events/bus.hpp"
#include "drivers/rabbitmq/bus.hpp"
#include "platform/base/random.hpp"
#include "platform/base/uuid.hpp"
#include "platform/runtime/blocking_pool.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using bus_ptr = std::shared_ptr<events::bus>;

constexpr std::size_t batch = 100;  // what a relay publishes at once

// Sent and handled times by the event's number.
struct record {
  explicit record(std::size_t count) : sent(count), handled(count) {}
  std::vector<steady_clock::time_point> sent;
  std::vector<steady_clock::time_point> handled;
  std::atomic<std::size_t> done{0};

  awaitable<result<void>> handle(std::int64_t number) {
    handled[static_cast<std::size_t>(number)] = steady_clock::now();
    ++done;
    co_return result<void>{};
  }
};

events::envelope event(std::size_t number) {
  events::envelope e;
  e.id = uuid_v5("bench" + std::to_string(number));
  e.source = "/oficio/bench";
  e.type = "bench.thing.changed";
  e.subject = "subject " + std::to_string(number % 1'000);
  e.time =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  e.data = {{"version", number}, {"text", std::string(400, 'x')}};
  return e;
}

void check(const result<void>& done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "%s: %s\n", what, done.error().detail.c_str());
  std::exit(1);
}

awaitable<void> publish(bus_ptr bus, record& to, std::size_t count, std::size_t at_once) {
  for (std::size_t first = 0; first < count; first += at_once) {
    std::vector<events::envelope> some;
    for (auto i = first; i < std::min(first + at_once, count); ++i) some.push_back(event(i));
    auto now = steady_clock::now();
    for (auto i = first; i < std::min(first + at_once, count); ++i) to.sent[i] = now;
    check(co_await bus->publish(context::for_system(std::chrono::seconds(60)), std::move(some)),
          "publish");
    // One by one: the next when this one has been handled, so that only the way is measured.
    while (at_once == 1 && to.done <= first) {
      co_await runtime::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

void measure(const char* name, asio::io_context& io, const bus_ptr& bus) {
  auto run = [&](auto work) {
    return asio::co_spawn(asio::make_strand(io), std::move(work), asio::use_future).get();
  };
  std::atomic<record*> now{nullptr};
  events::queue q;
  q.name = "bench-" + random_hex(4);
  q.patterns = {"bench.#"};
  check(run(bus->subscribe(q, [&](const events::envelope& e,
                                  const context&) { return now.load()->handle(e.version()); })),
        "subscribe");

  record single(1'000);
  now = &single;
  run(publish(bus, single, single.sent.size(), 1));
  std::vector<double> took;
  for (std::size_t i = 0; i < single.sent.size(); ++i) {
    took.push_back(
        std::chrono::duration<double, std::milli>(single.handled[i] - single.sent[i]).count());
  }
  std::ranges::sort(took);

  record many(20'000);
  now = &many;
  auto begun = steady_clock::now();
  run(publish(bus, many, many.sent.size(), batch));
  std::chrono::duration<double> published = steady_clock::now() - begun;
  while (many.done < many.sent.size()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::chrono::duration<double> handled = steady_clock::now() - begun;
  auto count = static_cast<double>(many.sent.size());
  std::printf("| %s | %.2f | %.2f | %.0f | %.0f |\n", name, took[took.size() / 2],
              took[took.size() * 99 / 100], count / published.count(), count / handled.count());
  std::fflush(stdout);
  run(bus->stop(std::chrono::seconds(5)));
}

void measure_all() {
  asio::io_context io{2};
  auto working = asio::make_work_guard(io);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([&] { io.run(); });
  auto folder = std::filesystem::temp_directory_path() / ("oficio-bench-" + random_hex(6));
  std::filesystem::create_directories(folder);
  wall_clock clock;
  telemetry::logger log(nullptr, "bench");
  std::puts(
      "| bus | p50, ms | p99, ms | published/s | handled/s |\n| --- | --- | --- | --- | --- |");
  {
    runtime::blocking_pool pool("bench", 2, 256);
    measure(
        "embedded", io,
        embedded::make_bus((folder / "events.db").string(), io.get_executor(), pool, clock, log));
  }
  if (auto* server = std::getenv("OFICIO_TEST_RABBITMQ")) {
    auto address = std::string(server) + "?exchange=bench-" + random_hex(4);
    measure("RabbitMQ", io,
            rabbitmq::make_bus(config::parse_server_address("events", address), io.get_executor(),
                               clock, log));
  }
  working.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace oficio

int main() {
  oficio::measure_all();
}
