#include <set>

#include <gmock/gmock.h>

#include "conformance/archive/samples.hpp"

namespace oficio::archive::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

const std::string one_trace = "0af7651916cd43dd8448eb211c80319c";
const std::string other_trace = "1af7651916cd43dd8448eb211c80319c";

std::vector<std::string> messages(const log_page& page) {
  std::vector<std::string> out;
  for (const auto& line : page.items) out.push_back(line.message);
  return out;
}

}  // namespace

TEST_P(archive_conformance, of_nothing_is_nothing) {
  auto all = get(read().traffic_of(ctx(), {.when = hour(), .step = minutes(10)}));
  ASSERT_EQ(all.series.size(), 6U);
  EXPECT_EQ(all.series[0].at, noon());
  EXPECT_EQ(all.series[5].at, noon() + minutes(50));
  EXPECT_EQ(all.series[0].requests, 0);
  EXPECT_FALSE(all.series[0].latency.p50_ms);
  EXPECT_TRUE(all.services.empty());
  EXPECT_TRUE(all.routes.empty());
  EXPECT_TRUE(get(read().logs(ctx(), {.when = hour()})).items.empty());
  EXPECT_TRUE(get(read().trace_of(ctx(), one_trace)).entries.empty());
  EXPECT_TRUE(get(read().errors(ctx(), {.when = hour()})).items.empty());
  EXPECT_TRUE(get(read().services(ctx(), hour())).nodes.empty());
  EXPECT_EQ(get(read().browsers(ctx(), hour())).loads, 0);
}

TEST_P(archive_conformance, counts_requests_by_time_service_and_route) {
  std::vector<telemetry::record> all;
  for (int i = 1; i <= 100; ++i) {
    all.push_back(request({.after = seconds(i), .us = i * 1'000}));
  }
  all.push_back(request({.after = minutes(25), .us = 50'000, .outcome = "failure", .status = 503}));
  all.push_back(request({.route = "POST /orders", .after = minutes(25), .weight = 10}));
  all.push_back(request({.service = "orders", .route = "POST /orders", .after = minutes(25)}));
  all.push_back(request({.service = "orders", .route = "order.placed", .status = 0}));  // an event
  all.push_back(request({.after = -seconds(1)}));
  all.push_back(request({.after = minutes(60)}));
  put(all);
  auto got =
      get(read().traffic_of(ctx(), {.when = hour(), .service = "gateway", .step = minutes(20)}));
  ASSERT_EQ(got.series.size(), 3U);
  EXPECT_EQ(got.series[0].requests, 100);
  EXPECT_EQ(got.series[0].errors, 0);
  EXPECT_NEAR(*got.series[0].latency.p50_ms, 50, 2);
  EXPECT_NEAR(*got.series[0].latency.p95_ms, 95, 2);
  EXPECT_NEAR(*got.series[0].latency.p99_ms, 99, 2);
  EXPECT_EQ(got.series[1].requests, 11);
  EXPECT_EQ(got.series[1].errors, 1);
  EXPECT_EQ(got.series[2].requests, 0);
  ASSERT_EQ(got.services.size(), 2U);
  EXPECT_EQ(got.services[0].service, "gateway");
  EXPECT_EQ(got.services[0].requests, 111);
  EXPECT_EQ(got.services[0].errors, 1);
  EXPECT_EQ(got.services[1].requests, 1);
  ASSERT_EQ(got.routes.size(), 2U);
  EXPECT_EQ(got.routes[0].route, "GET /gigs/{id}");
  EXPECT_EQ(got.routes[0].requests, 101);
  EXPECT_EQ(got.routes[1].route, "POST /orders");
  EXPECT_EQ(got.routes[1].requests, 10);
  auto both = get(read().traffic_of(ctx(), {.when = hour(), .step = minutes(60)}));
  EXPECT_EQ(both.series[0].requests, 112);
  EXPECT_EQ(both.routes.size(), 3U);
}

TEST_P(archive_conformance, never_tells_less_than_is_recorded) {
  std::vector<telemetry::record> all;
  // Failures are kept where only a share of the rest is, and stand for none then.
  for (int i = 0; i < 7; ++i) {
    all.push_back(request({.after = seconds(i), .outcome = "failure", .status = 500, .weight = 0}));
  }
  put(all);
  auto got = get(read().traffic_of(ctx(), {.when = hour(), .step = minutes(60)}));
  EXPECT_EQ(got.series.at(0).requests, 7);
  EXPECT_EQ(got.series.at(0).errors, 7);
  EXPECT_EQ(got.services.at(0).errors, 7);
  EXPECT_EQ(got.routes.at(0).requests, 7);
  auto map = get(read().services(ctx(), hour()));
  EXPECT_EQ(map.nodes.at(0).requests, 7);
  EXPECT_EQ(map.nodes.at(0).errors, 7);
}

TEST_P(archive_conformance, lists_requests_one_by_one) {
  put({request({.after = seconds(1), .us = 5'000, .trace_id = one_trace, .request_id = "r-1"}),
       request({.after = seconds(2), .us = 90'000}),
       request({.route = "POST /orders",
                .after = seconds(3),
                .us = 70'000,
                .outcome = "failure",
                .status = 503}),
       request({.service = "orders", .route = "POST /orders", .after = seconds(4), .us = 1'000}),
       request({.service = "orders", .route = "order.placed", .after = seconds(5), .status = 0}),
       request({.after = minutes(60)}), log({.after = seconds(6)})});
  auto when = [this](request_query q) {
    q.when = hour();
    std::vector<std::int64_t> out;
    for (const auto& one : get(read().requests(ctx(), q))) {
      out.push_back((one.at - noon()) / seconds(1));
    }
    return out;
  };
  EXPECT_THAT(when({}), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(when({.slowest_first = true}), ElementsAre(2, 3, 1, 4));
  EXPECT_THAT(when({.slowest_first = true, .limit = 2}), ElementsAre(2, 3));
  EXPECT_THAT(when({.service = "gateway", .route = "POST /orders"}), ElementsAre(3));
  EXPECT_THAT(when({.service = "orders"}), ElementsAre(4));
  EXPECT_THAT(when({.failed = true}), ElementsAre(3));
  EXPECT_THAT(when({.request_id = "r-1"}), ElementsAre(1));
  EXPECT_THAT(when({.request_id = "r-2"}), ElementsAre());
  auto one = get(read().requests(ctx(), {.when = hour(), .request_id = "r-1"})).at(0);
  EXPECT_EQ(one.service, "gateway");
  EXPECT_EQ(one.route, "GET /gigs/{id}");
  EXPECT_EQ(one.outcome, "success");
  EXPECT_EQ(one.status, 200);
  EXPECT_DOUBLE_EQ(one.duration_ms, 5);
  EXPECT_EQ(one.trace_id, one_trace);
  EXPECT_EQ(one.request_id, "r-1");
}

TEST_P(archive_conformance, finds_logs_by_what_is_asked) {
  put({log({.message = "The first order of Ana", .after = seconds(1), .trace_id = one_trace}),
       log({.message = "an ORDER was lost", .level = telemetry::level::error, .after = seconds(2)}),
       log({.service = "chat",
            .message = "no order of magnitude",
            .level = telemetry::level::warning,
            .after = seconds(3)}),
       log({.message = "hello", .after = minutes(60)}), error({.after = seconds(4)})});
  auto find = [this](log_query q) {
    q.when = hour();
    return messages(get(read().logs(ctx(), q)));
  };
  EXPECT_THAT(find({}),
              ElementsAre("no order of magnitude", "an ORDER was lost", "The first order of Ana"));
  EXPECT_THAT(find({.service = "chat"}), ElementsAre("no order of magnitude"));
  EXPECT_THAT(find({.levels = {"warn", "error"}}),
              ElementsAre("no order of magnitude", "an ORDER was lost"));
  EXPECT_THAT(find({.text = "order lost"}), ElementsAre("an ORDER was lost"));
  EXPECT_THAT(find({.text = "order nowhere"}), ElementsAre());
  EXPECT_THAT(find({.text = "%_\\\"'{"}), ElementsAre());
  EXPECT_THAT(find({.trace_id = one_trace}), ElementsAre("The first order of Ana"));
  EXPECT_THAT(find({.service = "orders", .trace_id = other_trace}), ElementsAre());
  auto line = get(read().logs(ctx(), {.when = hour(), .trace_id = one_trace})).items.at(0);
  EXPECT_EQ(line.at, noon() + seconds(1));
  EXPECT_EQ(line.service, "orders");
  EXPECT_EQ(line.level, "info");
  EXPECT_EQ(line.document.at("trace").at("id").as_string(), one_trace.c_str());
}

TEST_P(archive_conformance, pages_through_logs_without_losing_any) {
  std::vector<telemetry::record> all;
  // Several at the same moment, too.
  for (int i = 0; i < 95; ++i) {
    all.push_back(log({.message = std::to_string(i), .after = seconds(i / 10)}));
  }
  put(all);
  std::set<std::string> seen;
  std::size_t given = 0;
  std::string after;
  int pages = 0;
  do {
    auto page = get(read().logs(ctx(), {.when = hour(), .limit = 20, .after = after}));
    for (const auto& line : page.items) seen.insert(line.message);
    given += page.items.size();
    after = page.next;
    ASSERT_LT(++pages, 10);
  } while (!after.empty());
  EXPECT_EQ(pages, 5);
  EXPECT_EQ(seen.size(), 95U);
  EXPECT_EQ(given, 95U);
  auto bad = oficio::conformance::run(read().logs(ctx(), {.when = hour(), .after = "nonsense"}));
  EXPECT_EQ(bad.error().code, "bad_cursor");
}

TEST_P(archive_conformance, pages_through_many_logs_of_one_millisecond) {
  std::vector<telemetry::record> all;
  for (int i = 0; i < 300; ++i) all.push_back(log({.message = std::to_string(i)}));
  all.push_back(log({.message = "before", .after = milliseconds(-1) + seconds(1)}));
  all.push_back(log({.message = "after", .after = seconds(2)}));
  put(all);
  std::multiset<std::string> seen;
  log_query q{.when = hour(), .limit = 100};
  int pages = 0;
  do {
    auto page = get(read().logs(ctx(), q));
    for (const auto& line : page.items) seen.insert(line.message);
    q.after = page.next;
    ASSERT_LT(++pages, 10);
  } while (!q.after.empty());
  EXPECT_EQ(pages, 4);
  EXPECT_EQ(seen.size(), 302U);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 302U);
}

TEST_P(archive_conformance, tells_a_trace_in_order) {
  put({log({.message = "done", .after = seconds(3), .trace_id = one_trace}),
       call({.after = seconds(1), .trace_id = one_trace, .id = "bbbbbbbbbbbbbbbb"}),
       request({.after = seconds(1), .us = 3'000'000, .trace_id = one_trace}),
       request({.service = "orders",
                .after = seconds(2),
                .trace_id = one_trace,
                .id = "cccccccccccccccc",
                .parent_id = "bbbbbbbbbbbbbbbb"}),
       error({.after = milliseconds(2'500), .trace_id = one_trace}),
       log({.message = "of another", .after = seconds(3), .trace_id = other_trace})});
  auto got = get(read().trace_of(ctx(), one_trace));
  EXPECT_FALSE(got.cut);
  std::vector<std::string> kinds;
  for (const auto& e : got.entries) kinds.push_back(e.service + " " + e.kind);
  EXPECT_THAT(kinds, ElementsAre("gateway transaction", "gateway span", "orders transaction",
                                 "orders error", "orders log"));
  EXPECT_EQ(got.entries[0].duration_us, 3'000'000);
  EXPECT_EQ(got.entries[1].parent_id, got.entries[0].id);
  EXPECT_EQ(got.entries[2].parent_id, got.entries[1].id);
  EXPECT_EQ(got.entries[1].at_us - got.entries[0].at_us, 0);
  EXPECT_EQ(got.entries[0].status, 200);
}

TEST_P(archive_conformance, cuts_a_trace_that_never_ends) {
  std::vector<telemetry::record> all;
  for (std::size_t i = 0; i <= most_entries; ++i) {
    all.push_back(call({.after = milliseconds(i), .trace_id = one_trace}));
  }
  put(all);
  auto got = get(read().trace_of(ctx(), one_trace));
  EXPECT_TRUE(got.cut);
  EXPECT_EQ(got.entries.size(), most_entries);
}

TEST_P(archive_conformance, groups_errors_that_are_alike) {
  put({error({.message = "broke 1", .after = seconds(1), .user_id = "u1"}),
       error({.message = "broke 2", .after = seconds(9), .user_id = "u2", .trace_id = one_trace}),
       error({.message = "broke 3", .after = seconds(5), .user_id = "u1"}),
       error({.service = "web", .message = "x is undefined", .after = seconds(2)}),
       error({.after = minutes(61)})});
  auto got = get(read().errors(ctx(), {.when = hour()})).items;
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].count, 3);
  EXPECT_EQ(got[0].people, 2);
  EXPECT_EQ(got[0].service, "orders");
  EXPECT_EQ(got[0].type, "std::runtime_error");
  EXPECT_EQ(got[0].culprit, "place_order");
  EXPECT_EQ(got[0].stack, "at place_order\nat handle");
  EXPECT_EQ(got[0].first_at, noon() + seconds(1));
  EXPECT_EQ(got[0].last_at, noon() + seconds(9));
  EXPECT_NE(got[1].key, got[0].key);
  EXPECT_EQ(got[1].message, "x is undefined");
  EXPECT_EQ(get(read().errors(ctx(), {.when = hour(), .service = "web"})).items.size(), 1U);
  EXPECT_EQ(get(read().errors(ctx(), {.when = hour(), .limit = 1})).items.size(), 1U);
}

TEST_P(archive_conformance, pages_through_errors_the_most_frequent_first) {
  std::vector<telemetry::record> all;
  // 23 kinds; the first four times, the next three times …, later ones once, all at their own time.
  for (int i = 0; i < 23; ++i) {
    for (int n = 0; n < std::max(1, 4 - i); ++n) {
      all.push_back(error({.place = "place_" + std::to_string(i), .after = seconds(i + n)}));
    }
  }
  put(all);
  std::vector<std::string> seen;
  error_query q{.when = hour(), .limit = 10};
  for (int pages = 1;; ++pages) {
    auto page = get(read().errors(ctx(), q));
    for (const auto& group : page.items) seen.push_back(group.culprit);
    q.skip += page.items.size();
    EXPECT_EQ(page.more, pages < 3);
    if (!page.more) break;
  }
  ASSERT_EQ(seen.size(), 23U);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 23U);
  EXPECT_THAT(std::vector<std::string>(seen.begin(), seen.begin() + 4),
              ElementsAre("place_0", "place_1", "place_2", "place_22"));  // the latest of the rest
  auto beyond = get(read().errors(ctx(), {.when = hour(), .skip = most_error_groups}));
  EXPECT_TRUE(beyond.items.empty());
  EXPECT_FALSE(beyond.more);
}

TEST_P(archive_conformance, maps_services_and_what_they_depend_on) {
  put({request({.after = seconds(1)}),
       request({.after = seconds(5), .outcome = "failure", .status = 500}),
       request({.service = "orders", .route = "order.placed", .after = seconds(2), .status = 0}),
       call({.after = seconds(1), .us = 5'000}), call({.after = seconds(2), .outcome = "failure"}),
       // Who refuses is well.
       call({.after = seconds(2), .outcome = "failure", .status = 404}),
       call({.after = seconds(2), .outcome = "failure", .status = 503}),
       call({.service = "orders",
             .target = "mongodb/orders",
             .type = "db",
             .after = seconds(2),
             .us = 700})});
  auto got = get(read().services(ctx(), hour()));
  ASSERT_EQ(got.nodes.size(), 2U);
  EXPECT_EQ(got.nodes[0].service, "gateway");
  EXPECT_EQ(got.nodes[0].requests, 2);
  EXPECT_EQ(got.nodes[0].errors, 1);
  EXPECT_EQ(got.nodes[0].last_at, noon() + seconds(5));
  EXPECT_EQ(got.nodes[1].requests, 1);
  ASSERT_EQ(got.edges.size(), 2U);
  EXPECT_EQ(got.edges[0].from, "gateway");
  EXPECT_EQ(got.edges[0].to, "orders");
  EXPECT_EQ(got.edges[0].type, "external");
  EXPECT_EQ(got.edges[0].calls, 4);
  EXPECT_EQ(got.edges[0].errors, 2);
  EXPECT_EQ(got.edges[1].to, "mongodb/orders");
  EXPECT_EQ(got.edges[1].type, "db");
  EXPECT_NEAR(*got.edges[1].latency.p95_ms, 0.7, 0.02);
}

TEST_P(archive_conformance, tells_how_pages_felt) {
  std::vector<telemetry::record> all;
  for (int i = 1; i <= 100; ++i) {
    all.push_back(page({.after = seconds(i), .us = i * 10'000, .lcp = i * 10.0, .cls = 0}));
  }
  all.push_back(page({.page = "/", .after = seconds(1)}));
  auto loads = all.size();
  put(all);
  auto early = get(read().browsers(ctx(), hour()));
  EXPECT_EQ(early.loads, static_cast<std::int64_t>(loads));
  ASSERT_EQ(early.vitals.size(), 5U);
  EXPECT_EQ(early.vitals[0].name, "lcp");
  EXPECT_NEAR(*early.vitals[0].p75, 750, 15);
  EXPECT_EQ(early.vitals[0].count, 100);
  EXPECT_EQ(early.vitals[1].name, "inp");
  EXPECT_FALSE(early.vitals[1].p75);
  ASSERT_EQ(early.pages.size(), 2U);
  EXPECT_EQ(early.pages[0].page, "/gigs/{id}");
  EXPECT_EQ(early.pages[0].loads, 100);
  EXPECT_NEAR(*early.pages[0].load_p75_ms, 750, 15);
  EXPECT_NEAR(*early.pages[0].lcp_p75_ms, 750, 15);
  EXPECT_FALSE(early.pages[1].lcp_p75_ms);
  // What is known at the end of a visit counts more.
  put({page({.type = "page-exit", .after = seconds(200), .lcp = 900, .cls = 0.25, .inp = 80})});
  auto late = get(read().browsers(ctx(), hour()));
  EXPECT_EQ(late.loads, static_cast<std::int64_t>(loads));
  EXPECT_NEAR(*late.vitals[0].p75, 900, 9);
  EXPECT_NEAR(*late.vitals[1].p75, 80, 1);
  EXPECT_EQ(late.vitals[2].name, "cls");
  EXPECT_NEAR(*late.vitals[2].p75, 0.25, 0.01);
}

TEST_P(archive_conformance, keeps_to_the_deadline) {
  put({log({})});
  auto late = ctx();
  late.deadline = std::chrono::steady_clock::now() - seconds(1);
  auto got = oficio::conformance::run(read().logs(late, {.when = hour()}));
  ASSERT_TRUE(got.has_error());
  EXPECT_EQ(got.error().kind, errc::timeout);
}

}  // namespace oficio::archive::conformance
