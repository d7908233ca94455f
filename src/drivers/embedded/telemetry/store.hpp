#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::embedded {

// How long, and how much of it, telemetry is kept on this machine. What is older, or more than fits
// (the oldest first), goes in small batches. What browsers send has a quarter of the room at most,
// so that however much it is, it pushes out nothing but its own kind.
struct telemetry_options {
  std::chrono::hours keep{24 * 7};
  std::int64_t max_bytes = 512LL * 1024 * 1024;  // of the file
  std::chrono::milliseconds purge_interval{10'000};
  telemetry::waiting_room::limits room = {};
};

// The version of the table that telemetry_store keeps; readers are told by `PRAGMA user_version`.
inline constexpr int telemetry_schema = 3;

// Keeps records in an SQLite file, in the table `records`, which anybody may read while this
// writes:
//   seq INTEGER PRIMARY KEY (the order of arrival), id, stream, time_us, kind (as
//   telemetry::to_string says), service, level, trace_id, transaction_id, span_id, parent_id, name,
//   outcome, status, duration_us, grouping_key, user_id (NULL where the record has none), document,
//   target, weight
// Its own thread writes batches; a power cut may cost the last second.
class telemetry_store : public telemetry::intake {
 public:
  // Returns when all that was offered before has been written, or after `patience`.
  virtual void flush(std::chrono::milliseconds patience) = 0;
};

// Throws sqlite_error. Destroying it writes what waits. `log` hears of what is dropped, and must
// not lead back here.
std::unique_ptr<telemetry_store> make_telemetry_store(const std::string& path,
                                                      telemetry_options options = {},
                                                      telemetry::logger log = {nullptr,
                                                                               "telemetry"});

}  // namespace oficio::embedded
