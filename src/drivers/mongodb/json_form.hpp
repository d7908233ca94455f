#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "drivers/mongodb/bson.hpp"
#include "platform/base/result.hpp"

namespace oficio::mongodb {

// JSON as BSON and back, so that everything comes back as it was, and is found by its plain paths.
// What BSON, MongoDB or those who speak its language do not take gets another form:
//   - keys: "%", "$", "." and NUL are written %25, %24, %2E and %00, an empty key "%";
//   - a list in a list is {"%list": [...]};
//   - a number above 2^63 - 1 is {"%u64": "18446744073709551615"}.
// No escaped key is a "%" and a word, so none can be mistaken for these two.

std::string escaped_key(std::string_view key);
std::string plain_key(std::string_view key);

// Errors: invalid `document_too_deep` (MongoDB nests at most 100 levels).
result<document> to_bson(const boost::json::object& from);
// For a value that is compared with; null, texts, numbers and true or false only.
// Throws std::invalid_argument for lists and objects.
void put_scalar(document& to, std::string_view key, const boost::json::value& v);

// Errors: internal `unreadable_document`, for types that we never write.
result<boost::json::object> to_json(const bson_iter_t& at);

}  // namespace oficio::mongodb
