#include "platform/events/attempt.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "platform/telemetry/thrown.hpp"

namespace oficio::events {
namespace {

// It stands in lines of the log, in the heads of dead letters and before operators.
TEST(reason, says_what_went_wrong_and_not_where) {
  auto told = telemetry::told(std::runtime_error("no such table: reviews"));
  ASSERT_NE(told.find('\n'), told.npos);
  EXPECT_EQ(reason_of({errc::internal, "database_error", told}),
            "database_error: no such table: reviews");
  EXPECT_EQ(reason_of({errc::unavailable, "away", "The store is away."}),
            "away: The store is away.");
}

TEST(reason, is_cut_between_characters) {
  std::string detail;
  while (detail.size() < 2'000) detail += "ñ";
  auto reason = reason_of({errc::unavailable, "a", detail});
  EXPECT_LE(reason.size(), 1'000U);
  EXPECT_TRUE(reason.ends_with("ñ"));
}

}  // namespace
}  // namespace oficio::events
