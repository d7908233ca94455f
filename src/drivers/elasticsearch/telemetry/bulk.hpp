#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/telemetry/record.hpp"

namespace oficio::elasticsearch {

// Lines for `_bulk`: each record is created under its own id, so that it may be sent again.
std::string bulk_lines(const std::vector<telemetry::record>& records);

// What became of the records of one call. Those that are in none of the two lists are stored, now
// or by an earlier call.
struct bulk_outcome {
  bool understood = false;           // the answer was one of `_bulk`
  std::vector<std::size_t> again;    // the server is too busy for these just now
  std::vector<std::size_t> refused;  // it will never take these
  std::string reason;                // why it refused the first of them
};
// `body` is the answer with `filter_path=errors,items.*.status,items.*.error`, for `count` records.
bulk_outcome read_bulk_answer(std::string_view body, std::size_t count);

// As `Content-Encoding: gzip` wants it.
std::string gzip(std::string_view bytes);

}  // namespace oficio::elasticsearch
