#pragma once

#include <string>
#include <vector>

#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/documents/driver.hpp"

namespace oficio::embedded {

// One collection as a table:
//   id, write_version, removed, body (JSON), outbox (JSON, null when empty), outbox_at (when the
//   oldest unconfirmed event was raised, in milliseconds; null when there is none).
// Its functions run on whichever connection they are given; those that change something must run on
// the file's writing thread, inside its transaction. All throw sqlite_error.
class table {
 public:
  // Throws std::invalid_argument for names and paths that cannot be.
  explicit table(documents::collection_spec spec);

  // The statements that bring the file from what `look` sees to what `spec` says: the table, new
  // and changed indexes; indexes that are no longer declared go.
  static std::vector<std::string> set_up(connection& look, const documents::collection_spec& spec);

  result<std::optional<documents::record>> get(connection& c, const std::string& id) const;
  result<std::vector<documents::record>> find(connection& c, const documents::query& q) const;
  result<std::int64_t> count(connection& c, const std::vector<documents::condition>& where) const;
  result<void> insert(connection& c, const documents::record& r) const;
  result<void> replace(connection& c, const documents::record& r, std::int64_t expected) const;
  result<std::vector<documents::record>> with_outbox(connection& c, std::size_t limit) const;
  result<void> confirm(connection& c, const std::string& id,
                       const std::vector<std::string>& event_ids) const;

 private:
  result<void> check_unique(connection& c, const documents::record& r) const;
  // What is stored of an id, tombstones included.
  result<std::optional<documents::record>> stored(connection& c, const std::string& id) const;
  void write(connection& c, const documents::record& r) const;
  void erase(connection& c, const std::string& id) const;
  error duplicate(const sqlite_error& e) const;

  documents::collection_spec spec_;
  std::string name_;  // quoted
};

}  // namespace oficio::embedded
