// Telemetry on a real server: its templates, its answers, its absence.

#include <array>
#include <cstdio>
#include <cstdlib>

#include <gmock/gmock.h>

#include "drivers/elasticsearch/server.hpp"
#include "drivers/elasticsearch/telemetry/bulk.hpp"
#include "drivers/elasticsearch/telemetry/setup.hpp"
#include "drivers/elasticsearch/telemetry/templates.hpp"
#include "drivers/elasticsearch/tests/shipping.hpp"
#include "platform/json/json.hpp"

namespace oficio::elasticsearch {
namespace {

using std::chrono::minutes;

class shipping_server_test : public shipping_test {
 protected:
  shipping_server_test()
      : address_(
            config::parse_server_address("telemetry", std::getenv("OFICIO_TEST_ELASTICSEARCH"))),
        caller_(address_) {}

  std::unique_ptr<telemetry_shipper> open() const {
    return make_telemetry_shipper(address_, quick(), {nullptr, "test"});
  }

  json::value get(const std::string& target) {
    auto said = caller_.get(target, std::chrono::seconds(20));
    if (!said.has_value()) return nullptr;
    auto body = json::parse(said->body, 64);
    return body.has_value() ? *body : json::value(nullptr);
  }
  std::int64_t count(const std::string& stream, const std::string& query = "") {
    caller_.get("/" + stream + "/_refresh", std::chrono::seconds(20));
    return integer_of(find(get("/" + stream + "/_search?size=0&track_total_hits=true" + query),
                           {"hits", "total", "value"}),
                      -1);
  }
  // What an aggregation says how many there are of the first value of a field.
  std::int64_t counted_for(const std::string& stream, const std::string& field) {
    std::string body;
    for (char c : R"({"size":0,"aggs":{"by":{"terms":{"field":")" + field + R"("}}}})") {
      std::array<char, 4> hex{};
      std::snprintf(hex.data(), hex.size(), "%%%02X", static_cast<unsigned char>(c));
      body += hex.data();
    }
    auto said =
        get("/" + stream + "/_search?source_content_type=application%2Fjson&source=" + body);
    const auto* buckets = find(said, {"aggregations", "by", "buckets"});
    if (!buckets || !buckets->is_array() || buckets->get_array().empty()) return -1;
    return integer_of(find(buckets->get_array().front(), {"doc_count"}), -1);
  }
  std::string type_of(const std::string& stream, const std::string& field) {
    auto body = get("/" + stream + "/_mapping/field/" + field);
    const auto* object = body.if_object();
    if (!object || object->empty()) return "";
    auto last = field.substr(field.rfind('.') + 1);
    return text_of(find(object->begin()->value(), {"mappings", field, "mapping", last, "type"}));
  }
  static void control(const std::string& what) {
    auto command = std::string(std::getenv("OFICIO_TEST_CONTROL")) + " " + what + " elasticsearch";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }

  static constexpr const char* sums_ = "metrics-apm.service_destination.1m-test";
  config::server_address address_;
  blocking_caller caller_;
};

TEST_F(shipping_server_test, all_kinds_of_documents_arrive_with_the_fields_that_they_should_have) {
  telemetry::origin from{.version = "1", .environment = "test", .node = "n", .host = "h", .pid = 7};
  auto s = open();
  telemetry::transaction_facts t;
  t.service = "orders";
  t.name = "POST /orders";
  t.type = "request";
  t.result = "HTTP 2xx";
  t.trace = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", ""};
  t.time_us = telemetry::now_us();
  t.duration_us = 1'234;
  t.http = telemetry::http_facts{
      .method = "POST", .path = "/orders", .status = 201, .client_ip = "10.0.0.9"};
  offer_surely(*s, telemetry::transaction_record(from, t));
  telemetry::span_facts p;
  p.service = "orders";
  p.name = "insert orders";
  p.type = "db";
  p.subtype = "mongodb";
  p.target = "mongodb/orders";
  p.trace = {t.trace.trace_id, "00f067aa0ba902b7", t.trace.span_id};
  p.transaction_id = t.trace.span_id;
  p.time_us = t.time_us;
  p.duration_us = 12;
  offer_surely(*s, telemetry::span_record(from, p));
  telemetry::error_facts e;
  e.service = "orders";
  e.type = "std::out_of_range";
  e.message = "too far";
  e.frames = {"a", "b"};
  e.trace = t.trace;
  e.time_us = t.time_us;
  offer_surely(*s, telemetry::error_record(from, e));
  telemetry::metric_facts m;
  m.service = "orders";
  m.samples = {{"oficio.pool_working", 2}, {"system.process.memory.rss.bytes", 4'096}};
  m.time_us = t.time_us;
  offer_surely(*s, telemetry::metric_record(from, m));
  offer_surely(*s, telemetry::destination_record(from, {.service = "orders",
                                                        .target = "mongodb/orders",
                                                        .outcome = "success",
                                                        .minute_us = t.time_us,
                                                        .count = 12,
                                                        .sum_us = 345}));
  offer_surely(*s, line(1));
  ASSERT_TRUE(s->flush(minutes(2)));
  ASSERT_EQ(s->now().refused, 0U);

  EXPECT_EQ(count("traces-apm-test", "&q=processor.event:transaction"), 1);
  EXPECT_EQ(count("traces-apm-test", "&q=span.destination.service.resource:%22mongodb/orders%22"),
            1);
  EXPECT_EQ(count("logs-apm.error-test", "&q=error.message:far"), 1);
  EXPECT_EQ(count("metrics-apm.app.orders-test"), 1);
  EXPECT_EQ(count(sums_, "&q=span.destination.service.response_time.count:12"), 1);
  EXPECT_EQ(counted_for(sums_, "span.destination.service.resource"), 12);
  EXPECT_EQ(count("logs-oficio.orders-test", "&q=message:line"), 1);
  for (const auto* stream : {"traces-apm-test", "logs-apm.error-test", "logs-oficio.orders-test",
                             "metrics-apm.app.orders-test", sums_}) {
    auto there = get(std::string("/_resolve/index/") + stream);
    const auto* streams = find(there, {"data_streams"});
    EXPECT_TRUE(streams && streams->is_array() && streams->get_array().size() == 1) << stream;
  }
  EXPECT_EQ(type_of("traces-apm-test", "transaction.duration.us"), "long");
  EXPECT_EQ(type_of("traces-apm-test", "trace.id"), "keyword");
  EXPECT_EQ(type_of("traces-apm-test", "service.name"), "keyword");
  EXPECT_EQ(type_of("traces-apm-test", "client.ip"), "ip");
  EXPECT_EQ(type_of("traces-apm-test", "@timestamp"), "date");
  EXPECT_EQ(type_of("traces-apm-test", "transaction.name"), "keyword");
  EXPECT_EQ(type_of("metrics-apm.app.orders-test", "oficio.pool_working"), "double");
  EXPECT_EQ(type_of("logs-oficio.orders-test", "message"), "text");
  EXPECT_EQ(type_of(sums_, "span.destination.service.response_time.count"), "long");
}

TEST_F(shipping_server_test, labels_that_anybody_makes_up_take_no_fields) {
  constexpr int documents = 150;
  constexpr int labels = 20;  // so many together are more fields than an index may have
  for (const auto* stream :
       {"logs-apm.error-test", "traces-apm.rum-test", "logs-oficio.web-test"}) {
    auto s = open();
    for (int i = 0; i < documents; ++i) {
      json::object texts{{"route", "/gigs/{id}"}};
      json::object numbers{{"status", i}};
      for (int n = 0; n < labels; ++n) {
        auto name = "l" + std::to_string(i) + "_" + std::to_string(n);
        texts[name] = "x";
        numbers[name] = 0.5;
      }
      auto now = telemetry::now_us();
      telemetry::record r;
      r.stream = stream;
      r.id = telemetry::line_id(now);
      r.document = json::to_text(json::value{{"@timestamp", telemetry::timestamp(now)},
                                             {"labels", std::move(texts)},
                                             {"numeric_labels", std::move(numbers)}});
      offer_surely(*s, r);
    }
    // Of a service, with a field that was not there before.
    std::vector<telemetry::field> fields{{"oficio.after_labels", std::int64_t{1}}};
    telemetry::origin from{.environment = "test"};
    auto last = telemetry::log_record(from, {.service = "orders",
                                             .message = "after the labels",
                                             .fields = &fields,
                                             .time_us = telemetry::now_us()});
    last.stream = stream;
    offer_surely(*s, last);
    ASSERT_TRUE(s->flush(minutes(2)));
    EXPECT_EQ(s->now().refused, 0U) << stream;
    EXPECT_EQ(count(stream, "&q=oficio.after_labels:1"), 1) << stream;
    EXPECT_EQ(count(stream, "&q=labels.route:%22/gigs/%7Bid%7D%22"), documents) << stream;
    EXPECT_EQ(type_of(stream, "labels.l0_0"), "") << stream;
    EXPECT_EQ(type_of(stream, "numeric_labels.status"), "double") << stream;
  }
}

TEST_F(shipping_server_test, streams_come_to_be_where_no_index_is_made_up) {
  auto make_up = [this](const char* yes) {
    auto body = std::string(R"({"persistent":{"action.auto_create_index":)") + yes + "}}";
    auto said = caller_.put("/_cluster/settings", body, "application/json", false,
                            std::chrono::seconds(20));
    ASSERT_EQ(said->status, 200);
  };
  auto maker = text_of(find(get("/"), {"version", "distribution"}));
  if (maker == "opensearch") GTEST_SKIP() << "it has to be allowed there: docs/observability.md";
  make_up(R"("false")");
  auto s = open();
  offer_surely(*s, line(1, "strict"));
  EXPECT_TRUE(s->flush(minutes(2)));
  EXPECT_EQ(s->now().refused, 0U);
  EXPECT_EQ(count("logs-oficio.strict-test"), 1);
  make_up("null");
}

TEST_F(shipping_server_test, what_is_sent_twice_is_there_once) {
  auto s = open();
  auto r = line(7, "twice");
  for (int i = 0; i < 3; ++i) offer_surely(*s, r);
  ASSERT_TRUE(s->flush(minutes(2)));
  for (int i = 0; i < 3; ++i) offer_surely(*s, r);
  ASSERT_TRUE(s->flush(minutes(2)));
  EXPECT_EQ(count("logs-oficio.twice-test"), 1);
  EXPECT_EQ(s->now().kept, 6U);
  EXPECT_EQ(s->now().refused, 0U);
}

TEST_F(shipping_server_test, setting_up_again_changes_nothing) {
  auto first = set_up_telemetry(caller_, "again", {}, std::chrono::seconds(30));
  ASSERT_TRUE(first.has_value()) << first.error().detail;
  auto before = get("/_index_template/oficio-traces-again");
  auto second = set_up_telemetry(caller_, "again", {}, std::chrono::seconds(30));
  ASSERT_TRUE(second.has_value()) << second.error().detail;
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(before, get("/_index_template/oficio-traces-again"));
  EXPECT_EQ(*ensure_templates(caller_, "again", std::chrono::seconds(30)), "");
  EXPECT_EQ(before, get("/_index_template/oficio-traces-again"));
}

TEST_F(shipping_server_test, streams_of_an_older_template_get_a_new_index_when_set_up_again) {
  auto limit = std::chrono::seconds(30);
  auto put = [&](const std::string& target, const std::string& body) {
    auto said = caller_.put(target, body, "application/json", false, limit);
    ASSERT_TRUE(said.has_value() && said->status < 300) << target << ": " << said->body;
  };
  std::string document = R"({"@timestamp":"2026-01-01T00:00:00Z"})";
  auto make_older = [&](const std::string& environment, int priority, const std::string& mappings) {
    put("/_index_template/oficio-logs-" + environment,
        R"({"index_patterns":["logs-oficio.*-)" + environment +
            R"("],"data_stream":{},"version":2,"priority":)" + std::to_string(priority) +
            R"(,"template":{"mappings":)" + mappings + "}}");
    put("/logs-oficio.orders-" + environment + "/_create/1", document);
  };
  auto indexes_of = [this](const std::string& stream) {
    auto body = get("/_resolve/index/" + stream);
    std::vector<std::string> out;
    for (const auto& i : body.at("data_streams").at(0).at("backing_indices").as_array()) {
      out.push_back(text_of(&i));
    }
    return out;
  };
  auto set_up = [&] {
    auto done = set_up_telemetry(caller_, "older", {}, limit);
    EXPECT_TRUE(done.has_value()) << done.error().detail;
    return done.has_value() ? *done : std::vector<std::string>();
  };
  make_older("older", 500, R"({"_meta":{"template_version":2}})");
  put("/logs-oficio.gigs-older/_create/1", document);
  make_older("an-older", 600, "{}");  // its name fits the pattern of the other
  // A process that starts leaves them as they are.
  EXPECT_EQ(*ensure_templates(caller_, "older", limit), "");
  EXPECT_EQ(indexes_of("logs-oficio.orders-older").size(), 1U);

  auto first = set_up();
  for (std::string stream : {"logs-oficio.orders-older", "logs-oficio.gigs-older"}) {
    EXPECT_THAT(first, testing::Contains("data stream " + stream +
                                         ": has a new backing index, for the last was made by "
                                         "version 2 of its template"));
    auto all = indexes_of(stream);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(integer_of(find(get("/" + all.back() + "/_mapping"),
                              {all.back(), "mappings", "_meta", "template_version"})),
              template_version);
  }
  EXPECT_EQ(indexes_of("logs-oficio.orders-an-older").size(), 1U);

  for (const auto& line : set_up()) EXPECT_FALSE(line.starts_with("data stream logs")) << line;
  EXPECT_EQ(indexes_of("logs-oficio.orders-older").size(), 2U);
  put("/logs-oficio.orders-older/_create/2", document);
}

TEST_F(shipping_server_test, what_somebody_has_set_up_stays_when_a_template_has_to_be_put_again) {
  auto days = [this] {
    auto found = get("/_index_template/oficio-traces-days");
    return integer_of(
        find(found.at("index_templates").as_array().front(), {"index_template", "_meta", "days"}));
  };
  ASSERT_TRUE(
      set_up_telemetry(caller_, "days", {.trace_days = 3}, std::chrono::seconds(30)).has_value());
  EXPECT_EQ(days(), 3);
  caller_.put("/_index_template/oficio-logs-days",
              R"({"index_patterns":["logs-oficio.*-days"],"priority":500,"version":0})",
              "application/json", false, std::chrono::seconds(20));
  EXPECT_EQ(*ensure_templates(caller_, "days", std::chrono::seconds(30)), "");
  EXPECT_EQ(days(), 3);
  EXPECT_EQ(integer_of(find(
                get("/_index_template/oficio-logs-days").at("index_templates").as_array().front(),
                {"index_template", "version"})),
            template_version);
}

TEST_F(shipping_server_test, a_server_that_goes_away_and_comes_back_gets_everything) {
  constexpr int before = 2'000;
  constexpr int meanwhile = 8'000;
  auto s = open();
  for (int i = 0; i < before; ++i) offer_surely(*s, line(i, "away"));
  ASSERT_TRUE(s->flush(minutes(2)));
  control("kill");
  for (int i = before; i < before + meanwhile; ++i) offer_surely(*s, line(i, "away"));
  ASSERT_TRUE(eventually([&] { return s->now().spilled > 0 && s->now().waiting == 0; }));
  control("start");
  offer_surely(*s, line(before + meanwhile, "away"));
  ASSERT_TRUE(s->flush(minutes(4)));
  EXPECT_EQ(s->now().dropped, 0U);
  EXPECT_TRUE(eventually([&] { return s->now().spilled == 0; }));
  EXPECT_EQ(count("logs-oficio.away-test"), before + meanwhile + 1);
}

}  // namespace
}  // namespace oficio::elasticsearch
