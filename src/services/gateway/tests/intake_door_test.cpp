#include <gmock/gmock.h>

#include "market.hpp"
#include "services/gateway/compression.hpp"

namespace oficio::gateway {
namespace {

using testing::HasSubstr;

struct heap final : telemetry::intake {
  bool offer(telemetry::record r) override {
    if (full) return false;
    records.push_back(std::move(r));
    return true;
  }
  figures now() const override { return {}; }
  std::vector<telemetry::record> records;
  bool full = false;
};

const std::string metadata = R"({"metadata":{"service":{"name":"shop"}}})"
                             "\n";
const std::string trace = "0123456789abcdef0123456789abcdef";
const std::string load =
    R"({"transaction":{"id":"0123456789abcdef","trace_id":")" + trace +
    R"(","name":"/gigs/:id","type":"page-load","duration":1500,"outcome":"success"}})"
    "\n";
const std::string fault =
    R"({"error":{"exception":{"type":"TypeError","message":"x is gone"},"trace_id":")" + trace +
    R"(","transaction_id":"0123456789abcdef"}})"
    "\n";

class intake_door : public test::a_gateway {
 protected:
  http::response tell(std::string body, const test::headers& more = {},
                      const std::string& type = "application/x-ndjson") {
    test::headers all = more;
    all.emplace_back("Content-Type", type);
    all.emplace_back("User-Agent", "Mozilla/5.0");
    return ask(http::method::post, "/intake/v2/rum/events", all, std::move(body));
  }
  void open_to_browsers(options o = {}) {
    o.telemetry = &kept;
    o.environment = "test";
    open(o);
  }
  std::string text() const { return figures.text(); }

  heap kept;
};

TEST_F(intake_door, gives_what_browsers_tell_to_those_who_keep_it) {
  open_to_browsers();
  auto got = tell(metadata + load + fault + R"({"log":{"message":"hello"}})");
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.body, "");
  ASSERT_EQ(kept.records.size(), 3U);
  const auto& first = kept.records[0];
  EXPECT_EQ(first.stream, "traces-apm.rum-test");
  EXPECT_EQ(first.about.kind, telemetry::kind::rum);
  EXPECT_EQ(first.about.trace_id, trace);
  EXPECT_EQ(first.about.name, "/gigs/:id");
  EXPECT_EQ(first.about.duration_us, 1'500'000);
  EXPECT_EQ(first.about.service, "web");
  EXPECT_GT(first.time_us, 1'700'000'000'000'000);
  EXPECT_THAT(first.document, HasSubstr(R"("dataset":"apm.rum")"));
  EXPECT_THAT(first.document, HasSubstr("127.0.0.1"));
  EXPECT_THAT(first.document, HasSubstr("Mozilla/5.0"));
  EXPECT_EQ(kept.records[1].stream, "logs-apm.error-test");
  EXPECT_EQ(kept.records[1].about.kind, telemetry::kind::error);
  EXPECT_EQ(kept.records[1].about.level, "error");
  EXPECT_EQ(kept.records[1].about.name, "x is gone");
  EXPECT_EQ(kept.records[1].about.grouping_key.size(), 32U);
  EXPECT_EQ(kept.records[2].stream, "logs-oficio.web-test");
  EXPECT_EQ(kept.records[2].about.level, "info");
  EXPECT_NE(kept.records[0].id, kept.records[1].id);
  EXPECT_THAT(text(), HasSubstr("oficio_browser_events_total{outcome=\"taken\"} 3"));
}

TEST_F(intake_door, takes_it_compressed_and_from_pages_that_are_left) {
  open_to_browsers();
  EXPECT_EQ(tell(gzip(metadata + load), {{"Content-Encoding", "gzip"}}).status, 202);
  EXPECT_EQ(tell(metadata + load, {}, "text/plain;charset=UTF-8").status, 202);
  std::string large = metadata;
  for (int i = 0; i < 90; ++i) {
    large += R"({"log":{"message":")" + std::string(1'000, 'x') + "\"}}\n";
  }
  EXPECT_EQ(tell(large).status, 202);
  EXPECT_EQ(kept.records.size(), 92U);
}

TEST_F(intake_door, says_what_is_wrong) {
  open_to_browsers();
  auto expect = [](const http::response& r, int status, const std::string& code) {
    EXPECT_EQ(r.status, status);
    EXPECT_EQ(code_of(r), code);
  };
  expect(tell("nonsense"), 400, "malformed_events");
  expect(tell(metadata, {{"Content-Encoding", "gzip"}}), 400, "malformed_gzip");
  expect(tell(metadata, {{"Content-Encoding", "br"}}), 415, "unsupported_encoding");
  expect(tell(metadata, {}, "image/png"), 415, "unsupported_media_type");
  expect(tell(gzip(metadata + std::string(400'000, ' ')), {{"Content-Encoding", "gzip"}}), 413,
         "too_large");
  std::string many = metadata;
  for (int i = 0; i < 100; ++i) many += "{}\n";
  expect(tell(many), 413, "too_many_events");
  EXPECT_EQ(get("/intake/v2/rum/events").status, 405);
  EXPECT_TRUE(kept.records.empty());
}

TEST_F(intake_door, has_a_limit_of_its_own_for_each_address) {
  options o;
  o.intake = {.burst = 2, .refill_all_in = std::chrono::minutes(10)};
  open_to_browsers(o);
  EXPECT_EQ(tell(metadata).status, 202);
  EXPECT_EQ(tell(metadata).status, 202);
  auto third = tell(metadata);
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(code_of(third), "rate_limited");
  EXPECT_NE(third.headers.get("Retry-After"), "");
  EXPECT_EQ(get("/api/v1/gigs/search").status, 200);
  peer = "192.0.2.9";
  // Twenty events count as two requests more.
  std::string much = metadata;
  for (int i = 0; i < 20; ++i) much += R"({"log":{"message":"hello"}})" + std::string("\n");
  EXPECT_EQ(tell(much).status, 202);
  EXPECT_EQ(tell(metadata).status, 429);
}

TEST_F(intake_door, drops_what_nobody_has_room_for) {
  kept.full = true;
  open_to_browsers();
  EXPECT_EQ(tell(metadata + load).status, 202);
  EXPECT_THAT(text(), HasSubstr("oficio_browser_events_total{outcome=\"dropped\"} 1"));
  open();
  EXPECT_EQ(tell(metadata + load).status, 202);
}

}  // namespace
}  // namespace oficio::gateway
