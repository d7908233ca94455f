#pragma once

#include <map>
#include <string>
#include <string_view>

#include "app/seed/dice.hpp"
#include "app/seed/library.hpp"

namespace oficio::sample {

// Puts patterns into words: {a|b} is one of them, {name} what the name stands for. A name that was
// not set is one of the language's sayings of that kind. Whatever was chosen stays chosen: an offer
// that begins with a bakery and three drafts goes on with them.
class wording {
 public:
  wording(const phrases& language, dice& chance) : language_(language), chance_(chance) {}

  wording& set(std::string name, std::string meaning);

  // Throws std::logic_error if a name means nothing, or a brace is not closed.
  std::string operator()(std::string_view pattern);
  // One of the sayings of that kind, in words.
  std::string one(const std::string& kind) { return (*this)(chance_.pick(language_.of(kind))); }

  const phrases& language() const { return language_; }

 private:
  std::string filled(std::string_view slot);
  std::string choose(std::string_view slot);

  const phrases& language_;
  dice& chance_;
  std::map<std::string, std::string, std::less<>> meanings_;
};

// With a capital letter at its beginning.
std::string capital(std::string text);

// Characters, not bytes.
std::size_t length_of(std::string_view utf8);

}  // namespace oficio::sample
