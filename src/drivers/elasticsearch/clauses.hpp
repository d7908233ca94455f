#pragma once

#include <string>
#include <vector>

#include "drivers/elasticsearch/layout.hpp"
#include "drivers/elasticsearch/reading.hpp"

namespace oficio::elasticsearch {

// Parts of queries. All text is a JSON string of a term: there is no syntax that it could be.

json::object term(const std::string& path, json::value v);
json::object term(const std::string& path, const std::string& text);
json::object filter_of(json::array all);  // {bool: {filter}}
json::object nothing();                   // no document

// Documents that search may find.
json::object shown();
// Documents with the stem, the better the more it tells of them.
json::object with_stem(const std::string& stem, double boost);
// Documents with a word that begins so in any text.
json::object with_beginning(const layout& fields, const std::string& folded, double boost);
// Documents with what is meant, as well as its best alternative fits.
json::object with_meaning(const layout& fields, const meaning& m);
// Documents with at least `least` of the meanings.
json::object with_meanings(const layout& fields, const std::vector<meaning>& all,
                           std::size_t least);

// Can the text be an id at all? Servers take 512 bytes, all of them UTF-8.
bool is_id(const std::string& text);
// What a filter of the port says. Texts that are no UTF-8 are in no document.
json::object clause_of(const layout& fields, const search::term_filter& f);
json::object clause_of(const layout& fields, const search::range_filter& f);

}  // namespace oficio::elasticsearch
