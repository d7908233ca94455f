#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace oficio::app {

// How one kind of work is offered in one language. In a title, {how} and {whom} are filled in.
struct voice {
  std::vector<std::string_view> titles;
  std::vector<std::string_view> how;
  std::string_view intro;
  std::vector<std::string_view> includes;
  std::string_view question;
  std::string_view reply;
};

// A kind of work: it fits a subcategory whose id contains one of `keys`.
struct trade {
  std::vector<std::string_view> keys;
  std::vector<std::string_view> tags;
  int price = 0;  // of the basic package, in whole units of the currency
  int days = 0;
  voice en;
  voice es;
};

const std::vector<trade>& trades();        // in order of preference
const std::vector<trade>& media_trades();  // more of them: pictures, sound and film
// The offer for work that no trade describes; its titles have {what}, the subcategory's name.
const trade& any_trade();

struct person {
  std::string_view username;
  std::string_view name;
  std::string_view locale;   // en or es
  std::string_view country;  // ISO 3166-1 alpha-2
  std::string_view field;    // the category of a seller's gigs; empty for buyers
  std::string_view headline;
  std::string_view about;
};
const std::vector<person>& sample_sellers();
const std::vector<person>& sample_buyers();

// The words that any offer, order or review may use, per language.
struct phrases {
  std::vector<std::string_view> whom;      // for whom the work is: "your bakery"
  std::vector<std::string_view> ways;      // how the seller works, a paragraph each
  std::vector<std::string_view> closings;  // a last sentence
  std::vector<std::string_view> packages;  // three titles
  std::string_view gets;                   // "What you get:"
  std::string_view delivery_question;
  std::string_view delivery_reply;
  std::vector<std::string_view> hellos;   // a buyer's first message
  std::vector<std::string_view> answers;  // the seller's
  std::vector<std::string_view> requirements;
  std::vector<std::string_view> deliveries;
  std::vector<std::string_view> praise;  // the buyer's review
  std::vector<std::string_view> thanks;  // the seller's review
};
const phrases& phrases_of(std::string_view locale);

// The same choices in every run and on every machine.
class dice {
 public:
  explicit dice(std::uint32_t seed) : numbers_(seed) {}
  std::size_t below(std::size_t limit) { return numbers_() % limit; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937 numbers_;
};

}  // namespace oficio::app
