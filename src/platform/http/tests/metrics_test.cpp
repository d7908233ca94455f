#include "platform/telemetry/metrics.hpp"

#include <algorithm>
#include <semaphore>

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/metrics_listener.hpp"
#include "platform/http/tests/running.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using telemetry::metrics;
using testing::HasSubstr;
using testing::Not;

TEST(metrics, are_written_as_prometheus_reads_them) {
  metrics all;
  all.count("jobs_total", "Jobs that were done", {{"kind", "a\"b\\c\nd"}}).add(3);
  all.level("depth", "How deep").set(2.5);
  auto& times = all.durations("took_seconds", "How long", {{"route", "/x"}});
  times.observe(0.001);  // on a bound: within it
  times.observe(0.002);
  times.observe(99.0);
  auto text = all.text();
  EXPECT_THAT(text, HasSubstr("# HELP jobs_total Jobs that were done\n# TYPE jobs_total counter\n"
                              "jobs_total{kind=\"a\\\"b\\\\c\\nd\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE depth gauge\ndepth 2.5\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE took_seconds histogram\n"
                              "took_seconds_bucket{route=\"/x\",le=\"0.001\"} 1\n"
                              "took_seconds_bucket{route=\"/x\",le=\"0.0025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("took_seconds_bucket{route=\"/x\",le=\"10\"} 2\n"
                              "took_seconds_bucket{route=\"/x\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("took_seconds_count{route=\"/x\"} 3\n"));
}

TEST(metrics, have_a_bounded_number_of_series) {
  metrics all;
  for (std::size_t i = 0; i < metrics::max_series + 100; ++i) {
    all.count("many_total", "Many", {{"who", std::to_string(i)}}).add();
  }
  auto text = all.text();
  EXPECT_THAT(text, HasSubstr("many_total{who=\"other\"} 100\n"));
  EXPECT_LE(std::ranges::count(text, '\n'), static_cast<std::ptrdiff_t>(metrics::max_series) + 3);
}

TEST(metrics, ask_whoever_counts_already_until_they_go) {
  metrics all;
  auto first = all.on_read([](auto& to) { to.level("size", "Sizes", {{"of", "a"}}, 1); });
  auto second = all.on_read([](auto& to) {
    to.count("other_total", "Others", {}, 7);
    to.level("size", "Sizes", {{"of", "b"}}, 2);
  });
  EXPECT_THAT(all.text(), HasSubstr("size{of=\"a\"} 1\nsize{of=\"b\"} 2\n"));
  second.reset();
  EXPECT_THAT(all.text(), Not(HasSubstr("other_total")));
  EXPECT_THAT(all.text(), HasSubstr("size{of=\"a\"} 1\n"));
}

TEST(metrics, tell_of_this_process) {
  metrics all;
  auto told = all.on_read(telemetry::tell_process);
  auto text = all.text();
  for (auto name :
       {"process_cpu_seconds_total", "process_open_fds", "process_max_fds",
        "process_start_time_seconds", "process_resident_memory_bytes", "process_threads"}) {
    auto at = text.find("\n" + std::string(name) + " ");
    ASSERT_NE(at, std::string::npos) << name;
    EXPECT_GT(std::stod(text.substr(at + 1 + std::string(name).size())), 0) << name;
  }
  auto at = text.find("\nprocess_start_time_seconds ");
  auto started = std::stod(text.substr(at + 28));
  EXPECT_NEAR(started, static_cast<double>(std::time(nullptr)), 600);
}

awaitable<result<response>> nothing() {
  co_return no_content();
}

TEST(a_server, counts_by_pattern_and_never_by_path) {
  metrics all;
  test::running_io io;
  router routes;
  routes.get("/gigs/{id}", [](request&) { return nothing(); });
  auto served = make_server(io.io, {.metrics = &all}, routes, telemetry::logger(nullptr, "test"));
  served->start();
  {
    test::raw_client client(served->port());
    for (auto target : {"/gigs/1", "/gigs/2", "/nowhere"}) {
      client.ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    client.ask("BREW / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(client.is_closed());
  }
  auto text = all.text();
  EXPECT_THAT(text, HasSubstr("oficio_http_request_duration_seconds_count"
                              "{route=\"/gigs/{id}\",method=\"GET\",status=\"2xx\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{route=\"none\",method=\"GET\",status=\"4xx\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{route=\"none\",method=\"none\",status=\"5xx\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("oficio_http_connections_total 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("nowhere")));
  served->stop_accepting();
  io.wait(served->finish(2s));
}

TEST(metrics_listener, answers_while_the_main_threads_are_stuck) {
  metrics all;
  all.level("here", "Yes").set(1);
  asio::io_context main;
  std::counting_semaphore<> stuck{0};
  std::counting_semaphore<> release{0};
  for (int i = 0; i < 2; ++i) {
    asio::post(main, [&] {
      stuck.release();
      release.acquire();
    });
  }
  std::array<std::jthread, 2> threads;
  for (auto& t : threads) t = std::jthread([&] { main.run(); });
  stuck.acquire();
  stuck.acquire();
  {
    metrics_listener listener("127.0.0.1", 0, all, telemetry::logger(nullptr, "test"));
    test::raw_client client(listener.port());
    auto r = client.ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(r.status, 200);
    EXPECT_THAT(r.field("Content-Type"), HasSubstr("version=0.0.4"));
    EXPECT_THAT(r.body, HasSubstr("here 1\n"));
    EXPECT_EQ(client.ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
  }
  release.release(2);
}

}  // namespace
}  // namespace oficio::http
