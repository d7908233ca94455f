#pragma once

#include <string>

#include "drivers/mongodb/servers.hpp"
#include "platform/documents/driver.hpp"

namespace oficio::mongodb {

// Our indexes are called "oficio_<declared name>", so that those which an operator makes are left
// alone. A unique one ends with what tells tombstones apart, another with the id, which gives the
// order of ties without sorting.

// The declared name of an index of ours; else the name itself.
std::string declared_name(const std::string& name);

// Makes the indexes that are declared, anew where their definition changed, and drops those of ours
// that are no longer declared. Blocks. Throws std::runtime_error with one line.
void make_indexes(servers::call& c, const documents::collection_spec& spec);

}  // namespace oficio::mongodb
