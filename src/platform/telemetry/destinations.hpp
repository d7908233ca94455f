#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "platform/telemetry/documents.hpp"

namespace oficio::telemetry {

// Adds up, by minute, the calls that services make to each place: Kibana's pages about dependencies
// ask for such sums alone, never for the calls themselves. Thread-safe.
class destinations {
 public:
  // A call that ended; one that stands for none, or went nowhere, does not count. Beyond 1,000
  // different ones that were not taken yet, new ones are left out.
  void add(const span_facts& call);
  // All of the minutes that had ended at `time_us`; they are forgotten.
  std::vector<destination_facts> take(std::int64_t time_us);

 private:
  // minute, service, target, type, subtype, outcome
  using key =
      std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string>;
  struct sums {
    double count = 0;
    double us = 0;
  };
  static constexpr std::size_t most = 1'000;

  std::mutex guard_;
  std::map<key, sums> sums_;  // under guard_
};

}  // namespace oficio::telemetry
