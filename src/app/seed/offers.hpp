#pragma once

#include <string>
#include <vector>

#include "app/seed/texts.hpp"
#include "platform/json/json.hpp"

namespace oficio::app {

// A place in the market's catalogue.
struct shelf {
  std::string category;
  std::string subcategory;
  std::string name_en;
  std::string name_es;
};

// What GET /categories said, flattened. Empty if it says nothing readable.
std::vector<shelf> read_shelves(const json::value& categories);

// The body of a POST /gigs: what `seller` offers on `where`, in whole units of `currency`.
json::value make_offer(const person& seller, const shelf& where, const std::string& currency,
                       dice& chance);

// The body of a POST /sellers.
json::value make_profile(const person& seller);

}  // namespace oficio::app
