#include "platform/tracing/requests.hpp"

#include <stdexcept>

#include "platform/telemetry/thrown.hpp"
#include "platform/tracing/tests/traced.hpp"

namespace oficio::tracing {

// Its name is looked for in the stack.
[[gnu::noinline]] void a_bug_in_the_market() {
  throw std::out_of_range("no such package");
}

namespace {

// Who is to blame for it: `otherwise` where throws are not seen.
std::string culprit_or(const std::string& otherwise) {
  return telemetry::throws_are_seen() ? "oficio::tracing::a_bug_in_the_market" : otherwise;
}

awaitable<result<http::response>> say(int status) {
  http::response r;
  r.status = status;
  r.body = "12345";
  co_return r;
}

// As a service learns from the token who asks.
awaitable<result<http::response>> say_to_gateway(http::request& r) {
  r.ctx.who = {.sub = "gateway", .roles = {"gateway"}};
  return say(200);
}

// What the header of a call made now would say.
awaitable<result<http::response>> show_trace(http::request& r) {
  http::response out;
  out.body = r.ctx.trace.header();
  co_return out;
}

awaitable<result<http::response>> fail(error e) {
  co_return e;
}

awaitable<result<http::response>> break_down() {
  a_bug_in_the_market();
  co_return http::response{};
}

awaitable<result<http::response>> pass_on(http::upstream& to, http::request& r) {
  http::request own;
  own.method = r.method;
  own.target = "/broken";
  own.ctx = r.ctx;
  auto answer = co_await to.send(own);
  EXPECT_EQ(own.ctx.trace.span_id, r.ctx.trace.span_id);  // as it was
  co_return answer;
}

awaitable<result<http::response>> hand_over(const http::router& to, http::request& r) {
  co_return co_await to.handle(r);
}

awaitable<result<void>> succeed() {
  co_return result<void>{};
}

awaitable<result<void>> handle(events::handler h, events::envelope e, context ctx) {
  co_return co_await h(e, ctx);
}

class requests_test : public traced_test {
 protected:
  requests_test() {
    routes_.observe(record_requests(by_, "orders", telemetry::caller::outside));
    routes_.get("/news", [](http::request& r) { return say_to_gateway(r); });
    routes_.get("/things/{id}", [](http::request&) { return say(200); });
    routes_.get("/healthz", [](http::request&) { return say(200); });
    routes_.get("/away", [](http::request&) {
      return fail({errc::unavailable, "database_unavailable", "The database is away."});
    });
    routes_.get("/missing", [](http::request&) { return fail(not_found("The thing")); });
    routes_.get("/broken", [](http::request&) { return break_down(); });
    routes_.get("/long", [](http::request& r) {
      r.when_gone = [] {};
      return say(200);
    });
  }

  http::response ask(std::string_view target) { return ask(routes_, target); }
  http::response ask(const http::router& of, std::string_view target) {
    http::request r;
    r.ctx = ctx_;
    r.ctx.request_id = "r-1";
    r.ctx.who = {.sub = "u-1"};
    r.headers.set("User-Agent", "test/1");
    r.remote_address = "10.0.0.9";
    r.target = target;
    EXPECT_TRUE(http::parse_target(target, r));
    return run(of.handle(r));
  }

  http::router routes_;
};

TEST_F(requests_test, a_request_is_a_transaction_named_after_its_route) {
  EXPECT_EQ(ask("/things/7?token=secret").status, 200);
  auto t = kept_.of(kind::transaction).at(0);
  EXPECT_EQ(at(t, "transaction.name"), "GET /things/{id}");
  EXPECT_EQ(at(t, "transaction.type"), "request");
  EXPECT_EQ(at(t, "transaction.result"), "HTTP 2xx");
  EXPECT_EQ(at(t, "event.outcome"), "success");
  EXPECT_EQ(at(t, "service.name"), "orders");
  EXPECT_EQ(at(t, "http.response.status_code"), "200");
  EXPECT_EQ(at(t, "http.response.body.bytes"), "5");
  EXPECT_EQ(at(t, "http.request.id"), "r-1");
  EXPECT_EQ(at(t, "url.path"), "/things/7");
  EXPECT_EQ(at(t, "user.id"), "u-1");
  EXPECT_EQ(at(t, "client.ip"), "10.0.0.9");
  EXPECT_EQ(at(t, "user_agent.original"), "test/1");
  EXPECT_EQ(at(t, "transaction.id"), ctx_.trace.span_id);
  EXPECT_EQ(t.document.find("secret"), std::string::npos);
}

TEST_F(requests_test, questions_after_health_are_not_recorded) {
  EXPECT_EQ(ask("/healthz").status, 200);
  EXPECT_EQ(kept_.size(), 0U);
}

TEST_F(requests_test, the_programs_own_looking_for_news_is_not_recorded) {
  EXPECT_EQ(ask("/news").status, 200);
  EXPECT_EQ(kept_.size(), 0U);
  ctx_.trace.sampled = true;  // but within something that is
  EXPECT_EQ(ask("/news").status, 200);
  EXPECT_EQ(kept_.of(kind::transaction).size(), 1U);
  ctx_.trace.sampled = false;
  telemetry::kept_records kept;
  telemetry::tracer slow(kept, {}, {.slow = std::chrono::milliseconds(-1)});
  http::router door;
  door.observe(record_requests(slow, "auth", telemetry::caller::outside));
  door.get("/news", [](http::request& r) { return say_to_gateway(r); });
  ask(door, "/news");
  EXPECT_EQ(kept.of(kind::transaction).size(), 1U);
}

TEST_F(requests_test, who_is_called_hears_whether_the_caller_is_recorded) {
  telemetry::kept_records kept;
  telemetry::tracer none(kept, {}, {.share = 0});
  for (bool recorded : {true, false}) {
    auto& by = recorded ? by_ : none;
    http::router service;
    service.otherwise([](http::request& r) { return show_trace(r); });
    auto to = watch(by, http::make_local_upstream(service, "orders"), "orders");
    http::router door;
    door.observe(record_requests(by, "gateway", telemetry::caller::outside));
    door.get("/orders", [&to](http::request& r) { return pass_on(*to, r); });
    ctx_.trace.sampled = !recorded;  // as a client says, who does not know
    auto told = ask(door, "/orders").body;
    EXPECT_EQ(told.substr(53), recorded ? "01" : "00");
    EXPECT_EQ(told.substr(3, 32), ctx_.trace.trace_id);
  }
}

TEST_F(requests_test, events_of_a_handler_hear_whether_it_is_recorded) {
  telemetry::kept_records kept;
  telemetry::tracer none(kept, {}, {.share = 0});
  for (bool recorded : {true, false}) {
    hosting::service s;
    s.name = "users";
    std::string told;
    auto look = [&told](const context& ctx) {
      told = ctx.trace.header();
      return succeed();
    };
    s.subscriptions.push_back(
        {{.name = "users.orders"}, [look](const auto&, const context& ctx) { return look(ctx); }});
    s.timers.push_back({"digests", std::chrono::seconds(1), look});
    watch(recorded ? by_ : none, s);
    for (bool raised_by_recorded : {true, false}) {
      ctx_.trace.sampled = raised_by_recorded;
      EXPECT_TRUE(run(handle(s.subscriptions[0].handle, {}, ctx_)).has_value());
      EXPECT_EQ(told.substr(53), recorded || raised_by_recorded ? "01" : "00");
      EXPECT_TRUE(run(s.timers[0].run(ctx_)).has_value());  // in nobody's name
      EXPECT_EQ(told.substr(53), recorded ? "01" : "00");
    }
  }
}

TEST_F(requests_test, an_error_of_ours_is_told_with_its_code) {
  EXPECT_EQ(ask("/away").status, 503);
  auto t = kept_.of(kind::transaction).at(0);
  EXPECT_EQ(at(t, "event.outcome"), "failure");
  EXPECT_EQ(at(t, "http.response.status_code"), "503");
  auto e = kept_.of(kind::error).at(0);
  EXPECT_EQ(e.about.name, "database_unavailable: The database is away.");
  EXPECT_EQ(at(e, "error.type"), "database_unavailable");
  EXPECT_EQ(at(e, "transaction.name"), "GET /away");
}

TEST_F(requests_test, that_something_is_not_there_is_an_answer) {
  EXPECT_EQ(ask("/missing").status, 404);
  EXPECT_EQ(at(kept_.of(kind::transaction).at(0), "event.outcome"), "success");
  EXPECT_TRUE(kept_.of(kind::error).empty());
}

TEST_F(requests_test, an_exception_is_told_with_the_place_where_it_was_thrown) {
  auto answer = ask("/broken");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("package"), std::string::npos);
  auto e = kept_.of(kind::error).at(0);
  EXPECT_EQ(at(e, "error.type"), "std::out_of_range");
  EXPECT_EQ(at(e, "error.message"), "no such package");
  EXPECT_EQ(at(e, "error.culprit"), culprit_or("GET /broken"));
  EXPECT_EQ(at(kept_.of(kind::transaction).at(0), "http.response.status_code"), "500");
  ask("/broken");
  EXPECT_EQ(kept_.of(kind::error).at(1).about.grouping_key, e.about.grouping_key);
}

TEST_F(requests_test, an_exception_behind_another_table_is_told_too) {
  http::router inner;
  inner.get("/broken", [](http::request&) { return break_down(); });
  http::router outer;
  outer.observe(record_requests(by_, "gateway", telemetry::caller::outside));
  outer.otherwise([&inner](http::request& r) { return hand_over(inner, r); });
  EXPECT_EQ(ask(outer, "/broken").status, 500);
  auto e = kept_.of(kind::error).at(0);
  EXPECT_EQ(at(e, "error.type"), "std::out_of_range");
  EXPECT_EQ(at(e, "error.culprit"), culprit_or("GET /broken"));
  EXPECT_EQ(at(kept_.of(kind::transaction).at(0), "transaction.name"), "GET /broken");
}

TEST_F(requests_test, a_call_to_a_service_goes_on_in_the_same_trace_and_its_error_is_told_once) {
  auto to = watch(by_, http::make_local_upstream(routes_, "orders"), "orders");
  http::router door;
  door.observe(record_requests(by_, "gateway", telemetry::caller::outside));
  door.get("/orders", [&to](http::request& r) { return pass_on(*to, r); });
  EXPECT_EQ(ask(door, "/orders").status, 500);
  auto transactions = kept_.of(kind::transaction);
  auto spans = kept_.of(kind::span);
  ASSERT_EQ(transactions.size(), 2U);  // the service's ends first
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(at(transactions[0], "service.name"), "orders");
  EXPECT_EQ(at(transactions[0], "trace.id"), at(transactions[1], "trace.id"));
  EXPECT_EQ(at(transactions[0], "parent.id"), at(spans[0], "span.id"));
  EXPECT_EQ(at(spans[0], "parent.id"), at(transactions[1], "transaction.id"));
  EXPECT_EQ(at(spans[0], "span.name"), "GET orders");
  EXPECT_EQ(at(spans[0], "http.response.status_code"), "500");
  ASSERT_EQ(kept_.of(kind::error).size(), 1U);
  EXPECT_EQ(at(kept_.of(kind::error)[0], "service.name"), "orders");
}

TEST_F(requests_test, an_error_behind_work_that_is_not_recorded_is_told_once_too) {
  telemetry::kept_records kept;
  telemetry::tracer none(kept, {}, {.share = 0});
  http::router service;
  service.observe(record_requests(none, "orders", telemetry::caller::known));
  service.get("/broken", [](http::request&) { return break_down(); });
  auto to = watch(none, http::make_local_upstream(service, "orders"), "orders");
  http::router door;
  door.observe(record_requests(none, "gateway", telemetry::caller::outside));
  door.get("/orders", [&to](http::request& r) { return pass_on(*to, r); });
  auto answer = ask(door, "/orders");
  EXPECT_EQ(answer.status, 500);
  ASSERT_EQ(kept.of(kind::error).size(), 1U);
  EXPECT_EQ(at(kept.of(kind::error)[0], "service.name"), "orders");
  EXPECT_EQ(telemetry::untold(answer.failure).message, "exception: no such package");
}

TEST_F(requests_test, one_that_waits_for_news_is_not_slow) {
  telemetry::kept_records kept;
  telemetry::tracer slow(kept, {}, {.share = 0, .slow = std::chrono::milliseconds(-1)});
  http::router door;
  door.observe(record_requests(slow, "gateway", telemetry::caller::outside));
  door.otherwise([this](http::request& r) { return hand_over(routes_, r); });
  ask(door, "/long");
  EXPECT_EQ(kept.size(), 0U);
  ask(door, "/missing");
  EXPECT_EQ(kept.of(kind::transaction).size(), 1U);
}

// --- events and jobs

awaitable<result<void>> break_at_work() {
  a_bug_in_the_market();
  co_return result<void>{};
}

TEST_F(requests_test, an_event_is_a_transaction_of_the_trace_that_raised_it) {
  hosting::service s;
  s.name = "users";
  s.subscriptions.push_back({{.name = "users.orders"}, [](const auto&, const context& ctx) {
                               EXPECT_FALSE(ctx.trace.trace_id.empty());
                               return succeed();
                             }});
  watch(by_, s);
  events::envelope e;
  e.id = "e-1";
  e.type = "orders.order.paid";
  e.subject = "o-1";
  ctx_.trace = *trace_context::from_header(ctx_.trace.header());
  EXPECT_TRUE(run(handle(s.subscriptions[0].handle, e, ctx_)).has_value());
  auto t = kept_.of(kind::transaction).at(0);
  EXPECT_EQ(at(t, "transaction.name"), "orders.order.paid");
  EXPECT_EQ(at(t, "transaction.type"), "messaging");
  EXPECT_EQ(at(t, "service.name"), "users");
  EXPECT_EQ(at(t, "trace.id"), ctx_.trace.trace_id);
  EXPECT_EQ(at(t, "parent.id"), ctx_.trace.parent_id);
  EXPECT_EQ(at(t, "labels.queue"), "users.orders");
  EXPECT_EQ(at(t, "labels.event_id"), "e-1");
}

TEST_F(requests_test, a_handler_or_job_that_breaks_is_told_and_still_breaks) {
  hosting::service s;
  s.name = "users";
  s.subscriptions.push_back(
      {{.name = "users.orders"}, [](const auto&, const context&) { return break_at_work(); }});
  s.timers.push_back(
      {"digests", std::chrono::seconds(1), [](const context&) { return break_at_work(); }});
  watch(by_, s);
  EXPECT_THROW(run(handle(s.subscriptions[0].handle, {}, ctx_)), std::out_of_range);
  EXPECT_THROW(run(s.timers[0].run(ctx_)), std::out_of_range);
  auto errors = kept_.of(kind::error);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(at(errors[0], "error.culprit"), culprit_or(""));
  EXPECT_EQ(at(errors[1], "transaction.name"), "digests");
  EXPECT_EQ(at(kept_.of(kind::transaction)[1], "transaction.type"), "scheduled");
}

}  // namespace
}  // namespace oficio::tracing
