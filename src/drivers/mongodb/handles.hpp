#pragma once

#include <memory>
#include <string>

#include <mongoc/mongoc.h>

#include "drivers/mongodb/servers.hpp"

namespace oficio::mongodb {

struct collection_freed {
  void operator()(mongoc_collection_t* c) const { mongoc_collection_destroy(c); }
};
using collection_pointer = std::unique_ptr<mongoc_collection_t, collection_freed>;

struct cursor_freed {
  void operator()(mongoc_cursor_t* c) const { mongoc_cursor_destroy(c); }
};
using cursor_pointer = std::unique_ptr<mongoc_cursor_t, cursor_freed>;

inline collection_pointer collection_of(const servers::call& c, const std::string& name) {
  return collection_pointer(
      mongoc_client_get_collection(c.client(), c.database().c_str(), name.c_str()));
}

}  // namespace oficio::mongodb
