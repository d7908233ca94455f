#pragma once

#include <string>
#include <vector>

#include "drivers/elasticsearch/layout.hpp"
#include "drivers/elasticsearch/server.hpp"

namespace oficio::elasticsearch {

// Puts documents into an index: many in one request, none of which is too large. One whose version
// the index has already, or a newer one, is left as it is.
class writer {
 public:
  // `target`: an index, or the alias of one. `visibly`: write() waits for the refresh after which
  // search finds what was written.
  writer(server& at, std::string target, bool is_alias, bool visibly = false)
      : at_(at), target_(std::move(target)), is_alias_(is_alias), visibly_(visibly) {}

  struct line {
    std::string id;
    std::int64_t version = 0;  // the outer one
    std::string source;        // JSON
  };
  // Errors: as of server, for whatever could not be written; the rest is. An index that takes no
  // writes just now, because another is about to take its place, is waited for (is_write_block()
  // tells when that was in vain).
  awaitable<result<void>> write(const context& ctx, std::vector<line> lines);

 private:
  awaitable<result<void>> write_some(const context& ctx, const std::string& body);
  awaitable<result<void>> write_once(const context& ctx, std::string body);

  server& at_;
  std::string target_;
  bool is_alias_;
  bool visibly_;
};

// Is the index closed to writes by the block that a rebuilding puts on it for its last moments?
bool is_write_block(const error& e);

}  // namespace oficio::elasticsearch
