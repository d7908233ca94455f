#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.hpp"

namespace oficio::http {

// One field of a form.
struct form_part {
  std::string name;
  bool is_file = false;    // it came with a file name, be it an empty one
  std::string file_name;   // as the client says: UTF-8, and not to be trusted as a path
  std::string type;        // its Content-Type; empty if it has none
  std::string_view bytes;  // into the body that was read
};

struct form_limits {
  std::size_t max_parts = 16;
  std::size_t max_header_bytes = 4 * 1024;  // of one part
};

// A multipart/form-data body (RFC 7578) whose Content-Type is `content_type`. Pure, strict and
// linear in the size of the body; the parts point into `body`, nothing is copied but names.
// Errors: unsupported `unsupported_media_type` if it is another type; bad_request
// `malformed_multipart`, whose detail says what is wrong.
result<std::vector<form_part>> read_form(std::string_view content_type, std::string_view body,
                                         const form_limits& limits = {});

}  // namespace oficio::http
