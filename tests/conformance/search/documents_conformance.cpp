#include "search_fixture.hpp"

namespace oficio::search::conformance {

TEST_P(search_conformance, gives_a_document_back_in_real_time) {
  put({.id = "a", .title = "Logo", .version = 7});
  auto it = get("a");
  ASSERT_TRUE(it.has_value());
  EXPECT_EQ(member(*it, "title"), "Logo");
  EXPECT_EQ(it->version, 7);
  EXPECT_FALSE(get("b").has_value());
}

TEST_P(search_conformance, finds_at_once_what_was_put_visibly) {
  put({.id = "a", .title = "Logo", .version = 1});
  put_visibly({.id = "b", .title = "Logo", .version = 1});
  expect_text_now("logo", {"a", "b"});
}

TEST_P(search_conformance, finds_soon_what_was_put) {
  never_settle();
  put({.id = "a", .title = "Logo", .version = 1});
  expect_text("logo", {"a"});
  put({.id = "b", .title = "Logo", .version = 1});
  remove("a", 2);
  expect_text("logo", {"b"});
}

TEST_P(search_conformance, ignores_versions_that_are_not_newer) {
  put({.id = "a", .title = "Second", .version = 2});
  put({.id = "a", .title = "First", .version = 1});
  EXPECT_EQ(member(*get("a"), "title"), "Second");
  put({.id = "a", .title = "Again", .version = 2});
  EXPECT_EQ(member(*get("a"), "title"), "Second");
  put({.id = "a", .title = "Third", .version = 3});
  EXPECT_EQ(member(*get("a"), "title"), "Third");
  expect_text("third", {"a"});
  expect_text("second", {});
}

TEST_P(search_conformance, a_tombstone_keeps_its_version) {
  put({.id = "a", .title = "Logo", .version = 1});
  remove("a", 5);
  EXPECT_FALSE(get("a").has_value());
  EXPECT_TRUE(get_many({"a"}).empty());
  expect_text("logo", {});
  expect_ids({}, {});
  put({.id = "a", .title = "Logo", .version = 4});
  EXPECT_FALSE(get("a").has_value());
  put({.id = "a", .title = "Logo", .version = 6});
  EXPECT_TRUE(get("a").has_value());
  expect_text("logo", {"a"});
}

TEST_P(search_conformance, a_tombstone_may_come_first) {
  remove("a", 3);
  put({.id = "a", .title = "Logo", .version = 2});
  EXPECT_FALSE(get("a").has_value());
  expect_ids({}, {});
}

TEST_P(search_conformance, hidden_documents_are_got_but_not_found) {
  put({.id = "a", .title = "Logo", .version = 1});
  put({.id = "a", .title = "Logo", .version = 2, .hidden = true});
  EXPECT_TRUE(get("a").has_value());
  EXPECT_EQ(get_many({"a"}), (std::vector<std::string>{"a"}));
  expect_text("logo", {});
  expect_ids({}, {});
  put({.id = "a", .title = "Logo", .version = 3});
  expect_text("logo", {"a"});
}

TEST_P(search_conformance, gets_many_in_the_order_asked_for) {
  put_all({{.id = "a", .title = "A"}, {.id = "b", .title = "B"}, {.id = "c", .title = "C"}});
  EXPECT_EQ(get_many({"c", "nobody", "a"}), (std::vector<std::string>{"c", "a"}));
  EXPECT_TRUE(get_many({}).empty());
}

TEST_P(search_conformance, one_batch_may_hold_a_document_twice) {
  put_all({{.id = "a", .title = "New", .version = 2}, {.id = "a", .title = "Old", .version = 1}});
  EXPECT_EQ(member(*get("a"), "title"), "New");
}

TEST_P(search_conformance, a_value_that_the_schema_does_not_take_is_refused_whole) {
  sample good{.id = "good", .title = "Good"};
  auto bad = document_of({.id = "bad", .title = "Bad"});
  bad.values.push_back({"colour", std::string("red")});
  auto done = put({versioned{document_of(good), 1, false}, versioned{bad, 1, false}});
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, "bad_search_value");
  EXPECT_FALSE(get("good").has_value());
}

TEST_P(search_conformance, everything_is_there_after_a_restart) {
  put_all({{.id = "a", .title = "Logo", .tags = {"x"}, .price = 500},
           {.id = "b", .title = "Logo", .version = 2, .hidden = true}});
  remove("c", 9);
  restart();
  EXPECT_EQ(get("a")->version, 1);
  put({.id = "c", .title = "Logo", .version = 8});
  EXPECT_FALSE(get("c").has_value());
  expect_text("logo", {"a"});
  query q;
  q.terms = {{"tags", {"x"}}};
  q.ranges = {{"price", 500, 500}};
  expect_ids(q, {"a"});
  put({.id = "a", .title = "Poster", .version = 2});
  expect_text("logo", {});
  expect_text("poster", {"a"});
}

TEST_P(search_conformance, other_fields_keep_what_was_known_and_take_the_rest) {
  put({.id = "a", .title = "Logo", .description = "colourful", .price = 700, .version = 3});
  auto s = schema_of_samples();
  s.fields.push_back({"subtitle", field_kind::text, 1.0});
  s.fields.push_back({"days", field_kind::number});
  EXPECT_FALSE(wants_all());
  restart_with(s);
  EXPECT_TRUE(wants_all());
  expect_text("colourful", {"a"});
  EXPECT_EQ(get("a")->version, 3);
  // The same version again, now with the new fields.
  auto more = document_of({.id = "a", .title = "Logo", .version = 3});
  more.values.push_back({"subtitle", std::string("handmade")});
  more.values.push_back({"days", std::int64_t{4}});
  ASSERT_TRUE(put({versioned{more, 3, false}}).has_value());
  expect_text("handmade", {"a"});
  EXPECT_FALSE(wants_all());
  query q;
  q.ranges = {{"days", 4, 4}};
  expect_ids(q, {"a"});
  // And now it is known.
  put({.id = "a", .title = "Other", .version = 3});
  EXPECT_EQ(member(*get("a"), "title"), "Logo");
}

TEST_P(search_conformance, old_tombstones_are_purged_and_what_they_removed_stays_removed) {
  put({.id = "a", .title = "Logo", .version = 1});
  put({.id = "b", .title = "Logo", .version = 1});
  expect_text("logo", {"a", "b"});
  remove("a", 2);
  std::vector<versioned> many;
  for (int i = 0; i < 10'050; ++i) {
    document d;
    d.id = "gone-" + std::to_string(i);
    many.push_back({std::move(d), 5, true});
  }
  ASSERT_TRUE(put(std::move(many)).has_value());
  expect_text("logo", {"b"});
  EXPECT_FALSE(get("a").has_value());
  put({.id = "gone-10049", .title = "Logo", .version = 4});
  expect_text("logo", {"b"});
  restart();
  expect_text("logo", {"b"});
}

TEST_P(search_conformance, many_edits_leave_the_last_words_and_values) {
  constexpr int documents = 2'100;
  for (int edit = 1; edit <= 4; ++edit) {
    std::vector<versioned> all;
    for (int i = 0; i < documents; ++i) {
      auto number = std::to_string(10'000 + i);
      sample s{
          .id = number, .title = "Logo " + number + "x", .tags = {"edit" + std::to_string(edit)}};
      s.description = "edit" + std::to_string(edit) + (i % 2 == 0 ? " even" : " odd");
      s.price = i;
      all.push_back({document_of(s), edit, false});
    }
    ASSERT_TRUE(put(std::move(all)).has_value());
    // Read between the writes, so that each is seen.
    expect_text("10007x ", {"10007"});
  }
  remove("10007", 9);
  expect_text("10007x ", {});
  expect_text("edit3 ", {});
  auto q = text_query("edit4 even ");
  q.sort = {"price", true};
  q.limit = 2;
  q.facets = {{"tags"}};
  expect_ids(q, {"12098", "12096"});
  auto p = found(q);
  EXPECT_EQ(p.total, documents / 2);
  ASSERT_EQ(p.facets[0].buckets.size(), 1U);
  EXPECT_EQ(p.facets[0].buckets[0].value, "edit4");
  q.text = "edit4 odd ";
  EXPECT_EQ(found(q).total, documents / 2 - 1);
  put({.id = "10007", .title = "Poster", .version = 10});
  expect_text("poster ", {"10007"});
}

TEST_P(search_conformance, an_index_without_documents_wants_all) {
  EXPECT_TRUE(wants_all());
  put({.id = "a", .title = "Logo"});
  EXPECT_FALSE(wants_all());
}

TEST_P(search_conformance, answers_a_ping) {
  EXPECT_TRUE(ping().has_value());
}

}  // namespace oficio::search::conformance
