#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/base/result.hpp"

namespace oficio::security {

// Opaque, signed positions in a list. A cursor is good only for the query that it came from:
// `scope` says everything that decides which list it is (endpoint, account, filters, sort).
class cursor_signer {
 public:
  explicit cursor_signer(std::string key);

  std::string sign(std::string_view scope, std::string_view position) const;
  // Errors: bad_request `bad_cursor`.
  result<std::string> open(std::string_view scope, std::string_view cursor) const;

 private:
  std::string key_;
};

}  // namespace oficio::security
