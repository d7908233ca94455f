#include "platform/telemetry/thrown.hpp"

#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oficio::telemetry {

// Not in an unnamed namespace, and not to be put into their callers: their names are looked for.
[[gnu::noinline]] void throw_from_here() {
  throw std::out_of_range("too far");
}
[[gnu::noinline]] void pass_through() {
  throw_from_here();
  asm volatile("");  // else the call above is a jump, and this function not on the stack
}

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(thrown, tells_the_functions_that_were_at_work) {
  if (!throws_are_seen()) GTEST_SKIP() << "this build remembers no throws";
  try {
    pass_through();
    FAIL();
  } catch (const std::exception& e) {
    auto frames = thrown_at(e);
    ASSERT_GE(frames.size(), 2U);
    EXPECT_EQ(frames[0], "oficio::telemetry::throw_from_here");
    EXPECT_EQ(frames[1], "oficio::telemetry::pass_through");
    EXPECT_THAT(frames, Not(Contains(HasSubstr("__cxa_throw"))));
    EXPECT_EQ(type_of(e), "std::out_of_range");
  }
}

TEST(thrown, is_still_known_when_it_was_carried_to_another_thread) {
  if (!throws_are_seen()) GTEST_SKIP() << "this build remembers no throws";
  std::exception_ptr carried;
  std::thread([&carried] {
    try {
      pass_through();
    } catch (...) {
      carried = std::current_exception();
    }
  }).join();
  try {
    std::rethrow_exception(carried);
  } catch (const std::exception& e) {
    ASSERT_FALSE(thrown_at(e).empty());
    EXPECT_EQ(thrown_at(e)[0], "oficio::telemetry::throw_from_here");
  }
}

TEST(thrown, one_that_was_never_thrown_has_no_place) {
  std::runtime_error e("kept");
  EXPECT_TRUE(thrown_at(e).empty());
}

TEST(thrown, goes_through_a_text_and_back) {
  try {
    pass_through();
  } catch (const std::exception& e) {
    auto back = untold(told(e));
    EXPECT_EQ(back.message, "too far");
    EXPECT_EQ(back.type, "std::out_of_range");
    EXPECT_EQ(back.frames, thrown_at(e));
  }
  auto plain = untold("code: detail");
  EXPECT_EQ(plain.message, "code: detail");
  EXPECT_EQ(plain.type, "");
  EXPECT_TRUE(plain.frames.empty());
}

}  // namespace
}  // namespace oficio::telemetry
