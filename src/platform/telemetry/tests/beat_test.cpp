#include "platform/telemetry/beat.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "platform/telemetry/tests/kept.hpp"

namespace oficio::telemetry {
namespace {

using std::chrono::seconds;

// The document with that label; nothing if there is none.
std::optional<record> with(const std::vector<record>& all, const std::string& label,
                           const std::string& value) {
  for (const auto& r : all) {
    if (at(r, "labels." + label) == value) return r;
  }
  return std::nullopt;
}

TEST(metric_documents, counters_tell_how_many_more) {
  metrics m;
  auto& placed = m.count("oficio_orders_total", "", {{"type", "placed"}});
  metric_documents d({}, "oficio");
  placed.add(3);
  EXPECT_EQ(at(*with(d.make(m, 0, seconds(10)), "type", "placed"), "oficio.orders.count"), "3E0");
  placed.add(2);
  EXPECT_EQ(at(*with(d.make(m, 0, seconds(10)), "type", "placed"), "oficio.orders.count"), "2E0");
  EXPECT_FALSE(with(d.make(m, 0, seconds(10)), "type", "placed"));
}

TEST(metric_documents, levels_are_told_as_they_are_until_they_have_been_0_once) {
  metrics m;
  auto& depth = m.level("oficio_depth", "", {{"pool", "a"}});
  metric_documents d({}, "oficio");
  EXPECT_FALSE(with(d.make(m, 0, seconds(10)), "pool", "a"));
  depth.set(2);
  EXPECT_EQ(at(*with(d.make(m, 0, seconds(10)), "pool", "a"), "oficio.depth"), "2E0");
  EXPECT_EQ(at(*with(d.make(m, 0, seconds(10)), "pool", "a"), "oficio.depth"), "2E0");
  depth.set(0);
  EXPECT_EQ(at(*with(d.make(m, 0, seconds(10)), "pool", "a"), "oficio.depth"), "0E0");
  EXPECT_FALSE(with(d.make(m, 0, seconds(10)), "pool", "a"));
}

// 0 may be what is wrong, for as long as it is so: nothing is followed, nobody is there.
TEST(metric_documents, levels_without_labels_are_always_told) {
  metrics m;
  m.level("oficio_following", "");
  metric_documents d({}, "oficio");
  for (int i = 0; i < 3; ++i) {
    auto all = d.make(m, 0, seconds(10));
    EXPECT_EQ(at(all.at(0), "oficio.following"), "0E0") << i;
  }
}

// A field cannot be a number in one document, and hold others in the next.
TEST(metric_documents, a_level_that_shares_its_name_with_a_counter_stands_beside_it) {
  metrics m;
  auto& opened = m.count("oficio_doors_total", "", {{"place", "front"}});
  auto told = m.on_read([](reading& to) { to.level("oficio_doors", "", {{"place", "back"}}, 4); });
  metric_documents d({}, "oficio");
  auto first = d.make(m, 0, seconds(10));
  EXPECT_EQ(at(*with(first, "place", "back"), "oficio.doors.now"), "4E0");
  EXPECT_FALSE(with(first, "place", "front"));
  opened.add();
  EXPECT_EQ(at(*with(d.make(m, 0, seconds(10)), "place", "front"), "oficio.doors.count"), "1E0");
}

TEST(metric_documents, durations_are_told_as_number_and_sum) {
  metrics m;
  auto& took = m.durations("oficio_call_seconds", "", {{"route", "/x"}});
  took.observe(0.25);
  took.observe(20.0);
  metric_documents d({}, "oficio");
  auto r = *with(d.make(m, 0, seconds(10)), "route", "/x");
  EXPECT_EQ(at(r, "oficio.call.count"), "2E0");
  EXPECT_EQ(at(r, "oficio.call.sum_us"), "2.025E7");
}

TEST(metric_documents, a_label_can_name_the_service) {
  metrics m;
  m.count("oficio_x_total", "", {{"service", "orders"}, {"type", "a"}}).add();
  metric_documents d({.environment = "test"}, "oficio");
  auto r = *with(d.make(m, 0, seconds(10)), "type", "a");
  EXPECT_EQ(r.stream, "metrics-apm.app.orders-test");
  EXPECT_EQ(at(r, "labels.service"), "-");
}

TEST(metric_documents, the_process_and_its_machine_have_the_names_that_dashboards_know) {
  metrics m;
  auto handle = m.on_read([](reading& to) { tell_process(to); });
  metric_documents d({}, "oficio");
  std::vector<record> all;
  auto until = std::chrono::steady_clock::now() + seconds(10);
  do {  // the machine's clock ticks a hundred times a second
    all = d.make(m, 0, seconds(10));
    ASSERT_FALSE(all.empty());
  } while (at(all[0], "system.cpu.total.norm.pct") == "-" &&
           std::chrono::steady_clock::now() < until);
  for (const auto* name :
       {"system.process.memory.rss.bytes", "system.process.cpu.total.norm.pct",
        "system.cpu.total.norm.pct", "system.memory.total", "system.memory.actual.free"}) {
    EXPECT_NE(at(all[0], name), "-") << name;
  }
}

TEST(beat, tells_once_more_when_it_ends) {
  metrics m;
  kept_records kept;
  std::vector<std::int64_t> besides;
  {
    beat b(
        m, kept, {}, "oficio", [&](std::int64_t until) { besides.push_back(until); },
        seconds(3'600));
    m.count("oficio_x_total", "", {{"type", "a"}}).add();
  }
  EXPECT_EQ(besides, std::vector{std::numeric_limits<std::int64_t>::max()});
  EXPECT_TRUE(with(kept.of(kind::metric), "type", "a"));
}

}  // namespace
}  // namespace oficio::telemetry
