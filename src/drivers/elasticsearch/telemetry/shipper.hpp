#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "platform/config/server_address.hpp"
#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::elasticsearch {

struct shipping_options {
  std::string spill_folder;  // for what waits while the server is away
  std::size_t max_spill_bytes = 64 * 1024 * 1024;
  telemetry::waiting_room::limits room = {};
  std::size_t batch = 500;
  std::size_t batch_bytes = 1024 * 1024;
  std::chrono::milliseconds batch_wait{1'000};
  std::chrono::milliseconds first_pause{500};  // after a failure, then twice as long each time
  std::chrono::milliseconds longest_pause{30'000};
  std::chrono::milliseconds call_limit{30'000};
  std::chrono::milliseconds last_call_limit{3'000};  // at the end, of all calls together
  std::string environment = "dev";
};

// Sends records to Elasticsearch's data streams, in batches, on a thread of its own. While the
// server is away, or too slow for what comes, they wait on the disk, in order; what has no room
// there is dropped and counted. The templates of our streams are put before the first batch, if
// they are missing and we may (setup.hpp).
class telemetry_shipper : public telemetry::intake {
 public:
  // True as soon as all that was offered before is confirmed, or refused, by the server.
  virtual bool flush(std::chrono::milliseconds patience) = 0;
};

// `address`: http[s]://[USER:PASSWORD@]HOST[:PORT][,…][?api_key=KEY&ca=FILE&spill_mb=N]. `log` must
// not lead back here. Throws config::wrong_setting for a wrong address or an unusable folder; a
// server that is away is no error. Destroying it sends what waits, or leaves it on the disk.
std::unique_ptr<telemetry_shipper> make_telemetry_shipper(config::server_address address,
                                                          shipping_options options,
                                                          telemetry::logger log);

}  // namespace oficio::elasticsearch
