// What an event costs: writes a second without one, and with one that is written in the same step,
// published (to a bus that takes everything at once) and taken out again. On SQLite and, where
// OFICIO_TEST_MYSQL and OFICIO_TEST_POSTGRESQL name servers, on those, in one run.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <soci/soci.h>

#include "drivers/embedded/documents/documents.hpp"
#include "drivers/embedded/sql/sql.hpp"
#include "drivers/mysql/sql.hpp"
#include "drivers/postgresql/sql.hpp"
#include "platform/base/random.hpp"
#include "platform/base/uuid.hpp"
#include "platform/documents/collection.hpp"
#include "platform/events/relay.hpp"
#include "platform/runtime/task_group.hpp"
#include "platform/sql/outbox.hpp"

namespace oficio {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr std::chrono::seconds length{4};
constexpr int writers = 64;

struct thing {
  std::string id;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(thing, (), (id, text))

// Takes everything at once.
class open_bus final : public events::bus {
 public:
  awaitable<result<void>> subscribe(events::queue, events::handler) override { return done(); }
  awaitable<result<void>> publish(const context&, std::vector<events::envelope> all) override {
    taken += all.size();
    return done();
  }
  awaitable<result<std::vector<events::queue_status>>> status(const context&) override {
    co_return std::vector<events::queue_status>{};
  }
  awaitable<result<std::vector<events::dead_letter>>> dead_letters(const context&,
                                                                   std::size_t) override {
    co_return std::vector<events::dead_letter>{};
  }
  awaitable<result<void>> replay(const context&, std::string, std::string) override {
    return done();
  }
  awaitable<void> stop(std::chrono::milliseconds) override { co_return; }

  std::atomic<std::size_t> taken{0};

 private:
  static awaitable<result<void>> done() { co_return result<void>{}; }
};

events::raised event() {
  return {"bench.thing.changed", {{"text", std::string(400, 'x')}}, {"somebody"}};
}

// One write of a store, with an event or without.
using write = std::function<awaitable<result<void>>(bool with_event)>;

struct bench {
  asio::io_context io{2};
  std::vector<std::jthread> threads;
  wall_clock clock;
  asio::executor_work_guard<asio::io_context::executor_type> working{io.get_executor()};

  bench() {
    for (int i = 0; i < 2; ++i) threads.emplace_back([this] { io.run(); });
  }
  ~bench() { working.reset(); }

  static awaitable<void> keep_writing(const write& one, bool with_event,
                                      steady_clock::time_point end,
                                      std::atomic<std::size_t>& count) {
    while (steady_clock::now() < end) {
      auto done = co_await one(with_event);
      if (!done) {
        std::fprintf(stderr, "write: %s\n", done.error().detail.c_str());
        std::exit(1);
      }
      ++count;
    }
  }

  double rate(const write& one, bool with_event) {
    std::atomic<std::size_t> count{0};
    auto begun = steady_clock::now();
    std::vector<std::future<void>> all;
    for (int i = 0; i < writers; ++i) {
      all.push_back(asio::co_spawn(asio::make_strand(io),
                                   keep_writing(one, with_event, begun + length, count),
                                   asio::use_future));
    }
    for (auto& each : all) each.get();
    std::chrono::duration<double> took = steady_clock::now() - begun;
    return static_cast<double>(count) / took.count();
  }

  void measure(const char* name, events::outbox& from, const write& one) {
    auto without = rate(one, false);
    open_bus bus;
    runtime::task_group relays(io.get_executor(), [](const auto&, const auto&) {});
    relays.spawn("relay", events::run_relay(from, bus, telemetry::logger(nullptr, "bench")));
    auto with = rate(one, true);
    // What the relay has not published by now is part of the price.
    auto taken = static_cast<double>(bus.taken);
    asio::co_spawn(asio::make_strand(io), relays.stop(std::chrono::seconds(5)), asio::use_future)
        .get();
    std::printf("| %s | %.0f | %.0f | %.2f | %.0f |\n", name, without, with, with / without,
                taken / std::chrono::duration<double>(length).count());
    std::fflush(stdout);
  }

  void documents(const std::filesystem::path& folder, runtime::blocking_pool& pool) {
    auto database = embedded::make_documents((folder / "documents.db").string(), pool);
    documents::collection<thing> things(database->open({"things", {}}), "/oficio/bench", clock);
    measure("documents in SQLite", things.outbox(),
            [&](bool with_event) -> awaitable<result<void>> {
              std::vector<events::raised> raised;
              if (with_event) raised.push_back(event());
              CO_TRY_VOID(co_await things.insert(context::for_system(std::chrono::seconds(30)),
                                                 {uuid_v7(clock.now()), std::string(600, 'x')},
                                                 std::move(raised)));
              co_return result<void>{};
            });
  }

  void rows(const char* name, sql::database& db) {
    run(db, "CREATE TABLE things (id VARCHAR(36) NOT NULL PRIMARY KEY, body TEXT NOT NULL);\n" +
                sql::outbox_table(db.dialect()));
    sql::outbox outbox(db, "/oficio/bench", clock);
    measure(name, outbox, [&](bool with_event) -> awaitable<result<void>> {
      auto ctx = context::for_system(std::chrono::seconds(30));
      auto done = co_await db.write(ctx, [&, with_event](soci::session& s) -> result<void> {
        auto id = uuid_v7(clock.now());
        std::string body(600, 'x');
        s << "INSERT INTO things (id, body) VALUES (:id, :body)", soci::use(id), soci::use(body);
        if (with_event) outbox.append(s, ctx, id, 1, {event()});
        return {};
      });
      if (with_event) outbox.changed().notify();
      co_return done;
    });
    run(db, "DROP TABLE things;\nDROP TABLE outbox;\n");  // the services have one, too
  }

  void run(sql::database& db, std::string statements) {
    auto work = [statements = std::move(statements)](soci::session& s) -> result<void> {
      for (std::size_t at = 0; at < statements.size();) {
        auto end = statements.find(";\n", at);
        s << statements.substr(at, end - at);
        at = end + 2;
      }
      return {};
    };
    auto done = asio::co_spawn(asio::make_strand(io),
                               db.write(context::for_system(std::chrono::seconds(30)), work),
                               asio::use_future)
                    .get();
    if (done) return;
    std::fprintf(stderr, "set-up: %s\n", done.error().detail.c_str());
    std::exit(1);
  }

  void all() {
    auto folder = std::filesystem::temp_directory_path() / ("oficio-bench-" + random_hex(6));
    std::filesystem::create_directories(folder);
    std::puts(
        "| store | writes/s | with an event | ratio | published/s |\n| --- | --- | --- | --- | --- "
        "|");
    {
      runtime::blocking_pool pool("bench", 8, 1'024);
      documents(folder, pool);
      rows("SQL in SQLite", *embedded::make_sql((folder / "rows.db").string(), pool));
      if (auto* server = std::getenv("OFICIO_TEST_MYSQL")) {
        rows("MySQL", *mysql::make_sql(config::parse_server_address("mysql", server), pool));
      }
      if (auto* server = std::getenv("OFICIO_TEST_POSTGRESQL")) {
        rows("PostgreSQL",
             *postgresql::make_sql(config::parse_server_address("postgresql", server), pool));
      }
    }
    std::filesystem::remove_all(folder);
  }
};

}  // namespace
}  // namespace oficio

int main() {
  oficio::bench().all();
}
