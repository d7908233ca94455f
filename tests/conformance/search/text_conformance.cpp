#include "search_fixture.hpp"

namespace oficio::search::conformance {

TEST_P(search_conformance, all_words_must_match_in_any_field_where_they_can) {
  put_all({{.id = "a", .title = "Modern logo design", .description = "for bakeries"},
           {.id = "b", .title = "Logo animation", .description = "moving pictures"},
           {.id = "c", .title = "Bakery accounts", .description = "tax"}});
  expect_text("logo", {"a", "b"});
  expect_text("logo bakeries", {"a"});
  expect_text("LOGO Moving", {"b"});
  expect_text("logo tax", {"a", "b", "c"});
}

TEST_P(search_conformance, the_last_word_is_a_prefix_and_only_that) {
  put({.id = "a", .title = "Photography lessons"});
  expect_text("photo", {"a"});
  expect_text("photography les", {"a"});
  expect_text("p", {"a"});
  put({.id = "b", .title = "Lessons of all kinds"});
  expect_text("photo lessons", {"a", "b"});  // none has both
  expect_text("tography", {});
}

TEST_P(search_conformance, accents_and_case_do_not_matter) {
  put_all({{.id = "a", .title = "Diseño de páginas web"}, {.id = "b", .title = "Traduccion Über"}});
  expect_text("diseno paginas", {"a"});
  expect_text("DISEÑO", {"a"});
  expect_text("traducción", {"b"});
  expect_text("uber", {"b"});
}

TEST_P(search_conformance, a_word_in_a_boosted_field_counts_more) {
  put_all({{.id = "a", .title = "Poster for shops", .description = "with a logo on it"},
           {.id = "b", .title = "Logo for shops", .description = "with a poster on it"},
           {.id = "c", .title = "Something else", .description = "entirely"}});
  expect_ids(text_query("logo"), {"b", "a"});
  expect_ids(text_query("poster"), {"a", "b"});
}

TEST_P(search_conformance, signals_lift_equal_matches) {
  put_all({{.id = "a", .title = "Logo design", .sales = 3},
           {.id = "b", .title = "Logo design", .sales = 900},
           {.id = "c", .title = "Logo design"},
           {.id = "d", .title = "Poster"}});
  expect_ids(text_query("logo"), {"b", "a", "c"});
}

TEST_P(search_conformance, without_words_the_newest_come_first) {
  put_all({{.id = "018-1", .title = "One"},
           {.id = "018-3", .title = "Three"},
           {.id = "018-2", .title = "Two"}});
  expect_ids({}, {"018-3", "018-2", "018-1"});
  expect_ids(text_query("  \t "), {"018-3", "018-2", "018-1"});
}

TEST_P(search_conformance, an_update_takes_the_old_words_out) {
  put({.id = "a", .title = "Logo", .description = "of \"quoted\" and\nbroken ñ lines"});
  put({.id = "a", .title = "Poster", .version = 2});
  expect_text("logo", {});
  expect_text("broken", {});
  expect_text("poster", {"a"});
}

TEST_P(search_conformance, what_people_type_is_never_syntax) {
  put({.id = "a", .title = "Logo near shops", .description = "not and or title"});
  for (const char* text :
       {"\"logo",        "logo\"",       "\"logo\" \"near", "logo*",   "*logo",
        "-logo",         "logo -",       "(logo",           "logo)",   "title:logo",
        "{title}: logo", "^logo",        "+logo",           "logo;",   "lo\\go'--",
        "logo\0x",       "'logo'",       "logo~1",          "logo^2",  "[logo TO near]",
        "logo && near",  "logo || near", "!logo",           "logo 🎉", "🎉 logo"}) {
    auto p = search(text_query(text));
    EXPECT_TRUE(p.has_value()) << text << ": " << (p ? "" : p.error().detail);
  }
  expect_text("\"logo", {"a"});
  expect_text("-logo", {"a"});
  expect_text("logo*", {"a"});
  expect_text("title:logo", {"a"});
  // Words of other query languages are words.
  expect_text("logo AND near", {"a"});
  expect_text("logo NOT near", {"a"});
  expect_text("logo OR absent", {"a"});
  expect_text("NEAR(logo shops)", {"a"});
}

TEST_P(search_conformance, ids_and_values_are_never_syntax) {
  put({.id = "a", .title = "Logo", .tags = {"red"}});
  const std::string odd[] = {"../_search",
                             "a/b?c=d#e",
                             "_all",
                             "*",
                             "\"},{\"",
                             "\n\n{}",
                             "${jndi:x}",
                             "a\\",
                             "%2e%2e",
                             "ñ",
                             std::string(300, 'x')};
  for (const auto& id : odd) {
    EXPECT_FALSE(get(id).has_value()) << id;
    put({.id = id, .title = "Odd", .tags = {id}});
    EXPECT_TRUE(get(id).has_value()) << id;
    query q;
    q.terms = {{"tags", {id}}};
    expect_ids(q, {id});
    remove(id, 2);
    EXPECT_FALSE(get(id).has_value()) << id;
  }
  query q;
  q.terms = {{"tags", {"\xff\xfe", "red\xc3"}}};
  EXPECT_EQ(found(q).total, 0);
  EXPECT_FALSE(get("\xff").has_value());
  EXPECT_FALSE(get("").has_value());
  EXPECT_FALSE(get(std::string(5'000, 'a')).has_value());
  EXPECT_EQ(get_many({"\xff", "a", ""}), std::vector<std::string>{"a"});
}

TEST_P(search_conformance, text_without_a_word_finds_nothing) {
  put({.id = "a", .title = "Logo"});
  expect_text("logo", {"a"});
  for (const char* text : {"\"", "*", "---", "()", "\"\"", "🎉", "…"}) expect_text(text, {});
}

TEST_P(search_conformance, very_long_text_is_answered) {
  put({.id = "a", .title = "Logo"});
  std::string many;
  while (many.size() < 10'000) many += "word" + std::to_string(many.size()) + " ";
  EXPECT_TRUE(search(text_query(many)).has_value());
  EXPECT_TRUE(search(text_query(std::string(10'000, 'x'))).has_value());
  EXPECT_TRUE(search(text_query(std::string(10'000, '"'))).has_value());
  std::string accents;
  for (int i = 0; i < 5'000; ++i) accents += "ñ";
  EXPECT_TRUE(search(text_query(accents)).has_value());
}

}  // namespace oficio::search::conformance
