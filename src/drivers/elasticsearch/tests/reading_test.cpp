#include "drivers/elasticsearch/reading.hpp"

#include <gtest/gtest.h>

#include "drivers/elasticsearch/position.hpp"

namespace oficio::elasticsearch {
namespace {

std::string same_word(const std::string& word) {
  return word;
}

class search_reading : public testing::Test {
 protected:
  search::synonyms same_{{{"logo", "isotipo"}, {"website", "página web"}}};
};

TEST_F(search_reading, takes_phrases_for_what_means_the_same) {
  auto meanings = reading("my página web for bakers", same_).meanings();
  ASSERT_EQ(meanings.size(), 2U);
  EXPECT_EQ(meanings[0].alternatives.size(), 2U);
  EXPECT_EQ(meanings[0].alternatives[0].stems.size(), 2U);
  EXPECT_EQ(meanings[1].beginning, "bakers");
}

TEST_F(search_reading, corrects_what_nobody_wrote_and_nothing_else) {
  reading typed("photografy logo", same_);
  std::vector<word_facts> facts(2);
  facts[0].near = {{"photography", 5}, {"photographs", 9}, {"typography", 70}};
  facts[1] = {3, true, true, {{"lego", 80}}};
  EXPECT_TRUE(typed.learn(facts));
  EXPECT_EQ(typed.correction(same_word), "photography logo");
}

TEST_F(search_reading, leaves_beginnings_and_synonyms_alone) {
  reading typed("isotipo phot", same_);
  std::vector<word_facts> facts(2);
  facts[0].near = {{"prototipo", 5}, {"isotope", 7}};
  facts[1].begun = true;
  facts[1].near = {{"shot", 50}};
  EXPECT_FALSE(typed.learn(facts));
  EXPECT_EQ(typed.correction(same_word), std::nullopt);
}

TEST(search_position, comes_back_as_it_was_or_not_at_all) {
  search::query q;
  q.text = "logo";
  auto by = order_of(q, "");
  auto text = write_position(by, {3.1415927410125732, "gig-1"});
  auto values = read_position(by, text).value();
  EXPECT_EQ(values[0].as_double(), 3.1415927410125732);
  EXPECT_EQ(values[1].as_string(), "gig-1");
  q.sort = {"price", true};
  auto other = order_of(q, "numbers.price");
  EXPECT_EQ(read_position(other, text).error().code, "bad_cursor");
  for (const char* bad :
       {"", "[]", "{}", "null", "[\"relevance\"]", "[\"relevance\",1.5,\"a\"]",
        "[\"relevance\",{},\"a\"]", "[\"relevance\",9218868437227405312,\"a\"]",
        "[\"relevance\",1,{\"script\":\"x\"}]", "[\"relevance\",1,\"a\",\"b\"]"}) {
    auto read = read_position(by, bad);
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().code, "bad_cursor");
  }
}

}  // namespace
}  // namespace oficio::elasticsearch
