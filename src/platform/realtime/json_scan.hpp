#pragma once

#include <cstdint>
#include <string_view>

#include <boost/container/small_vector.hpp>

namespace oficio::realtime {

// Where a part of a text lies.
struct slice {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;

  std::string_view of(std::string_view text) const { return text.substr(begin, size); }
};

struct scanned {
  boost::container::small_vector<slice, 6> elements;  // of the array, each a JSON value
  std::uint32_t placeholders = 0;  // one more than the highest number that stands for an attachment
};

// Looks through a JSON array without making anything of it. False if it is none (RFC 8259; nested
// at most 100 deep), or a placeholder in it has no proper number. The text is UTF-8 already.
bool scan_array(std::string_view text, scanned& out);
// True for a JSON object and nothing else.
bool is_object(std::string_view text);

// The number of the attachment that this value stands for, or -1.
std::int64_t placeholder_of(std::string_view value);

}  // namespace oficio::realtime
