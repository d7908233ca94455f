#pragma once

#include <optional>
#include <string>

#include "drivers/elasticsearch/counting.hpp"
#include "drivers/elasticsearch/query.hpp"
#include "drivers/elasticsearch/reading.hpp"
#include "drivers/elasticsearch/server.hpp"

namespace oficio::elasticsearch {

struct understood_text {
  understood words;
  std::optional<std::string> correction;  // the text as it was taken
};

// Asks the index what it knows of the words of a text: which are there, which begin others, what
// those that are not may be misspellings of, and how many of them one document has at most.
class understanding {
 public:
  understanding(server& at, const layout& fields, const std::string& alias,
                const search::synonyms& same)
      : at_(at), fields_(fields), alias_(alias), same_(same) {}

  // Errors: as of server.
  awaitable<result<understood_text>> read(const context& ctx, std::string text);

 private:
  awaitable<result<understood_text>> corrected(const context& ctx, const reading& typed,
                                               counted counts);

  server& at_;
  const layout& fields_;
  const std::string& alias_;
  const search::synonyms& same_;
};

// The body of a search that may take as long as the context lasts.
json::object within(const context& ctx, json::object request);
// Searches on one copy of the index for one text, so that its scores stay the same.
std::string search_target(const std::string& alias, const std::string& text);

}  // namespace oficio::elasticsearch
