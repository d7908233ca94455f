#include "app/seed/player.hpp"

#include <algorithm>
#include <iostream>
#include <mutex>
#include <optional>
#include <unordered_map>

#include <boost/asio/this_coro.hpp>

#include "app/seed/acts.hpp"
#include "platform/runtime/notifier.hpp"
#include "platform/runtime/task_group.hpp"

namespace oficio::sample {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds progress_interval{5};
// What may lie between two rests, so that no queue grows long.
constexpr std::size_t most_unsettled = 600;
constexpr std::chrono::days due_interval{1};

// Whose happenings must follow one another.
std::uint64_t lane_of(const plan& all, const happening& h) {
  auto lane = [](unsigned kind, std::uint32_t number) {
    return (std::uint64_t{kind} << 32U) + number;
  };
  switch (h.what) {
    case deed::join:
    case deed::confirm:
    case deed::sell:
    case deed::catch_up:
      return lane(0, h.subject);
    case deed::publish:
    case deed::pause:
    case deed::remove:
      return lane(0, all.gigs[h.subject].seller);
    case deed::favor:
      return lane(0, all.favorites[h.subject].buyer);
    case deed::say:
    case deed::offer:
    case deed::take:
    case deed::read:
      return lane(1, h.subject);
    default:
      return lane(2, h.subject);
  }
}

// How far the clock may run ahead of a call that is under way. Orders have deadlines; nobody minds
// a profile that was made some hours later.
milliseconds slack_of(deed what) {
  bool exact = (what >= deed::place && what <= deed::reply) || what == deed::take;
  return exact ? milliseconds(std::chrono::minutes(5)) : milliseconds(std::chrono::hours(6));
}

// What is under way, shared with the tasks that do it.
class flight {
 public:
  void begin(std::uint64_t lane, time_point latest) {
    std::lock_guard lock(guard_);
    lanes_[lane] = latest;
  }
  void end(std::uint64_t lane, result<void> outcome) {
    {
      std::lock_guard lock(guard_);
      lanes_.erase(lane);
      if (!outcome && !failure_) failure_ = std::move(outcome).error();
    }
    landed_.notify();
  }
  // Whether a call of that lane may begin with the clock at that time.
  bool has_room(std::size_t limit, std::uint64_t lane, time_point at) const {
    std::lock_guard lock(guard_);
    return lanes_.size() < limit && !lanes_.contains(lane) &&
           std::ranges::all_of(lanes_, [at](const auto& one) { return at <= one.second; });
  }
  bool is_empty() const {
    std::lock_guard lock(guard_);
    return lanes_.empty();
  }
  std::optional<error> failure() const {
    std::lock_guard lock(guard_);
    return failure_;
  }
  awaitable<void> wait() { co_await landed_.wait(seconds(1)); }

 private:
  mutable std::mutex guard_;
  std::unordered_map<std::uint64_t, time_point> lanes_;  // until when the clock may be set
  std::optional<error> failure_;
  runtime::notifier landed_;
};

class playing {
 public:
  playing(const plan& what, const library& texts, const pictures& art, stage& on,
          play_options options)
      : plan_(what),
        stage_(on),
        options_(std::move(options)),
        actors_(what, texts, art, on, options_.password, options_.currency),
        writer_(texts, what.options.seed, options_.currency),
        person_(what.head_count()),
        gig_(what.gigs.size()),
        story_(what.stories.size()),
        offer_(what.talks.size()) {}

  awaitable<result<void>> run() {
    runtime::task_group tasks(co_await boost::asio::this_coro::executor, report_to(flight_));
    auto outcome = co_await happen(tasks);
    if (outcome) outcome = co_await finish();
    co_await tasks.drain(seconds(60));
    co_return outcome;
  }

 private:
  // A task that ends by an exception has landed too.
  static runtime::task_group::on_error report_to(flight& f) {
    return [&f](const std::string&, const std::string& what) {
      f.end(0, error{errc::internal, "broken", what});
    };
  }

  awaitable<result<void>> happen(runtime::task_group& tasks) {
    for (const auto& h : plan_.happenings) {
      if (options_.stop && options_.stop()) {
        co_return error{errc::unavailable, "interrupted", "it was interrupted"};
      }
      CO_TRY_VOID(co_await make_ready(h));
      auto lane = lane_of(plan_, h);
      flight_.begin(lane, h.at + slack_of(h.what));
      stage_.set_clock(h.at);
      note(h);
      tasks.spawn("sample", perform(h, lane, offer_for(h)));
      tell_progress();
    }
    co_return co_await rest();
  }

  awaitable<result<void>> finish() {
    stage_.set_clock(plan_.options.now);
    CO_TRY_VOID(co_await stage_.work_on_due(true));
    CO_TRY_VOID(co_await stage_.settle());
    CO_TRY_VOID(co_await stage_.promote(plan_.people.operator_.username));
    co_return co_await stage_.settle();
  }

  awaitable<void> perform(happening h, std::uint64_t lane, json::object offer) {
    result<void> outcome = error{errc::internal, "broken", "It ended by an exception."};
    try {
      outcome = co_await actors_.perform(h, std::move(offer));
    } catch (const std::exception& e) {
      outcome = error{errc::internal, "broken", e.what()};
    }
    flight_.end(lane, std::move(outcome));
  }

  // Titles are given in the order of the plan, so offers are written here and not in the tasks.
  json::object offer_for(const happening& h) {
    if (h.what != deed::publish) return {};
    ++published_;
    return writer_.write(plan_.who(plan_.gigs[h.subject].seller), h.subject);
  }

  // Waits until the happening may begin: its lane is free, and everybody knows what it relies on.
  awaitable<result<void>> make_ready(const happening& h) {
    if (ordered_ == 0) last_due_ = h.at;  // nothing can be due yet
    if (h.at - last_due_ >= due_interval) {
      CO_TRY_VOID(co_await land());
      stage_.set_clock(std::max(last_due_ + due_interval, h.at - milliseconds(1)));
      CO_TRY_VOID(co_await stage_.work_on_due(false));
      last_due_ = h.at;
      due_at_ = ++count_;
    }
    if (relies_on(h) > settled_ || count_ - settled_ > most_unsettled) CO_TRY_VOID(co_await rest());
    auto lane = lane_of(plan_, h);
    while (!flight_.has_room(options_.at_once, lane, h.at)) co_await flight_.wait();
    if (auto failure = flight_.failure()) co_return *failure;
    co_return result<void>{};
  }

  // The count of the last happening that others must have heard of before.
  std::size_t relies_on(const happening& h) const {
    switch (h.what) {
      case deed::confirm:
      case deed::sell:
      case deed::catch_up:
        return person_[h.subject];
      case deed::publish:
        return person_[plan_.gigs[h.subject].seller];
      case deed::favor:
        return gig_[plan_.favorites[h.subject].gig];
      case deed::place:
        return std::max(gig_[plan_.stories[h.subject].gig],
                        person_[plan_.stories[h.subject].buyer]);
      case deed::review_as_buyer:
      case deed::review_as_seller:
      case deed::reply:
        return std::max(story_[h.subject], due_at_);
      case deed::take:
        return offer_[h.subject];
      case deed::say:
      case deed::offer: {
        const auto& t = plan_.talks[h.subject];
        return std::max({gig_[t.gig], person_[t.buyer], person_[plan_.gigs[t.gig].seller]});
      }
      default:
        return 0;
    }
  }

  void note(const happening& h) {
    ++count_;
    if (h.what <= deed::sell) {
      person_[h.subject] = count_;
    } else if (h.what == deed::publish) {
      gig_[h.subject] = count_;
    } else if (h.what == deed::offer) {
      offer_[h.subject] = count_;
    } else if (h.what >= deed::place && h.what <= deed::reply) {
      story_[h.subject] = count_;
      ordered_ += h.what == deed::place ? 1 : 0;
    }
  }

  awaitable<result<void>> land() {
    while (!flight_.is_empty()) co_await flight_.wait();
    if (auto failure = flight_.failure()) co_return *failure;
    co_return result<void>{};
  }

  awaitable<result<void>> rest() {
    CO_TRY_VOID(co_await land());
    CO_TRY_VOID(co_await stage_.settle());
    settled_ = count_;
    co_return result<void>{};
  }

  void tell_progress() {
    auto now = std::chrono::steady_clock::now();
    if (now - told_at_ < progress_interval) return;
    told_at_ = now;
    std::cout << "Samples: " << published_ << " of " << plan_.gigs.size() << " gigs, " << ordered_
              << " of " << plan_.stories.size() << " orders; it is "
              << format_time(stage_.now()).substr(0, 10) << std::endl;
  }

  const plan& plan_;
  stage& stage_;
  play_options options_;
  actors actors_;
  offer_writer writer_;
  flight flight_;
  // Happenings are counted; these are the counts when something last happened to each.
  std::size_t count_ = 0;
  std::size_t settled_ = 0;
  std::size_t due_at_ = 0;
  std::vector<std::size_t> person_;
  std::vector<std::size_t> gig_;
  std::vector<std::size_t> story_;
  std::vector<std::size_t> offer_;  // of the talk
  time_point last_due_{};
  std::size_t published_ = 0;
  std::size_t ordered_ = 0;
  std::chrono::steady_clock::time_point told_at_ = std::chrono::steady_clock::now();
};

}  // namespace

awaitable<result<void>> play(const plan& what, const library& texts, const pictures& art, stage& on,
                             play_options options) {
  playing all(what, texts, art, on, std::move(options));
  co_return co_await all.run();
}

}  // namespace oficio::sample
