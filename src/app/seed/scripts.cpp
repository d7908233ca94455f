#include "app/seed/scripts.hpp"

#include <algorithm>

namespace oficio::sample {
namespace {

using std::chrono::milliseconds;

// Completion by itself, and the day that due work may take to be seen.
constexpr double silence = 72 + 25;

milliseconds whole(std::chrono::duration<double, std::ratio<3600>> h) {
  return std::chrono::duration_cast<milliseconds>(h);
}

}  // namespace

script_writer::hours script_writer::some(double least, double most) {
  return hours(least + (most - least) * static_cast<double>(chance_.between(0, 1'000'000)) / 1e6);
}

void script_writer::add(deed what, hours after) {
  at_ += whole(after);
  out_.push_back({what, at_});
}

void script_writer::begin(time_point placed) {
  out_.clear();
  at_ = placed;
  out_.push_back({deed::place, at_});
}

void script_writer::start() {
  if (chance_.percent(5)) add(deed::fail_to_pay, some(0.02, 0.1));
  add(deed::pay, some(0.02, 0.3));
  add(deed::require, some(0.2, 20));
}

void script_writer::work() {
  double all = 24.0 * static_cast<double>(days_);
  if (chance_.percent(7)) {
    add(deed::extend, hours(all * 0.6));
    bool granted = chance_.percent(80);
    add(granted ? deed::agree_to_extend : deed::refuse_to_extend, some(1, 5));
    add(deed::deliver, hours(all * 0.25));
  } else if (chance_.percent(8)) {
    add(deed::deliver, hours(all) + some(26, 60));  // late, and seen to be
  } else {
    add(deed::deliver, some(all * 0.4, all * 0.95));
  }
}

void script_writer::deliver_and_revise() {
  work();
  for (auto left = revisions_; left > 0 && chance_.percent(18); --left) {
    add(deed::revise, some(2, 40));
    add(deed::deliver, some(4, 30));
  }
}

void script_writer::finish() {
  if (chance_.percent(75)) {
    add(deed::accept, some(0.5, 56));
  } else {
    at_ += whole(hours(silence));
  }
  auto completed = at_;
  bool by_buyer = chance_.percent(82);
  if (by_buyer) add(deed::review_as_buyer, some(1, 90));
  auto reviewed = at_;
  if (chance_.percent(62)) {
    at_ = completed;
    add(deed::review_as_seller, some(2, 110));
    at_ = std::max(at_, reviewed);
  } else {
    at_ = completed + whole(hours(14 * 24 + 30));  // hidden until then
  }
  if (by_buyer && chance_.percent(30)) add(deed::reply, some(26, 90));
}

void script_writer::cancel() {
  auto how = chance_.below(5);
  if (how == 0) return;  // never paid: it ends by itself
  add(deed::pay, some(0.02, 0.3));
  if (how == 1) return add(deed::cancel_as_buyer, some(0.5, 12));
  add(deed::require, some(0.2, 20));
  if (how == 2) return add(deed::cancel_as_seller, some(3, 20));
  if (how == 3) {
    add(deed::ask_to_cancel, some(3, 20));
    return add(deed::agree_to_cancel, some(1, 20));
  }
  // Too late: the buyer may cancel alone once that is seen.
  add(deed::cancel_as_buyer, hours(24.0 * static_cast<double>(days_)) + some(30, 70));
}

std::vector<cue> script_writer::past(time_point placed) {
  begin(placed);
  if (chance_.percent(8)) {
    cancel();
    return out_;
  }
  start();
  if (chance_.percent(2)) {
    add(deed::ask_to_cancel, some(1, 6));
    add(deed::refuse_to_cancel, some(1, 6));
  }
  deliver_and_revise();
  finish();
  return out_;
}

std::vector<cue> script_writer::present(state s, time_point now) {
  double all = 24.0 * static_cast<double>(days_);
  // The way to the last cue is written first, from a moment that does not matter, and then moved
  // so that the state began as long ago as it should.
  begin(time_point{});
  auto ago = some(0.3, 12);
  if (s == state::unpaid) {
    ago = some(0.1, 0.6);
  } else if (s == state::cancelled) {
    add(deed::pay, some(0.02, 0.3));
    add(deed::cancel_as_buyer, some(0.5, 12));
    ago = some(2, 100);
  } else if (s == state::unstarted) {
    add(deed::pay, some(0.02, 0.3));
    ago = some(1, 80);
  } else {
    start();
    ago = some(0.05 * all, 0.8 * all);
  }
  if (s == state::late) ago = hours(all) + some(26, 60);
  if (s == state::extension_asked) {
    add(deed::extend, hours(0.5 * all));
    ago = some(0.3, 9);
  }
  if (s == state::cancellation_asked) {
    add(deed::ask_to_cancel, hours(0.3 * all));
    ago = some(0.3, 9);
  }
  if (s == state::revised || s == state::delivered || s == state::hidden_review) {
    add(deed::deliver, hours(0.7 * all));
    ago = some(2, 44);
  }
  if (s == state::revised) {
    add(deed::revise, some(3, 20));
    ago = some(0.3, 5);
  }
  if (s == state::hidden_review) {
    add(deed::accept, some(2, 30));
    add(chance_.percent(50) ? deed::review_as_buyer : deed::review_as_seller, some(26, 90));
    ago = some(2, 100);
  }
  auto shift = now - whole(ago) - at_;
  for (auto& one : out_) one.at += shift;
  return out_;
}

milliseconds longest(std::int64_t days) {
  return whole(
      std::chrono::duration<double, std::ratio<3600>>(24.0 * static_cast<double>(days) + 24 * 32));
}

}  // namespace oficio::sample
