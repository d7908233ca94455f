#pragma once

#include <chrono>
#include <vector>

#include "app/seed/plan.hpp"

namespace oficio::sample {

struct cue {
  deed what = deed::place;
  time_point at;
};

// How orders go. All times are counted from the moment of ordering; what lies after the present is
// cut off by whoever uses the script.
class script_writer {
 public:
  // `days` is the delivery time of the package, `revisions` what it includes.
  script_writer(dice& chance, std::int64_t days, std::int64_t revisions)
      : chance_(chance), days_(days), revisions_(revisions) {}

  // An order of the past: most are completed and reviewed, some are cancelled.
  std::vector<cue> past(time_point placed);

  // One that is on its way by `now`.
  enum class state {
    unpaid,
    unstarted,  // paid, without requirements
    started,
    late,
    revised,  // delivered, sent back
    extension_asked,
    cancellation_asked,
    delivered,
    hidden_review,  // completed, with one of two reviews
    cancelled
  };
  static constexpr int states = 10;
  std::vector<cue> present(state s, time_point now);

 private:
  using hours = std::chrono::duration<double, std::ratio<3600>>;

  void add(deed what, hours after);
  void begin(time_point placed);
  void start();
  void work();
  void deliver_and_revise();
  void finish();
  void cancel();
  hours some(double least, double most);

  dice& chance_;
  std::int64_t days_;
  std::int64_t revisions_;
  std::vector<cue> out_;
  time_point at_;
};

// How long an order of that package may take at most, until its last review.
std::chrono::milliseconds longest(std::int64_t days);

}  // namespace oficio::sample
