#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/embedded/search/columns.hpp"
#include "drivers/embedded/search/lexicon.hpp"
#include "drivers/embedded/search/postings.hpp"
#include "drivers/embedded/search/weights.hpp"
#include "drivers/embedded/sqlite/connection.hpp"

namespace oficio::embedded {

// What is searched, of all documents: their words, keywords and numbers. Documents are rows here.
struct contents {
  explicit contents(const layout& fields) : values(fields) {}

  struct row {
    std::uint32_t id = 0;       // in ids
    float signal = 0;           // what its number fields add to its relevance
    std::int64_t document = 0;  // its key in the file
    std::size_t texts = 0;      // tells whether they changed; 0: its words are not in `words`
  };

  std::string_view id(std::uint32_t r) const { return ids.text(rows[r].id); }

  columns values;
  lexicon language;
  postings words;
  string_table ids;
  std::vector<row> rows;
  std::vector<std::uint32_t> row_of_document;  // by key; postings::gone where there is none
  std::uint32_t dead = 0;                      // rows of documents that have another, or went
};

// The contents of an index's file in memory, about 500 bytes a document of 150 words: a search
// reads nothing else but the bodies that it shows.
//
// It learns only from committed rows, by their change sequence, so that it holds what the file
// holds whoever wrote it.
class mirror {
 public:
  explicit mirror(const layout& fields);

  // Reads what was committed since the last time.
  void catch_up(connection& c);

  // Read contents only while this is held, and not across a wait.
  std::shared_lock<std::shared_mutex> hold() const { return std::shared_lock(guard_); }
  const contents& now() const { return *now_; }

 private:
  struct change {
    std::int64_t document;
    std::string id;
    bool removed;
    bool hidden;
    std::string values;
    std::string texts;
  };

  void start_anew_if_purged(connection& c);
  void take(const change& ch);
  std::uint32_t row_for(const change& ch, std::size_t texts);
  void drop(std::uint32_t row);
  float signal_of(std::uint32_t row) const;
  void index_words(std::uint32_t row, const change& ch);
  void compact();

  const layout& fields_;
  scales scales_;
  mutable std::shared_mutex guard_;
  std::unique_ptr<contents> now_;
  std::int64_t seen_ = 0;  // the last change sequence
};

}  // namespace oficio::embedded
