#include <gmock/gmock.h>

#include "search_fixture.hpp"

namespace oficio::search::conformance {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(search_conformance, words_of_one_stem_find_each_other) {
  put_all({{.id = "logos", .title = "Handmade logos"},
           {.id = "designer", .title = "Product designers"},
           {.id = "diseno", .title = "Diseñadora de tarjetas"},
           {.id = "company", .title = "Accounts of companies"},
           {.id = "editing", .title = "Editing of novels"}});
  expect_text("logo handmade", {"logos"});
  expect_text("product design ", {"designer"});
  expect_text("diseño tarjeta ", {"diseno"});
  expect_text("company accounts ", {"company"});
  expect_text("edit novel ", {"editing"});
}

TEST_P(search_conformance, small_words_of_both_languages_do_not_count) {
  put_all({{.id = "a", .title = "Logo for a bakery"}, {.id = "b", .title = "Carteles de teatro"}});
  expect_text("the logo of your bakery", {"a"});
  expect_text("carteles para el teatro", {"b"});
  expect_text("I need a logo", {"a"});
  expect_text("the", {});
}

TEST_P(search_conformance, synonyms_find_each_other_both_ways) {
  put_all({{.id = "en", .title = "Website for bakers"},
           {.id = "es", .title = "Página web para panaderos"},
           {.id = "site", .title = "Un sitio para la web"},
           {.id = "page", .title = "Página de un libro"},
           {.id = "t", .title = "Traducción de libros"}});
  expect_text("website ", {"en", "es", "site"});
  expect_text("pagina web ", {"en", "es", "site"});
  expect_text("translation ", {"t"});
  expect_text("translations of libros ", {"t"});
  // What was asked for stands before what means the same.
  EXPECT_EQ(ids_of(text_query("website ")).front(), "en");
  EXPECT_EQ(ids_of(text_query("página web ")).front(), "es");
}

TEST_P(search_conformance, misspelt_words_are_understood_and_told) {
  put_all({{.id = "photo", .title = "Photography of products"},
           {.id = "design", .title = "Diseño gráfico moderno"},
           {.id = "trans", .title = "Traducción jurada"},
           {.id = "video", .title = "Video animation"}});
  struct {
    const char* typed;
    const char* id;
    const char* correction;
  } cases[] = {{"photografy", "photo", "photography"},
               {"fotography", "photo", "photography"},
               {"photograhpy", "photo", "photography"},
               {"disneo grafico", "design", "diseño grafico"},
               {"diseño garfico", "design", "diseño gráfico"},
               {"traducion", "trans", "traducción"},
               {"tradución jurada", "trans", "traducción jurada"},
               {"vidoe", "video", "video"},
               {"vdeo animation", "video", "video animation"},
               {"Video, animaton!", "video", "Video, animation!"}};
  for (const auto& c : cases) {
    expect_text(c.typed, {c.id});
    EXPECT_EQ(correction_of(c.typed), c.correction) << c.typed;
  }
}

TEST_P(search_conformance, one_letter_wrong_in_a_word_of_six_is_always_understood) {
  put({.id = "a", .title = "Poster"});
  const std::string word = "poster";
  expect_text(word, {"a"});
  for (std::size_t i = 0; i < word.size(); ++i) {
    auto without = word;
    without.erase(i, 1);
    auto other = word;
    other[i] = 'x';
    auto more = word;
    more.insert(i, 1, 'x');
    for (const auto& typed : {without, other, more}) expect_text(typed + " ", {"a"});
  }
}

TEST_P(search_conformance, what_is_right_is_not_corrected) {
  put_all({{.id = "a", .title = "Logo"}, {.id = "b", .title = "Lego"}});
  expect_text("logo", {"a"});
  expect_text("lego", {"b"});
  EXPECT_EQ(correction_of("logo"), "");
  EXPECT_EQ(correction_of("lo"), "");           // a beginning
  EXPECT_EQ(correction_of("logotipo"), "");     // has a synonym
  EXPECT_EQ(correction_of("xylophonist"), "");  // like nothing that is there
  EXPECT_EQ(correction_of(""), "");
}

TEST_P(search_conformance, of_many_words_most_are_enough_when_all_are_in_none) {
  put_all({{.id = "a", .title = "Modern logo for bakeries"},
           {.id = "b", .title = "Modern furniture"},
           {.id = "c", .title = "Bakeries in town"}});
  expect_text("modern logo bakeries cheerful", {"a"});
  expect_text("modern logo", {"a"});
  expect_text("logo cheerful", {"a"});
  expect_text("logo cheerful wonderful", {});
}

TEST_P(search_conformance, programming_languages_are_words) {
  put_all({{.id = "cpp", .title = "Programs in C++"},
           {.id = "cs", .title = "Programs in C#"},
           {.id = "net", .title = "Programs in .NET"},
           {.id = "c", .title = "Programs in C, small"}});
  expect_text("c++", {"cpp"});
  expect_text("C# ", {"cs"});
  expect_text(".net ", {"net"});
}

TEST_P(search_conformance, other_scripts_are_found) {
  put_all({{.id = "ja", .title = "日本語のロゴ"},
           {.id = "ru", .title = "Логотип для кафе"},
           {.id = "el", .title = "Σχέδιο"},
           {.id = "two", .title = "Disen\u0303o"}});
  expect_text("ロゴ", {"ja"});
  expect_text("логотип", {"ru"});
  expect_text("σχέδιο", {"el"});
  expect_text("diseño", {"two"});
}

TEST_P(search_conformance, completes_values_and_texts) {
  put_all(
      {{.id = "a", .title = "Logo for a bakery", .tags = {"logo design", "brand"}},
       {.id = "b", .title = "Logos and more", .tags = {"logo design", "Lógica"}},
       {.id = "c", .title = "Poster", .description = "a logo", .tags = {"logos"}, .hidden = true}});
  expect_text("logo", {"a", "b"});
  completion_query q{.text = "log", .fields = {"tags", "title"}};
  EXPECT_THAT(completed(q), ElementsAre("tags: logo design", "tags: Lógica",
                                        "title: Logos and more", "title: Logo for a bakery"));
  q.text = "Logo des";
  EXPECT_THAT(completed(q), ElementsAre("tags: logo design"));
  q.text = "bakery lo";
  EXPECT_THAT(completed(q), ElementsAre("title: Logo for a bakery"));
  q.text = "lgoo";  // misspelt
  EXPECT_THAT(completed(q), SizeIs(3));
  q.text = "log";
  q.limit = 1;
  EXPECT_THAT(completed(q), ElementsAre("tags: logo design", "title: Logos and more"));
  q.terms = {{"tags", {"brand"}}};
  EXPECT_THAT(completed(q), ElementsAre("tags: logo design", "title: Logo for a bakery"));
  for (const char* nothing : {"", "  ", "*", "zzzzzz"}) {
    q.text = nothing;
    EXPECT_THAT(completed(q), IsEmpty()) << nothing;
  }
}

TEST_P(search_conformance, finds_similar_documents) {
  put_all({{.id = "a", .title = "Wooden toy trains", .category = "toys"},
           {.id = "b", .title = "Wooden toy ships", .category = "toys"},
           {.id = "c", .title = "Wooden chairs", .category = "home"},
           {.id = "d", .title = "Plastic dolls", .category = "toys"},
           {.id = "e", .title = "Wooden toy trains", .category = "toys", .hidden = true},
           {.id = "f", .title = "Steel pans", .description = "for cooks", .category = "home"}});
  expect_text("wooden ", {"a", "b", "c"});
  likeness_query q{.id = "a", .fields = {{"category", 0.5}}};
  EXPECT_THAT(similar(q), ElementsAre("b", "c", "d"));
  q.limit = 1;
  EXPECT_THAT(similar(q), ElementsAre("b"));
  q.limit = 10;
  q.terms = {{"category", {"home"}}};
  EXPECT_THAT(similar(q), ElementsAre("c"));
  q.id = "nobody";
  EXPECT_THAT(similar(q), IsEmpty());
}

}  // namespace oficio::search::conformance
