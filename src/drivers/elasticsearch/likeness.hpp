#pragma once

#include "drivers/elasticsearch/understanding.hpp"

namespace oficio::elasticsearch {

// Finds documents that share a document's distinctive stems and, by their weight, its keywords.
class likeness {
 public:
  likeness(server& at, const layout& fields, const std::string& alias)
      : at_(at), fields_(fields), alias_(alias) {}

  // `source`: what is stored of the document. Errors: as of server.
  awaitable<result<json::value>> find_like(const context& ctx, const search::likeness_query& q,
                                           const json::value& source);

 private:
  // The stems that tell the most of it, and that others have too: {stem, rarity}.
  awaitable<result<json::array>> distinctive(const context& ctx, const json::value& source);

  server& at_;
  const layout& fields_;
  const std::string& alias_;
};

}  // namespace oficio::elasticsearch
