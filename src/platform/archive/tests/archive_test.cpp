#include <gtest/gtest.h>

#include "platform/archive/documents.hpp"
#include "platform/archive/sketch.hpp"

namespace oficio::archive {
namespace {

json::object object(const char* text) {
  return json::parse(text).value().get_object();
}

TEST(archive, tells_percentiles_within_a_hundredth) {
  sketch s;
  EXPECT_FALSE(s.at(0.5));
  for (std::int64_t i = 1; i <= 10'000; ++i) s.add(i * 100);
  EXPECT_EQ(s.count(), 10'000);
  EXPECT_NEAR(*s.at(0.5), 500, 5);
  EXPECT_NEAR(*s.latency().p95_ms, 950, 9.5);
  EXPECT_NEAR(*s.latency().p99_ms, 990, 9.9);
  sketch odd;
  odd.add(-5);
  odd.add(4'000'000'000'000);
  EXPECT_NEAR(*odd.at(0.5), 0.001, 0.0001);
  EXPECT_NEAR(*odd.at(1), 3'600'000, 36'000);
}

TEST(archive, reads_nested_and_dotted_names) {
  auto it = object(R"({"a":{"b":{"c":"1"}},"d.e":"2","f":{"g.h":"3"},"n":1.6,"x":[]})");
  EXPECT_EQ(text_in(it, "a.b.c"), "1");
  EXPECT_EQ(text_in(it, "d.e"), "2");
  EXPECT_EQ(text_in(it, "f.g.h"), "3");
  EXPECT_EQ(text_in(it, "a.b"), "");
  EXPECT_EQ(text_in(it, "a.b.c.d"), "");
  EXPECT_EQ(number_in(it, "n"), 2);
  EXPECT_EQ(number_in(it, "x"), -1);
}

TEST(archive, understands_what_was_recorded) {
  auto span = entry_of(object(
      R"({"@timestamp":"2026-01-31T09:30:00.000Z","timestamp":{"us":1769851800000123},"processor":{"event":"span"},)"
      R"("span":{"id":"s1","name":"find","type":"db","duration":{"us":70}},"parent":{"id":"t1"},"trace":{"id":"x"}})"));
  EXPECT_EQ(span.kind, "span");
  EXPECT_EQ(span.id, "s1");
  EXPECT_EQ(span.at_us, 1769851800000123);
  EXPECT_EQ(span.duration_us, 70);
  auto log = entry_of(object(
      R"({"@timestamp":"2026-01-31T09:30:00.001Z","message":"hi","log.level":"warn","transaction":{"id":"t1"}})"));
  EXPECT_EQ(log.kind, "log");
  EXPECT_EQ(log.parent_id, "t1");
  EXPECT_EQ(log.at_us, 1769851800001000);
  EXPECT_EQ(entry_of({}).at_us, 0);
}

TEST(archive, puts_what_happened_in_order) {
  std::vector<entry> all{{.kind = "log", .name = "d", .at_us = 5},
                         {.kind = "span", .name = "c", .at_us = 5, .duration_us = 3},
                         {.kind = "span", .name = "b", .at_us = 5, .duration_us = 9},
                         {.kind = "transaction", .name = "a", .at_us = 5, .duration_us = 1},
                         {.kind = "log", .name = "first", .at_us = 1}};
  put_in_order(all);
  std::string names;
  for (const auto& e : all) names += e.name + " ";
  EXPECT_EQ(names, "first a b c d ");
}

}  // namespace
}  // namespace oficio::archive
