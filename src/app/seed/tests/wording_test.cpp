#include "app/seed/wording.hpp"

#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

namespace oficio::sample {
namespace {

TEST(Wording, fills_in_and_stays_with_what_it_chose) {
  phrases language;
  language.said["business"] = {"bakery", "café", "gym"};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    dice chance(seed);
    wording say(language, chance);
    say.set("user", "Ana");
    auto text = say("{user}: {business}, {business}");
    auto comma = text.find(", ");
    ASSERT_NE(comma, std::string::npos);
    EXPECT_EQ(text.substr(0, 5), "Ana: ");
    EXPECT_EQ(text.substr(5, comma - 5), text.substr(comma + 2));
  }
}

TEST(Wording, takes_every_alternative_sooner_or_later) {
  phrases language;
  dice chance(1);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    wording say(language, chance);
    auto text = say("a {red|green|deep blue} door");
    EXPECT_EQ(text, say("a {red|green|deep blue} door"));
    seen.insert(text);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"a red door", "a green door", "a deep blue door"}));
}

TEST(Wording, says_what_is_wrong_with_a_pattern) {
  phrases language;
  dice chance(1);
  wording say(language, chance);
  EXPECT_THROW(say("{nobody}"), std::logic_error);
  EXPECT_THROW(say("an open {brace"), std::logic_error);
}

TEST(Wording, counts_characters) {
  EXPECT_EQ(length_of("pingüino"), 8U);
  EXPECT_EQ(length_of(""), 0U);
}

}  // namespace
}  // namespace oficio::sample
