#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "platform/json/json.hpp"

namespace oficio::sample {

// What is said of one kind of work in one language. Texts are patterns (wording.hpp).
struct voice {
  std::string name;  // of the work, within a sentence
  std::vector<std::string> tags;
  std::vector<std::string> titles;
  std::vector<std::string> intros;
  std::vector<std::string> includes;
  std::vector<std::array<std::string, 2>> faq;  // question, answer
  std::vector<std::string> praise;
  std::vector<std::string> complaints;
  std::vector<std::string> needs;    // a buyer's requirements
  std::vector<std::string> results;  // a seller's words with the delivery
};
BOOST_DESCRIBE_STRUCT(voice, (),
                      (name, tags, titles, intros, includes, faq, praise, complaints, needs,
                       results))

// One kind of work: a subcategory of the market.
struct trade {
  std::string category;
  std::string subcategory;
  std::array<std::int64_t, 2> price{};  // of the smallest package, in whole units of the currency
  std::array<std::int64_t, 2> days{};
  std::vector<std::string> skills;
  voice en;
  voice es;

  const voice& in(std::string_view locale) const { return locale == "es" ? es : en; }
};
BOOST_DESCRIBE_STRUCT(trade, (), (category, subcategory, price, days, skills, en, es))

// Where people come from.
struct region {
  std::string country;     // ISO 3166-1 alpha-2
  std::string locale;      // en or es
  std::int64_t share = 0;  // of a hundred people, how many
  std::vector<std::string> first;
  std::vector<std::string> last;
  std::vector<std::string> cities;
  std::vector<std::string> speaks;  // ISO 639-1, the mother tongue first
};
BOOST_DESCRIBE_STRUCT(region, (), (country, locale, share, first, last, cities, speaks))

// What is said whatever the work, in one language, by kind: "closing", "five", "hello".
using sayings = std::map<std::string, std::vector<std::string>>;

struct phrases {
  std::vector<std::vector<std::string>> packages;  // three titles each
  std::vector<std::array<std::string, 2>> faq;
  sayings said;

  // Throws std::logic_error if there is no such kind.
  const std::vector<std::string>& of(const std::string& kind) const;
};

// Everything that the sample market is made of. Immutable, and the same in every build.
struct library {
  std::vector<trade> trades;
  std::vector<region> regions;
  std::map<std::string, std::string> foldings;  // letters beyond ASCII, as user names spell them
  phrases en;
  phrases es;

  const phrases& in(std::string_view locale) const { return locale == "es" ? es : en; }
};

// The one that the program carries. Throws std::logic_error if it cannot be read.
library load_library();

}  // namespace oficio::sample
