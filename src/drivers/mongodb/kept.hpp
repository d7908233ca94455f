#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/mongodb/servers.hpp"
#include "platform/documents/driver.hpp"

namespace oficio::mongodb {

// One collection; filter.hpp says how its documents look. Each function is one call of the port, or
// a few that leave nothing half done between them. None throws for what a server answers.
class kept {
 public:
  using call = servers::call;

  // Throws std::invalid_argument for names and paths that cannot be.
  explicit kept(documents::collection_spec spec);

  result<std::optional<documents::record>> get(call& c, const std::string& id) const;
  result<std::vector<documents::record>> find(call& c, const documents::query& q) const;
  result<std::int64_t> count(call& c, const std::vector<documents::condition>& where) const;
  result<void> insert(call& c, const documents::record& r) const;
  result<void> replace(call& c, const documents::record& r, std::int64_t expected) const;
  result<std::vector<documents::record>> with_outbox(call& c, std::size_t limit) const;
  result<void> confirm(call& c, const std::string& id,
                       const std::vector<std::string>& event_ids) const;

 private:
  result<std::vector<documents::record>> read(call& c, const document& filter, document options,
                                              std::size_t limit) const;
  // Which unique index has the values of `r` already.
  error duplicate(call& c, const documents::record& r, const bson_error_t& e) const;
  // Deletes what has nothing to tell, now and before; false if it has, or was written meanwhile.
  result<bool> removed_at_once(call& c, const documents::record& r, std::int64_t expected) const;
  // Takes events out of a document that is still as it was read; false if it is not.
  result<bool> told(call& c, const document& as_read, const std::vector<std::string>& event_ids,
                    std::int64_t due) const;
  // Why no document was of that version.
  error not_replaced(call& c, const std::string& id) const;

  documents::collection_spec spec_;
};

}  // namespace oficio::mongodb
