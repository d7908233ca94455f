#include "platform/events/envelope.hpp"

#include <gtest/gtest.h>

#include "platform/base/uuid.hpp"
#include "platform/json/json.hpp"

namespace oficio::events {
namespace {

const time_point now = *parse_time("2026-01-31T09:30:00.125Z");

raised published() {
  return {.type = "gigs.gig.published",
          .data = {{"gig", boost::json::object{{"id", "g1"}}}},
          .concerns = {"ana", "ben"}};
}

TEST(envelope, the_same_fact_has_the_same_id_for_ever) {
  context ctx = context::for_system();
  auto one = seal(published(), "/oficio/gigs", "g1", 3, 0, now, ctx);
  auto again = seal(published(), "/oficio/gigs", "g1", 3, 0, now, context::for_system());
  EXPECT_EQ(one.id, uuid_v5("g1/3/0"));
  EXPECT_EQ(one.id, again.id);
  EXPECT_NE(one.id, seal(published(), "/oficio/gigs", "g1", 3, 1, now, ctx).id);
  EXPECT_NE(one.id, seal(published(), "/oficio/gigs", "g1", 4, 0, now, ctx).id);
}

TEST(envelope, data_says_the_version_and_whom_it_concerns) {
  context ctx = context::for_system();
  auto e = seal(published(), "/oficio/gigs", "g1", 3, 0, now, ctx);
  EXPECT_EQ(e.version(), 3);
  EXPECT_EQ(e.data["concerns"], boost::json::array({"ana", "ben"}));
  EXPECT_EQ(e.subject, "g1");
  EXPECT_EQ(e.traceparent, ctx.trace.header());
}

TEST(envelope, is_cloud_events_json) {
  auto e = seal(published(), "/oficio/gigs", "g1", 3, 0, now, context::for_system());
  auto out = to_json(e);
  EXPECT_EQ(out["specversion"], "1.0");
  EXPECT_EQ(out["type"], "gigs.gig.published");
  EXPECT_EQ(out["source"], "/oficio/gigs");
  EXPECT_EQ(out["time"], "2026-01-31T09:30:00.125Z");
  EXPECT_EQ(out["datacontenttype"], "application/json");
  EXPECT_EQ(out["dataschema"], "/contracts/events/gigs.gig.published.json");
  EXPECT_FALSE(out.contains("republished"));
  e.republished = true;
  EXPECT_EQ(to_json(e)["republished"], true);
}

TEST(envelope, reads_what_it_wrote_and_ignores_what_it_does_not_know) {
  auto e = seal(published(), "/oficio/gigs", "g1", 3, 0, now, context::for_system());
  e.republished = true;
  auto out = to_json(e);
  out["partitionkey"] = "new";
  auto read = from_json(out);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(to_json(*read), to_json(e));
}

TEST(envelope, the_version_is_0_where_there_is_none) {
  envelope e;
  EXPECT_EQ(e.version(), 0);
  e.data["version"] = "three";
  EXPECT_EQ(e.version(), 0);
  e.data["version"] = 1.5;
  EXPECT_EQ(e.version(), 0);
}

TEST(envelope, what_cannot_be_read_is_malformed) {
  auto whole = to_json(seal(published(), "/oficio/gigs", "g1", 3, 0, now, context::for_system()));
  EXPECT_EQ(from_json("text").error().code, "malformed_event");
  for (const char* name : {"specversion", "id", "source", "type", "subject", "time", "data"}) {
    auto missing = whole;
    missing.erase(name);
    EXPECT_EQ(from_json(missing).error().code, "malformed_event") << name;
    auto wrong = whole;
    wrong[name] = 7;
    EXPECT_EQ(from_json(wrong).error().code, "malformed_event") << name;
  }
}

TEST(envelope, a_broken_trace_does_not_refuse_the_event) {
  auto whole = to_json(seal(published(), "/oficio/gigs", "g1", 3, 0, now, context::for_system()));
  whole["traceparent"] = 7;
  ASSERT_TRUE(from_json(whole));
  EXPECT_EQ(from_json(whole)->traceparent, "");
}

}  // namespace
}  // namespace oficio::events
