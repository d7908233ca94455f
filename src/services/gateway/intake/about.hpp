#pragma once

#include "services/gateway/intake/documents.hpp"
#include "services/gateway/intake/picking.hpp"

namespace oficio::gateway::intake {

// What all documents of a batch have in common.
class about {
 public:
  about(const picker& metadata, const sender& by);

  time_point arrived() const { return arrived_; }

  // A document of what happened at `at`: the time, who it is about, and from the event's own
  // context the page, the account and the labels.
  json::object begin(const picker& event, time_point at) const;

 private:
  time_point arrived_;
  json::object common_;
};

// Adds url.* of an address, without its query.
void put_address(json::object& to, const picker& from, std::string_view path);
// Strings are labels, at most so many bytes of each, numbers numeric_labels; at most twenty, others
// are left out.
void put_labels(json::object& to, const picker& tags, std::size_t longest);

}  // namespace oficio::gateway::intake
