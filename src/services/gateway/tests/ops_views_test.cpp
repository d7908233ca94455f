#include "market.hpp"

namespace oficio::gateway {
namespace {

// Keeps what it was asked, and tells a little.
struct fake_archive final : archive::reader {
  awaitable<result<archive::overview>> traffic_of(context, archive::overview_query q) override {
    overview = q;
    archive::overview out;
    out.series.push_back({.at = q.when.from, .requests = 3, .latency = {.p50_ms = 1.5}});
    out.services.push_back({.service = "gateway", .requests = 3, .errors = 1});
    co_return out;
  }
  awaitable<result<std::vector<archive::request_line>>> requests(
      context, archive::request_query q) override {
    listed = q;
    ++lists;
    if (q.when.to < begins) co_return std::vector<archive::request_line>();
    co_return std::vector<archive::request_line>{
        {.at = q.when.from, .service = "gigs", .status = 500, .duration_ms = 1.5}};
  }
  awaitable<result<archive::log_page>> logs(context, archive::log_query q) override {
    asked = q;
    archive::log_page out;
    out.items.push_back(
        {.at = q.when.from, .service = "orders", .level = "warn", .message = "slow"});
    out.next = q.after.empty() ? "17.3" : "";
    co_return out;
  }
  awaitable<result<archive::trace>> trace_of(context, std::string id) override {
    archive::trace out;
    if (id != std::string(32, 'a')) co_return out;
    out.entries.push_back({.kind = "transaction", .id = "t", .at_us = 1'000'000, .duration_us = 9});
    out.entries.push_back({.kind = "span", .id = "s", .parent_id = "t", .at_us = 1'000'005});
    co_return out;
  }
  awaitable<result<archive::error_page>> errors(context, archive::error_query q) override {
    faults = q;
    co_return archive::error_page{{{.key = "k", .message = "broke", .count = 2}}, q.skip < 2};
  }
  awaitable<result<archive::service_map>> services(context, archive::time_range) override {
    co_return archive::service_map{
        {{.service = "orders", .requests = 5}, {.service = "web", .requests = 1}},
        {{.from = "gateway", .to = "http/orders", .type = "external", .calls = 5}}};
  }
  awaitable<result<archive::browser_figures>> browsers(context, archive::time_range) override {
    co_return archive::browser_figures{.loads = 4, .vitals = {{"lcp", 900.0, 4}}};
  }

  archive::overview_query overview;
  archive::request_query listed;
  int lists = 0;
  time_point begins;  // before, nothing was recorded
  archive::log_query asked;
  archive::error_query faults;
};

class ops_views : public test::a_gateway {
 protected:
  ops_views() {
    options o;
    o.archive = &recorded;
    services["chat"].status = 503;
    open(o);
  }
  http::response see(const std::string& path, const std::string& role = "operator") {
    return get("/api/v1/ops/" + path,
               {{"Authorization", "Bearer " + token("s-2", {}, {"user", role})}});
  }
  json::value read(const std::string& path) {
    auto got = see(path);
    EXPECT_EQ(got.status, 200) << got.body;
    return json::parse(got.body).value();
  }
  fake_archive recorded;
};

TEST_F(ops_views, are_for_operators) {
  for (auto path : {"overview", "requests", "logs", "traces/x", "errors", "services", "browser"}) {
    EXPECT_EQ(code_of(get("/api/v1/ops/" + std::string(path))), "not_signed_in") << path;
    EXPECT_EQ(code_of(see(path, "user")), "operators_only") << path;
  }
}

TEST_F(ops_views, tell_of_the_last_hour_unless_asked) {
  auto got = read("overview");
  EXPECT_EQ(got.at("step_seconds"), 60);
  EXPECT_EQ(recorded.overview.when.to - recorded.overview.when.from, std::chrono::hours(1));
  EXPECT_EQ(got.at("series").at(0).at("latency").at("p50_ms"), 1.5);
  EXPECT_TRUE(got.at("series").at(0).at("latency").at("p99_ms").is_null());
  EXPECT_EQ(got.at("services").at(0).at("errors"), 1);
  read("overview?from=2026-01-01T00:00:00Z&to=2026-01-08T00:00:00Z&service=orders");
  EXPECT_EQ(recorded.overview.step, std::chrono::hours(4));
  EXPECT_EQ(recorded.overview.service, "orders");
  EXPECT_EQ(see("overview?from=yesterday").status, 422);
  EXPECT_EQ(see("overview?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z").status, 422);
  EXPECT_EQ(see("overview?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").status, 422);
  EXPECT_EQ(see("overview?sort=up").status, 422);
}

TEST_F(ops_views, list_requests_as_asked) {
  auto got = read("requests?service=gigs&route=GET%20/gigs&failed=true&order=slowest&limit=7");
  EXPECT_EQ(got.at("items").at(0).at("duration_ms"), 1.5);
  EXPECT_EQ(recorded.listed.service, "gigs");
  EXPECT_EQ(recorded.listed.route, "GET /gigs");
  EXPECT_TRUE(recorded.listed.failed);
  EXPECT_TRUE(recorded.listed.slowest_first);
  EXPECT_EQ(recorded.listed.limit, 7U);
  EXPECT_EQ(recorded.listed.when.to - recorded.listed.when.from, std::chrono::hours(1));
  read("requests");
  EXPECT_FALSE(recorded.listed.failed);
  EXPECT_FALSE(recorded.listed.slowest_first);
  EXPECT_EQ(see("requests?order=best").status, 422);
  EXPECT_EQ(see("requests?failed=perhaps").status, 422);
}

TEST_F(ops_views, find_a_request_when_it_was) {
  const time_point then(std::chrono::milliseconds(0x019b'1234'5678));
  const std::string id = "019b1234-5678-7000-8000-00000000000a";
  read("requests?request_id=" + id);
  EXPECT_EQ(recorded.listed.request_id, id);
  EXPECT_LE(recorded.listed.when.from, then);
  EXPECT_GT(recorded.listed.when.to, then);
  EXPECT_LT(recorded.listed.when.to - recorded.listed.when.from, std::chrono::minutes(5));
  EXPECT_EQ(recorded.lists, 1);
  // It was made while a clock was wrong.
  recorded.begins = then + std::chrono::hours(1);
  EXPECT_EQ(read("requests?request_id=" + id).at("items").as_array().size(), 1U);
  EXPECT_EQ(recorded.listed.when.to - recorded.listed.when.from, std::chrono::hours(1));
  read("requests?request_id=r-1");  // not a gateway's: looked for in the time that is asked for
  EXPECT_EQ(recorded.listed.when.to - recorded.listed.when.from, std::chrono::hours(1));
}

TEST_F(ops_views, search_logs_page_by_page) {
  auto first = read("logs?service=orders&level=warn&text=slow&limit=10");
  EXPECT_EQ(recorded.asked.levels, (std::vector<std::string>{"warn", "error"}));
  EXPECT_EQ(recorded.asked.limit, 10U);
  EXPECT_EQ(first.at("items").at(0).at("message"), "slow");
  EXPECT_TRUE(first.at("items").at(0).at("trace_id").is_null());
  std::string cursor(first.at("next_cursor").as_string());
  auto second = read("logs?service=orders&level=warn&text=slow&cursor=" + cursor);
  EXPECT_EQ(recorded.asked.after, "17.3");
  EXPECT_TRUE(second.at("next_cursor").is_null());
  EXPECT_EQ(code_of(see("logs?service=chat&cursor=" + cursor)), "bad_cursor");
  EXPECT_EQ(see("logs?level=loud").status, 422);
}

TEST_F(ops_views, list_errors_page_by_page_over_the_time_of_the_first) {
  auto first = read("errors?service=orders&limit=1");
  auto when = recorded.faults.when;
  EXPECT_EQ(recorded.faults.skip, 0U);
  std::string cursor(first.at("next_cursor").as_string());
  clock.advance(std::chrono::minutes(5));
  auto second = read("errors?service=orders&limit=1&cursor=" + cursor);
  EXPECT_EQ(recorded.faults.skip, 1U);
  EXPECT_EQ(recorded.faults.when.from, when.from);
  EXPECT_EQ(recorded.faults.when.to, when.to);
  cursor = second.at("next_cursor").as_string();
  EXPECT_TRUE(read("errors?service=orders&cursor=" + cursor).at("next_cursor").is_null());
  EXPECT_EQ(recorded.faults.skip, 2U);
  EXPECT_EQ(code_of(see("errors?cursor=" + cursor)), "bad_cursor");
  EXPECT_EQ(code_of(see("errors?service=orders&cursor=x")), "bad_cursor");
}

TEST_F(ops_views, tell_a_trace_from_its_beginning) {
  auto got = read("traces/" + std::string(32, 'a'));
  ASSERT_EQ(got.at("entries").as_array().size(), 2U);
  EXPECT_EQ(got.at("entries").at(0).at("at"), "1970-01-01T00:00:01.000Z");
  EXPECT_EQ(got.at("entries").at(1).at("start_us"), 5);
  EXPECT_EQ(got.at("entries").at(1).at("parent_id"), "t");
  EXPECT_TRUE(got.at("entries").at(1).at("duration_us").is_null());
  EXPECT_EQ(see("traces/" + std::string(32, 'b')).status, 404);
  EXPECT_EQ(see("traces/xyz").status, 404);
}

TEST_F(ops_views, tell_errors_services_and_browsers) {
  EXPECT_EQ(read("errors?service=orders&limit=5").at("items").at(0).at("count"), 2);
  EXPECT_EQ(recorded.faults.limit, 5U);
  auto map = read("services");
  std::map<std::string, std::string> health;
  for (const auto& s : map.at("services").as_array()) {
    health[std::string(s.at("service").as_string())] = std::string(s.at("health").as_string());
  }
  EXPECT_EQ(health["orders"], "ok");
  EXPECT_EQ(health["chat"], "unavailable");
  EXPECT_EQ(health["gateway"], "ok");
  EXPECT_EQ(health["web"], "unknown");
  EXPECT_EQ(map.at("dependencies").at(0).at("to"), "orders");
  auto browser = read("browser");
  EXPECT_EQ(browser.at("vitals").at(0).at("p75"), 900.0);
  EXPECT_EQ(browser.at("errors").at(0).at("message"), "broke");
  EXPECT_EQ(recorded.faults.service, "web");
}

TEST_F(ops_views, say_that_nothing_is_recorded) {
  open();
  EXPECT_EQ(code_of(see("overview")), "nothing_recorded");
  EXPECT_EQ(see("services").status, 200);
}

}  // namespace
}  // namespace oficio::gateway
