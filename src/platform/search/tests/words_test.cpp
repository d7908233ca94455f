#include "platform/search/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oficio::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(words, are_folded) {
  struct {
    const char* text;
    const char* folded;
  } cases[] = {{"Hello, World!", "hello world"},
               {"DISEÑO gráfico", "diseno grafico"},
               {"Disen\u0303o", "diseno"},
               {"Łódź, Čapek, Ærø, Straße, Œuvre", "lodz capek aero strasse oeuvre"},
               {"«vídeo» – “pódcast”…", "video podcast"},
               {"1ª y 2º", "1a y 2o"},
               {"ЛОГОТИП Ёж", "логотип ёж"},
               {"ΣΧΕΔΙΟ", "σχεδιο"},
               {"ｆｕｌｌ ＷＩＤＴＨ", "full width"},
               {"ロゴ", "ロ ゴ"},
               {"web-site e_mail a/b", "web site e mail a b"},
               {"designer's don't l'eau it’s", "designer dont leau it"},
               {"C++ c# F# .NET asp.net node.js", "cpp csharp fsharp dotnet asp net node js"},
               {"co\u00ADoperate zero\u200Bwidth", "cooperate zerowidth"},
               {"tea \U0001F375 time", "tea time"},
               {"", ""},
               {" \t\n", ""},
               {"*\"'()~^:", ""},
               {"a\xFF"
                "b\xC3",
                "a b"},
               {"\xE2\x82", ""}};
  for (const auto& c : cases) EXPECT_EQ(folded(c.text), c.folded) << c.text;
}

TEST(words, tell_where_they_stand) {
  auto got = words_of("¿Página web?");
  ASSERT_THAT(got, SizeIs(2));
  EXPECT_EQ(got[0].begin, 2U);
  EXPECT_EQ(got[0].end, 9U);
  EXPECT_EQ(got[1].begin, 10U);
  EXPECT_EQ(got[1].end, 13U);
}

TEST(words, are_bounded) {
  EXPECT_THAT(words_of("a b c d", 2), SizeIs(2));
  auto longest = words_of(std::string(10'000, 'x'));
  ASSERT_THAT(longest, SizeIs(1));
  EXPECT_EQ(longest[0].folded.size(), 64U);
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "\xD0\x96";  // two bytes each: none is cut
  EXPECT_EQ(words_of(accents)[0].folded.size() % 2, 0U);
}

TEST(words, any_bytes_will_do) {
  std::string bytes;
  unsigned state = 1;
  for (int i = 0; i < 200'000; ++i) {
    state = state * 1'103'515'245 + 12'345;
    bytes += static_cast<char>(state >> 16);
  }
  for (const auto& w : words_of(bytes)) {
    ASSERT_LE(w.begin, w.end);
    ASSERT_LE(w.end, bytes.size());
    ASSERT_FALSE(w.folded.empty());
    ASSERT_LE(w.folded.size(), 68U);
  }
}

TEST(typing, stands_in_texts) {
  struct {
    const char* typed;
    const char* text;
    bool stands;
  } cases[] = {{"log", "Logo design", true},
               {"des", "Logo design", true},
               {"esi", "Logo design", false},
               {"logo des", "Logo design", true},
               {"des logo", "Logo design", false},
               {"design log", "Logo design", true},
               {"lo design", "Logo design", false},
               {"diseno", "Diseño de logotipos", true},
               {"diseño lo", "Diseño de logotipos", true},
               {"LOGO", "logo-design", true},
               {"c+", "C++ programs", true},
               {"c++", "C++ programs", true},
               {"c++", "C programs", false},
               {"net", "node.net", true},
               {"design x", "Logo design", false},
               {"", "Logo", false},
               {"*", "Logo", false},
               {"logo", "", false}};
  for (const auto& c : cases) {
    EXPECT_EQ(typing(c.typed).stands_in(c.text), c.stands) << c.typed << " in " << c.text;
  }
}

}  // namespace
}  // namespace oficio::search
