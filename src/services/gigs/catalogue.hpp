#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

namespace oficio::gigs {

// A name in the languages of the installation.
struct label {
  std::string en;
  std::string es;
};
BOOST_DESCRIBE_STRUCT(label, (), (en, es))

struct subcategory {
  std::string id;
  label name;
};
BOOST_DESCRIBE_STRUCT(subcategory, (), (id, name))

struct category {
  std::string id;
  label name;
  std::vector<subcategory> subcategories;
};
BOOST_DESCRIBE_STRUCT(category, (), (id, name, subcategories))

// Everything that may be offered, in the order in which it is shown.
const std::vector<category>& catalogue();

// The names of a subcategory; none for places that are not in the catalogue.
std::vector<std::string> names_of(std::string_view category, std::string_view subcategory);

// Subcategories whose name, in either language, has the words that were typed, the last of them
// perhaps only begun; in the catalogue's order.
struct place {
  std::string category;
  std::string subcategory;
  std::string name;  // in the language that fits
};
std::vector<place> find_places(std::string_view typed, std::size_t limit);

std::vector<std::string> category_ids();
bool is_category(std::string_view id);
bool is_subcategory(std::string_view category, std::string_view id);

}  // namespace oficio::gigs
