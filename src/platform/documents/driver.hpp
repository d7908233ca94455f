#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "platform/events/envelope.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::documents {

// What a driver keeps: a JSON object under an id, with the version of its last write and the events
// that are not yet confirmed.
struct record {
  std::string id;
  std::int64_t write_version = 0;
  bool removed = false;  // a tombstone: kept only until its events are confirmed
  boost::json::object body;
  std::vector<events::envelope> outbox;
};

// An index over one or more paths ("seller_id", "buyer.id"); dots go into nested objects. Values
// are strings, integers or booleans; an absent one counts as null. Unique ones count absent values
// too, so make every document have them.
struct index {
  std::string name;
  std::vector<std::string> paths;
  bool unique = false;
};

struct collection_spec {
  std::string name;
  std::vector<index> indexes;
};

enum class op { eq, lt, lte, gt, gte, in };

struct condition {
  std::string path;
  documents::op op = documents::op::eq;
  boost::json::value value;  // for `in`: an array
};

struct sort_key {
  std::string path;
  bool descending = false;
};

struct query {
  std::vector<condition> where;  // all must hold
  std::vector<sort_key> sort;    // ties are broken by id, in the direction of the last key
  std::size_t limit = 50;
  // Starts behind the document that had these sort values and this id.
  struct position {
    std::vector<boost::json::value> values;
    std::string id;
  };
  std::optional<position> after;
};

// One collection of a document database. Removed documents are seen by nobody but the outbox calls.
// All calls may fail with unavailable or timeout.
class driver {
 public:
  virtual ~driver() = default;

  virtual awaitable<result<std::optional<record>>> get(const context& ctx, std::string id) = 0;
  virtual awaitable<result<std::vector<record>>> find(const context& ctx, query q) = 0;
  virtual awaitable<result<std::int64_t>> count(const context& ctx,
                                                std::vector<condition> where) = 0;

  // Errors: conflict `duplicate` (the detail names the index, "id" for the id itself).
  virtual awaitable<result<void>> insert(const context& ctx, record r) = 0;

  // Writes `r` (whose write_version is the new one) if the stored version is `expected`.
  // Errors: conflict `stale_version`, conflict `duplicate`, not_found.
  virtual awaitable<result<void>> replace(const context& ctx, record r, std::int64_t expected) = 0;

  // Documents with events in their outbox, those with the oldest unconfirmed first.
  virtual awaitable<result<std::vector<record>>> with_outbox(const context& ctx,
                                                             std::size_t limit) = 0;
  // Takes those events out without touching write_version; a tombstone that has none left is
  // deleted.
  virtual awaitable<result<void>> confirm(const context& ctx, std::string id,
                                          std::vector<std::string> event_ids) = 0;
};

// A document database of one service.
class database {
 public:
  virtual ~database() = default;
  // Opens the collection and makes its indexes. Blocks; called at start only. Throws
  // std::runtime_error if the database cannot be used.
  virtual std::unique_ptr<driver> open(collection_spec spec) = 0;
  // Can it be written and read just now? For readiness.
  virtual awaitable<result<void>> ping(const context& ctx) = 0;
};

}  // namespace oficio::documents
