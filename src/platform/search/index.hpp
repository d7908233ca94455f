#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::search {

enum class field_kind {
  text,     // searched word by word; `boost` weighs it
  keyword,  // filtered and counted as a whole; may hold several values
  number    // filtered by range, sorted and counted by ranges; integers
};

struct field {
  std::string name;  // also the path in the document: "seller.username"
  field_kind kind = field_kind::keyword;
  double boost = 1.0;  // text only
};

// What documents of an index look like to search.
//
// Texts may be in English and Spanish, mixed: accents and case never matter, the small words of
// both languages ("the", "para") are not searched, and common endings ("logos", "designer",
// "diseñador") find each other.
struct schema {
  std::string name;  // "gigs"
  std::vector<field> fields;
  // Added to relevance: log(1 + value) * weight of these number fields (ratings, sales).
  struct signal {
    std::string field;
    double weight;
  };
  std::vector<signal> signals;
  // Groups of words, or phrases of at most four words, that mean the same: a search for one finds
  // the others, a little lower.
  std::vector<std::vector<std::string>> synonyms;
};

// A document of the index: `body` is stored and given back whole; `values` are what is searched.
struct document {
  std::string id;
  std::string body;  // a JSON object's text
  struct value {
    std::string field;
    std::variant<std::string, std::int64_t> content;  // text and keyword: string; number: integer
  };
  std::vector<value> values;  // a field may come several times
  bool hidden = false;        // get() gives it, search does not (a paused gig)
};

// All of one field's terms must hold; several values of one term are alternatives.
struct term_filter {
  std::string field;
  std::vector<std::string> any_of;
};

struct range_filter {
  std::string field;
  std::optional<std::int64_t> min;  // inclusive
  std::optional<std::int64_t> max;  // inclusive
};

struct facet_request {
  std::string field;
  std::size_t limit = 20;                // keyword: the most frequent
  std::vector<std::int64_t> boundaries;  // number: counts between them, [b0,b1) [b1,b2) … [bn,∞)
};

struct sort {
  std::string field;  // a number field; empty: relevance (with no text: newest id first)
  bool descending = true;
};

struct query {
  // As people type; never a syntax of its own. All words must be in a document (when none has all,
  // the most that any has, and at least half); the last one may be the beginning of a word. A word
  // that no document has stands for those that it is probably a misspelling of.
  std::string text;
  std::vector<term_filter> terms;
  std::vector<range_filter> ranges;
  search::sort sort;
  std::size_t limit = 20;
  std::vector<facet_request> facets;
  // Behind the hit with these values (hit::position of the last one).
  std::optional<std::string> after;
};

struct hit {
  std::string body;  // as it was put
  std::int64_t version = 0;
  std::string position;  // opaque; for query::after
};

struct bucket {
  std::string value;                 // keyword
  std::optional<std::int64_t> from;  // number
  std::optional<std::int64_t> to;
  std::int64_t count = 0;
};

struct facet {
  std::string field;
  std::vector<bucket> buckets;
};

struct page {
  std::vector<hit> hits;
  std::int64_t total = 0;
  std::vector<facet> facets;  // as asked; each counted without the filters on its own field
  // The text as it was understood, when words of it were taken for misspelt.
  std::optional<std::string> correction;
};

// What somebody who has typed `text` may mean.
struct completion_query {
  std::string text;
  // Keyword fields complete to their values, text fields to the whole text of the best documents;
  // earlier fields come first.
  std::vector<std::string> fields;
  std::vector<term_filter> terms;  // documents that count
  std::size_t limit = 10;          // for each field
};

struct completion {
  std::string text;
  std::string field;
};

struct completions {
  std::vector<completion> items;          // none twice
  std::optional<std::string> correction;  // as in page
};

// Documents that are like one of the index: that share its distinctive words and, by their weight,
// its values of keyword fields.
struct likeness_query {
  std::string id;
  struct field {
    std::string name;
    double weight;  // about what a rare word in common is worth: 1
  };
  std::vector<field> fields;
  std::vector<term_filter> terms;  // documents that count
  std::size_t limit = 10;
};

struct versioned {
  document doc;
  std::int64_t version = 0;
  bool removed = false;
};

// A new index that is filled beside the one in use and then takes its place. Whoever searches and
// writes meanwhile notices nothing; when it is dropped unfinished, nothing has happened.
class rebuilding {
 public:
  virtual ~rebuilding() = default;

  // Into the new index, as index::put does. Errors also: conflict `rebuild_lost` when it has paused
  // so long that somebody else may have begun.
  virtual awaitable<result<void>> put(const context& ctx, std::vector<versioned> documents) = 0;
  // Brings over what was written to the old index since the rebuilding began, and the tombstones
  // that are still needed; then the new one is in use and the old one goes. Writes that come just
  // then wait for a moment. To be called once, when all documents have been put.
  virtual awaitable<result<void>> finish(const context& ctx) = 0;
};

// A search index as services see it. All calls may fail with unavailable `search_unavailable` or
// timeout. The same index with the same documents always answers the same.
class index {
 public:
  virtual ~index() = default;

  // Writes documents; each counts only if its version is above the one stored (tombstones too, of
  // which at least the latest 10,000 are remembered).
  // When it returns they are found by get(), and by search within half a second.
  virtual awaitable<result<void>> put(const context& ctx, std::vector<versioned> documents) = 0;

  // The same, and returns only when search finds them, too. What is written stays so when the
  // deadline passes first.
  virtual awaitable<result<void>> put_visibly(const context& ctx,
                                              std::vector<versioned> documents) {
    return put(ctx, std::move(documents));
  }

  // In real time. Nothing if it is absent or a tombstone.
  virtual awaitable<result<std::optional<hit>>> get(const context& ctx, std::string id) = 0;
  // Those that are there, in the order asked for.
  virtual awaitable<result<std::vector<hit>>> get_many(const context& ctx,
                                                       std::vector<std::string> ids) = 0;
  // Errors also: bad_request `bad_cursor`.
  virtual awaitable<result<page>> search(const context& ctx, query q) = 0;
  virtual awaitable<result<completions>> complete(const context& ctx, completion_query q) = 0;
  // The most similar first, never itself; none for a document that is not there.
  virtual awaitable<result<std::vector<hit>>> similar(const context& ctx, likeness_query q) = 0;

  // Must all documents be put once more? An index that is new, or lost, has none; one whose schema
  // has other fields than before has documents without them.
  virtual awaitable<result<bool>> wants_all(const context& ctx) = 0;

  virtual awaitable<result<void>> ping(const context& ctx) = 0;

  // Begins to rebuild it; null where that is never needed. Errors also: conflict `rebuild_running`.
  virtual awaitable<result<std::unique_ptr<rebuilding>>> rebuild(const context&) {
    co_return std::unique_ptr<rebuilding>{};
  }
};

}  // namespace oficio::search
