#pragma once

#include <string>

#include "platform/json/json.hpp"
#include "platform/search/index.hpp"

namespace oficio::elasticsearch {

// What the hits of a query are sorted by: `sort` for the server, and a name, since a position in
// one order is none in another.
struct order {
  std::string name;
  json::array sort;
};

// `number_path`: where the field that is sorted by lies, if any.
order order_of(const search::query& q, const std::string& number_path);

// From a hit's sort values.
std::string write_position(const order& by, const json::array& values);
// Sort values again, for search_after. Errors: bad_request `bad_cursor`.
result<json::array> read_position(const order& by, const std::string& text);

}  // namespace oficio::elasticsearch
