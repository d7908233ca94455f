#include "platform/events/topic.hpp"

#include <string>

#include <gtest/gtest.h>

namespace oficio::events {
namespace {

struct example {
  std::string pattern;
  std::string key;
  bool matches;
};

class topic_test : public testing::TestWithParam<example> {};

TEST_P(topic_test, matches_as_amqp_does) {
  const auto& e = GetParam();
  EXPECT_EQ(topic_matches(e.pattern, e.key), e.matches) << e.pattern << " and " << e.key;
}

INSTANTIATE_TEST_SUITE_P(
    examples, topic_test,
    testing::Values(
        example{"a.b", "a.b", true}, example{"a.b", "a.c", false}, example{"a.b", "a", false},
        example{"a", "a.b", false}, example{"*", "a", true}, example{"*", "a.b", false},
        example{"*", "", false}, example{"a.*", "a.b", true}, example{"a.*", "a", false},
        example{"a.*", "a.b.c", false}, example{"*.b", "a.b", true},
        example{"a.*.c", "a.b.c", true}, example{"#", "", true}, example{"#", "a.b.c", true},
        example{"a.#", "a", true}, example{"a.#", "a.b.c", true}, example{"a.#", "b", false},
        example{"#.c", "c", true}, example{"#.c", "a.b.c", true}, example{"#.c", "a.c.b", false},
        example{"a.#.c", "a.c", true}, example{"a.#.c", "a.b.b.c", true},
        example{"a.#.c", "a.c.b", false}, example{"#.b.#", "a.b.c", true},
        example{"#.b.#", "a.c", false}, example{"#.#", "a", true}, example{"#.*", "", false},
        example{"#.*", "a.b", true}, example{"a.#.*", "a", false},
        example{"#.b.*.d", "b.x.b.c.d", true}, example{"a*", "ab", false}, example{"", "", true},
        example{"", "a", false}, example{"a..b", "a..b", true}, example{"a.*.b", "a..b", true}));

}  // namespace
}  // namespace oficio::events
