#include "platform/telemetry/documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/telemetry/record_sink.hpp"
#include "platform/telemetry/tests/kept.hpp"

namespace oficio::telemetry {
namespace {

constexpr std::int64_t noon = 1'767'268'800'123'456;  // 2026-01-01T12:00:00.123456Z

origin here() {
  return {.version = "0.3.0", .environment = "test", .node = "box:4006", .host = "box", .pid = 42};
}

trace_context a_trace() {
  return {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"};
}

record a_log(std::string_view message, const std::vector<field>& fields,
             const context* ctx = nullptr) {
  return log_record(here(), {.level = level::warning,
                             .service = "orders",
                             .message = message,
                             .ctx = ctx,
                             .fields = &fields,
                             .time_us = noon});
}

TEST(documents, a_log_line_is_an_ecs_document_of_its_service) {
  context ctx;
  ctx.trace = a_trace();
  ctx.request_id = "r-1";
  ctx.who.sub = "u-1";
  std::vector<field> fields{{"event.action", "pay"}, {"http.response.status_code", 503}};
  auto r = a_log("It is late.", fields, &ctx);
  EXPECT_EQ(r.stream, "logs-oficio.orders-test");
  EXPECT_EQ(r.time_us, noon);
  EXPECT_EQ(at(r, "@timestamp"), "2026-01-01T12:00:00.123Z");
  EXPECT_EQ(at(r, "message"), "It is late.");
  EXPECT_EQ(at(r, "log.level"), "warn");
  EXPECT_EQ(at(r, "log.logger"), "orders");
  EXPECT_EQ(at(r, "ecs.version"), "8.11.0");
  EXPECT_EQ(at(r, "service.name"), "orders");
  EXPECT_EQ(at(r, "service.version"), "0.3.0");
  EXPECT_EQ(at(r, "service.environment"), "test");
  EXPECT_EQ(at(r, "service.node.name"), "box:4006");
  EXPECT_EQ(at(r, "host.hostname"), "box");
  EXPECT_EQ(at(r, "process.pid"), "42");
  EXPECT_EQ(at(r, "event.dataset"), "oficio.orders");
  EXPECT_EQ(at(r, "event.action"), "pay");
  EXPECT_EQ(at(r, "http.response.status_code"), "503");
  EXPECT_EQ(at(r, "trace.id"), a_trace().trace_id);
  EXPECT_EQ(at(r, "transaction.id"), a_trace().span_id);
  EXPECT_EQ(at(r, "http.request.id"), "r-1");
  EXPECT_EQ(at(r, "user.id"), "u-1");
  EXPECT_EQ(r.about.kind, kind::log);
  EXPECT_EQ(r.about.level, "warn");
  EXPECT_EQ(r.about.trace_id, a_trace().trace_id);
  EXPECT_EQ(r.about.status, 503);
  EXPECT_EQ(r.document.find('\n'), std::string::npos);
}

TEST(documents, a_field_cannot_take_the_place_of_another) {
  auto r = a_log("hello", {{"message", "other"},
                           {"service.name", "chat"},
                           {"error", "plain"},
                           {"error.message", "below it"},
                           {"service", "flat"}});
  EXPECT_EQ(at(r, "message"), "hello");
  EXPECT_EQ(at(r, "service.name"), "orders");
  EXPECT_EQ(at(r, "error"), "plain");
}

TEST(documents, broken_and_long_texts_are_made_fit) {
  auto r = a_log(
      "a\xff"
      "b\n",
      {{"labels.long", std::string(5'000, 'x')}});
  EXPECT_EQ(at(r, "message"),
            "a\xEF\xBF\xBD"
            "b\n");
  EXPECT_EQ(at(r, "labels.long").size(), 1'024U);
  auto umlauts = a_log("x", {{"labels.long", "a" + std::string(1'022, 'x') + "\xC3\xA4"}});
  EXPECT_EQ(at(umlauts, "labels.long").size(), 1'023U);
}

TEST(documents, a_transaction_is_what_apm_stores) {
  transaction_facts f;
  f.service = "gateway";
  f.name = "GET /api/v1/gigs/{id}";
  f.type = "request";
  f.result = "HTTP 2xx";
  f.trace = a_trace();
  f.time_us = noon;
  f.duration_us = 1'500;
  f.spans = 3;
  f.spans_dropped = 1;
  f.weight = 4;
  f.user_id = "u-1";
  f.http = http_facts{.method = "GET",
                      .path = "/api/v1/gigs/7",
                      .route = "/api/v1/gigs/{id}",
                      .status = 200,
                      .client_ip = "10.0.0.9",
                      .user_agent = "curl/8",
                      .request_id = "r-1",
                      .response_bytes = 12};
  f.labels = {{"queue", "a.b"}};
  auto r = transaction_record(here(), f);
  EXPECT_EQ(r.stream, "traces-apm-test");
  EXPECT_EQ(r.id, a_trace().trace_id + a_trace().span_id);
  EXPECT_EQ(at(r, "@timestamp"), "2026-01-01T12:00:00.123Z");
  EXPECT_EQ(at(r, "timestamp.us"), std::to_string(noon));
  EXPECT_EQ(at(r, "processor.event"), "transaction");
  EXPECT_EQ(at(r, "data_stream.type"), "traces");
  EXPECT_EQ(at(r, "data_stream.dataset"), "apm");
  EXPECT_EQ(at(r, "data_stream.namespace"), "test");
  EXPECT_EQ(at(r, "trace.id"), a_trace().trace_id);
  EXPECT_EQ(at(r, "transaction.id"), a_trace().span_id);
  EXPECT_EQ(at(r, "span.id"), a_trace().span_id);
  EXPECT_EQ(at(r, "parent.id"), a_trace().parent_id);
  EXPECT_EQ(at(r, "transaction.name"), f.name);
  EXPECT_EQ(at(r, "transaction.type"), "request");
  EXPECT_EQ(at(r, "transaction.duration.us"), "1500");
  EXPECT_EQ(at(r, "transaction.result"), "HTTP 2xx");
  EXPECT_EQ(at(r, "transaction.sampled"), "true");
  EXPECT_EQ(at(r, "transaction.span_count.started"), "3");
  EXPECT_EQ(at(r, "transaction.span_count.dropped"), "1");
  EXPECT_EQ(at(r, "event.outcome"), "success");
  EXPECT_EQ(at(r, "http.response.status_code"), "200");
  EXPECT_EQ(at(r, "url.path"), "/api/v1/gigs/7");
  EXPECT_EQ(at(r, "client.ip"), "10.0.0.9");
  EXPECT_EQ(at(r, "user_agent.original"), "curl/8");
  EXPECT_EQ(at(r, "user.id"), "u-1");
  EXPECT_EQ(at(r, "labels.queue"), "a.b");
  EXPECT_EQ(r.about.duration_us, 1'500);
  EXPECT_EQ(r.about.outcome, "success");
  EXPECT_EQ(r.about.name, f.name);
}

TEST(documents, a_root_has_no_parent) {
  transaction_facts f;
  f.trace = {a_trace().trace_id, a_trace().span_id, ""};
  f.type = "request";
  EXPECT_EQ(at(transaction_record(here(), f), "parent.id"), "-");
}

TEST(documents, a_span_names_what_it_depends_on) {
  span_facts f;
  f.service = "orders";
  f.name = "insert orders";
  f.type = "db";
  f.subtype = "mongodb";
  f.action = "write";
  f.target = "mongodb/orders";
  f.statement = "INSERT";
  f.outcome = "failure";
  f.trace = a_trace();
  f.transaction_id = "aaaaaaaaaaaaaaaa";
  f.time_us = noon;
  f.duration_us = 77;
  auto r = span_record(here(), f);
  EXPECT_EQ(r.stream, "traces-apm-test");
  EXPECT_EQ(at(r, "processor.event"), "span");
  EXPECT_EQ(at(r, "span.id"), a_trace().span_id);
  EXPECT_EQ(at(r, "parent.id"), a_trace().parent_id);
  EXPECT_EQ(at(r, "transaction.id"), "aaaaaaaaaaaaaaaa");
  EXPECT_EQ(at(r, "span.name"), "insert orders");
  EXPECT_EQ(at(r, "span.type"), "db");
  EXPECT_EQ(at(r, "span.subtype"), "mongodb");
  EXPECT_EQ(at(r, "span.action"), "write");
  EXPECT_EQ(at(r, "span.db.type"), "mongodb");
  EXPECT_EQ(at(r, "span.db.statement"), "INSERT");
  EXPECT_EQ(at(r, "span.duration.us"), "77");
  EXPECT_EQ(at(r, "span.destination.service.resource"), "mongodb/orders");
  EXPECT_EQ(at(r, "service.target.type"), "mongodb");
  EXPECT_EQ(at(r, "service.target.name"), "orders");
  EXPECT_EQ(at(r, "event.outcome"), "failure");
}

error_facts an_error(std::string message, std::vector<std::string> frames = {}) {
  error_facts f;
  f.service = "orders";
  f.type = "std::runtime_error";
  f.message = std::move(message);
  f.frames = std::move(frames);
  f.trace = a_trace();
  f.transaction_name = "POST /orders";
  f.transaction_type = "request";
  f.time_us = noon;
  return f;
}

TEST(documents, an_error_has_its_stack_and_its_transaction) {
  auto r = error_record(here(), an_error("broken", {"a::b", "a::c"}));
  EXPECT_EQ(r.stream, "logs-apm.error-test");
  EXPECT_EQ(at(r, "processor.event"), "error");
  EXPECT_EQ(at(r, "error.id"), r.id);
  EXPECT_EQ(at(r, "error.culprit"), "a::b");
  auto ours = error_record(here(), an_error("broken", {"lib.so+0x12", "oficio::auth::f", "a::c"}));
  EXPECT_EQ(at(ours, "error.culprit"), "oficio::auth::f");
  EXPECT_EQ(at(r, "error.grouping_key"), r.about.grouping_key);
  EXPECT_EQ(at(r, "error.exception"),
            R"([{"message":"broken","type":"std::runtime_error","handled":false,)"
            R"("stacktrace":[{"function":"a::b"},{"function":"a::c"}]}])");
  EXPECT_EQ(at(r, "error.stack_trace"), "at a::b\nat a::c");
  EXPECT_EQ(at(r, "trace.id"), a_trace().trace_id);
  EXPECT_EQ(at(r, "transaction.id"), a_trace().span_id);
  EXPECT_EQ(at(r, "parent.id"), a_trace().span_id);
  EXPECT_EQ(at(r, "transaction.type"), "request");
  EXPECT_EQ(at(r, "transaction.name"), "POST /orders");
}

TEST(documents, errors_that_are_alike_have_one_key) {
  auto of = [](std::string message, std::vector<std::string> frames = {}) {
    return grouping_key(an_error(std::move(message), std::move(frames)));
  };
  EXPECT_EQ(of("no order 17"), of("no order 4711"));
  EXPECT_EQ(of("no 0198a1b2-0000-7000-8000-000000000001 here"),
            of("no 0198ffff-1111-7000-8000-0000000000ab here"));
  EXPECT_NE(of("no order 17"), of("no gig 17"));
  EXPECT_EQ(of("one", {"f", "g"}), of("two", {"f", "g"}));
  EXPECT_NE(of("one", {"f", "g"}), of("one", {"f", "h"}));
}

TEST(documents, metrics_are_dotted_numbers) {
  metric_facts f;
  f.service = "orders";
  f.labels = {{"pool", "blocking"}};
  f.samples = {{"oficio.pool_working", 2}, {"system.process.memory.rss.bytes", 4'096}};
  f.time_us = noon;
  auto r = metric_record(here(), f);
  EXPECT_EQ(r.stream, "metrics-apm.app.orders-test");
  EXPECT_EQ(at(r, "processor.event"), "metric");
  EXPECT_EQ(at(r, "metricset.name"), "app");
  EXPECT_EQ(at(r, "metricset.interval"), "10s");
  EXPECT_EQ(at(r, "labels.pool"), "blocking");
  EXPECT_EQ(at(r, "oficio.pool_working"), "2E0");
  EXPECT_EQ(at(r, "system.process.memory.rss.bytes"), "4.096E3");
}

// What Kibana's pages about dependencies add up.
TEST(documents, sums_of_calls_are_those_of_a_minute_and_count_for_as_many) {
  destination_facts f{.service = "orders",
                      .target = "mongodb/orders",
                      .type = "db",
                      .subtype = "mongodb",
                      .outcome = "success",
                      .minute_us = noon,
                      .count = 12,
                      .sum_us = 3'456};
  auto r = destination_record(here(), f);
  EXPECT_EQ(r.stream, "metrics-apm.service_destination.1m-test");
  EXPECT_EQ(at(r, "data_stream.dataset"), "apm.service_destination.1m");
  EXPECT_EQ(at(r, "processor.event"), "metric");
  EXPECT_EQ(at(r, "metricset.name"), "service_destination");
  EXPECT_EQ(at(r, "metricset.interval"), "1m");
  EXPECT_EQ(at(r, "_doc_count"), "12");
  EXPECT_EQ(at(r, "agent.name"), "oficio");
  EXPECT_EQ(at(r, "service.name"), "orders");
  EXPECT_EQ(at(r, "service.environment"), "test");
  EXPECT_EQ(at(r, "span.type"), "db");
  EXPECT_EQ(at(r, "span.name"), "-") << "then operations are looked for among spans";
  EXPECT_EQ(at(r, "span.destination.service.resource"), "mongodb/orders");
  EXPECT_EQ(at(r, "span.destination.service.response_time.count"), "12");
  EXPECT_EQ(at(r, "span.destination.service.response_time.sum.us"), "3456");
  EXPECT_EQ(at(r, "service.target.type"), "mongodb");
  EXPECT_EQ(at(r, "service.target.name"), "orders");
  EXPECT_EQ(at(r, "event.outcome"), "success");
}

TEST(documents, a_host_has_its_name_where_pages_of_hosts_look) {
  auto from = here();
  from.host = "nova";
  auto r = metric_record(from, {.service = "orders", .time_us = noon});
  EXPECT_EQ(at(r, "host.name"), "nova");
  EXPECT_EQ(at(r, "host.hostname"), "nova");
}

TEST(documents, names_of_streams_are_those_that_elasticsearch_takes) {
  EXPECT_EQ(stream_part("My-Env, 2"), "my_env__2");
  EXPECT_EQ(stream_part(""), "default");
  EXPECT_EQ(stream_part("dev.eu"), "dev.eu");
}

TEST(documents, a_logger_gives_its_lines_to_all_sinks) {
  kept_records kept;
  kept_records more;
  logger log(make_tee({make_record_sink(kept, here(), level::info),
                       make_record_sink(more, here(), level::error)}),
             "chat");
  log.debug("nobody");
  log.info("one");
  log.error("both");
  EXPECT_EQ(kept.size(), 2U);
  EXPECT_EQ(more.size(), 1U);
  EXPECT_EQ(kept.of(kind::log)[0].stream, "logs-oficio.chat-test");
  EXPECT_NE(kept.of(kind::log)[0].id, kept.of(kind::log)[1].id);
}

}  // namespace
}  // namespace oficio::telemetry
