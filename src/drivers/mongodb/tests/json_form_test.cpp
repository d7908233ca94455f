#include "drivers/mongodb/json_form.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace oficio::mongodb {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string extended(const document& d) {
  std::size_t size = 0;
  char* text = bson_as_canonical_extended_json(d.get(), &size);
  std::string out(text, size);
  bson_free(text);
  return out;
}

result<object> back(const document& d) {
  document whole;
  whole.put("body", d);
  bson_iter_t at;
  bson_iter_init_find(&at, whole.get(), "body");
  return to_json(at);
}

TEST(json_form, keys_that_mongodb_does_not_take_are_escaped) {
  for (const auto& [plain, escaped] :
       std::vector<std::pair<std::string, std::string>>{{"name", "name"},
                                                        {"", "%"},
                                                        {"%", "%25"},
                                                        {"$set", "%24set"},
                                                        {"a.b", "a%2Eb"},
                                                        {std::string("a\0b", 3), "a%00b"},
                                                        {"%2E", "%252E"},
                                                        {"%list", "%25list"},
                                                        {"ñ", "ñ"}}) {
    EXPECT_EQ(escaped_key(plain), escaped);
    EXPECT_EQ(plain_key(escaped), plain);
  }
  // Written by others: what is no escape stays.
  for (const char* odd : {"%2", "%zz", "a%", "100%"}) EXPECT_EQ(plain_key(odd), odd);
}

TEST(json_form, values_have_types_that_can_be_compared) {
  auto d = to_bson({{"i", 5}, {"f", 5.0}, {"b", false}, {"n", nullptr}, {"t", "x"}}).value();
  EXPECT_EQ(extended(d), R"({ "i" : { "$numberLong" : "5" }, "f" : { "$numberDouble" : "5.0" }, )"
                         R"("b" : false, "n" : null, "t" : "x" })");
}

TEST(json_form, lists_in_lists_and_large_numbers_have_a_form) {
  object from{{"l", {array{1}, 2}}, {"u", std::numeric_limits<std::uint64_t>::max()}};
  auto d = to_bson(from).value();
  EXPECT_EQ(extended(d),
            R"({ "l" : [ { "%list" : [ { "$numberLong" : "1" } ] }, { "$numberLong" : "2" } ], )"
            R"("u" : { "%u64" : "18446744073709551615" } })");
  EXPECT_EQ(back(d).value(), from);
  // What looks like one of the forms comes back as what it is.
  object alike{
      {"a", {{"%list", array{1}}}}, {"b", {{"%u64", "1"}}}, {"c", {{"%list", 1}, {"d", 2}}}};
  EXPECT_EQ(back(to_bson(alike).value()).value(), alike);
}

TEST(json_form, what_is_too_deep_is_refused) {
  value nested = 1;
  for (int i = 0; i < 80; ++i) nested = object{{"a", nested}};
  EXPECT_TRUE(to_bson({{"a", nested}}).has_value());
  for (int i = 0; i < 20; ++i) nested = object{{"a", nested}};
  EXPECT_EQ(to_bson({{"a", nested}}).error().code, "document_too_deep");
  value lists = 1;
  for (int i = 0; i < 60; ++i) lists = array{lists};
  EXPECT_EQ(to_bson({{"a", lists}}).error().code, "document_too_deep");
}

TEST(json_form, types_that_json_has_not_are_told) {
  document d;
  bson_append_date_time(d.raw(), "at", -1, 0);
  auto read = back(d);
  ASSERT_TRUE(read.has_error());
  EXPECT_EQ(read.error().kind, errc::internal);
}

TEST(json_form, lists_and_objects_cannot_be_compared_with) {
  document d;
  EXPECT_THROW(put_scalar(d, "a", array{}), std::invalid_argument);
  EXPECT_THROW(put_scalar(d, "a", object{}), std::invalid_argument);
}

}  // namespace
}  // namespace oficio::mongodb
