#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "platform/telemetry/documents.hpp"
#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::telemetry {

// Turns all figures of a process into metric documents, one for each set of labels:
//   oficio_x_total                  oficio.x.count       how many more since the last time
//   oficio_x (a level)              oficio.x             as it is now; oficio.x.now where a counter
//                                                        of that name stands below oficio.x, too
//   oficio_x_seconds (durations)    oficio.x.count, oficio.x.sum_us   since the last time
//   process_*                       as ECS and the system's metrics call them
// A label "service" becomes the document's service. What did not change since the last time is left
// out; levels with labels that are 0, too, once that was said. Not thread-safe.
class metric_documents {
 public:
  metric_documents(origin from, std::string service)
      : from_(std::move(from)), service_(std::move(service)) {}

  std::vector<record> make(const metrics& of, std::int64_t time_us, std::chrono::seconds interval);

 private:
  class gathering;
  const origin from_;
  const std::string service_;
  std::map<std::string, double> before_;  // by name and labels
  std::set<std::string> counted_;         // fields that have a count below them: no value of theirs
  double cpu_before_ = -1;
  double busy_before_ = 0;
  double all_before_ = 0;
};

// Gives an intake those documents every so often, on a thread of its own.
class beat {
 public:
  // What else is told as often: everything until that time, in microseconds; at last, everything.
  using besides = std::function<void(std::int64_t time_us)>;

  beat(const metrics& of, intake& to, origin from, std::string service, besides also = nullptr,
       std::chrono::seconds interval = std::chrono::seconds(10));
  ~beat();  // once more, for what is left

 private:
  void run();
  void tell(std::int64_t until_us);

  const metrics& of_;
  intake& to_;
  const std::chrono::seconds interval_;
  const besides also_;
  metric_documents documents_;
  std::mutex guard_;
  std::condition_variable changed_;
  bool stop_ = false;  // under guard_
  std::thread thread_;
};

}  // namespace oficio::telemetry
