#pragma once

#include <string_view>

namespace oficio::documents {

// Names of collections and indexes, and paths into documents ("buyer.id"), come from code and end
// in queries' texts: anything but small letters, digits and underscores is a bug. Both throw
// std::invalid_argument.
void check_name(std::string_view name);
void check_path(std::string_view path);

}  // namespace oficio::documents
