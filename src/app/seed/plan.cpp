#include "app/seed/plan.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "app/seed/scripts.hpp"

namespace oficio::sample {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t usual_gigs = 2'100;
constexpr std::size_t most_stories = 3'000;
// The last of the past. What the plan leaves between is for the time that playing it takes.
constexpr minutes margin{2};

std::uint32_t small(std::size_t number) {
  return static_cast<std::uint32_t>(number);
}

time_point between(dice& chance, time_point first, time_point last) {
  if (last <= first) return first;
  return time_point(milliseconds(
      chance.between(first.time_since_epoch().count(), last.time_since_epoch().count())));
}

// A large market has more gigs a seller.
std::size_t seller_count(std::size_t gigs) {
  if (gigs <= usual_gigs) return std::max<std::size_t>(gigs * 10 / 64, 3);
  return usual_gigs * 10 / 64 + (gigs - usual_gigs) / 27;
}

// When people see to their affairs: four times a day, at other minutes each day. Much happens at
// once then, which is what makes playing a year quick.
time_point busy_time(time_point at) {
  constexpr std::array usual{minutes(520), minutes(740), minutes(990), minutes(1'270)};
  for (auto day = std::chrono::floor<days>(at);; day += days(1)) {
    dice chance(0, "busy", static_cast<std::uint64_t>(day.time_since_epoch().count()));
    for (auto time : usual) {
      auto busy = time_point(day) + time + minutes(chance.between(-45, 45));
      if (busy >= at) return busy;
    }
  }
}

// Moves what follows one another, given in order of time, into busy times. What came soon after
// another still does, and what is of these days is left as it is.
class diary {
 public:
  // `own` tells one diary's minutes from another's.
  diary(time_point now, std::size_t own) : recent_(now - days(4)), offset_(own * 37 % 240) {}

  time_point when(time_point at) {
    auto moved = at;
    if (at <= recent_) {
      bool soon = last_ && at - last_->first < hours(1);
      moved = soon ? last_->second : busy_time(at) + offset_;
    }
    if (last_) moved = std::max(moved, last_->second + seconds(20));
    last_ = {at, moved};
    return moved;
  }

 private:
  time_point recent_;
  seconds offset_;
  std::optional<std::pair<time_point, time_point>> last_;  // as it was given, and moved
};

class planner {
 public:
  planner(const library& texts, plan_options options) {
    plan_.options = options;
    auto sellers = seller_count(options.gigs);
    auto buyers = std::clamp<std::size_t>(sellers * 4 / 5, 4, 700);
    plan_.people = make_cast(texts, options.seed, sellers, buyers);
  }

  plan make() {
    people_join();
    gigs_appear();
    stories_of_today();
    stories_of_the_past();
    gigs_go();
    buyers_choose();
    auto end = plan_.options.now - margin;
    std::erase_if(plan_.happenings, [&](const happening& h) { return h.at > end; });
    std::ranges::sort(plan_.happenings, {}, [](const happening& h) {
      return std::tuple(h.at, h.what, h.subject, h.step);
    });
    return std::move(plan_);
  }

 private:
  time_point before_now(milliseconds ago) const { return plan_.options.now - ago; }
  std::uint64_t seed() const { return plan_.options.seed; }
  void happens(time_point at, deed what, std::size_t subject, std::size_t step = 0) {
    plan_.happenings.push_back({at, what, small(subject), small(step)});
  }
  void people_join() {
    auto sellers = plan_.people.sellers.size();
    for (std::size_t i = 0; i < plan_.head_count(); ++i) {
      dice chance(seed(), "joined", i);
      auto at =
          before_now(days(chance.percent(12) ? chance.between(20, 90) : chance.between(90, 700)) +
                     minutes(chance.between(0, 1'439)));
      // The three whom people sign in as have been there from the start.
      if (i == 0 || i == sellers || i + 1 == plan_.head_count()) at = before_now(days(720 + i % 7));
      joined_.push_back(at);
      happens(at, deed::join, i);
      if (i < sellers) happens(at + days(4), deed::sell, i);
      // Whoever signs in as a sample finds a confirmed address, and little that is unread.
      if (i < 20 || (i >= sellers && i < sellers + 20) || i + 1 == plan_.head_count()) {
        happens(at + hours(5), deed::confirm, i);
        happens(before_now(hours(chance.between(20, 60))), deed::catch_up, i);
      }
    }
  }

  // How many gigs each seller has: two or more, and together what was asked for.
  std::vector<std::size_t> shares() const {
    auto sellers = plan_.people.sellers.size();
    std::vector<std::size_t> out;
    std::size_t all = 0;
    for (std::size_t i = 0; i < sellers; ++i) {
      out.push_back(2 + dice(seed(), "weight", i).below(9));
      all += out.back();
    }
    std::size_t sum = 0;
    for (auto& share : out)
      sum += share = std::max<std::size_t>(plan_.options.gigs * share / all, 2);
    for (std::size_t i = 0; sum < plan_.options.gigs; i = (i + 1) % sellers, ++sum) ++out[i];
    for (std::size_t i = 0; sum > plan_.options.gigs; i = (i + 1) % sellers) {
      if (out[i] > 0) --out[i], --sum;
    }
    return out;
  }

  void gigs_appear() {
    auto counts = shares();
    for (std::size_t i = 0, made = 0; i < counts.size(); ++i) {
      for (std::size_t k = 0; k < counts[i]; ++k)
        plan_.gigs.push_back({small(i), gig_time(i, made++)});
    }
    std::ranges::sort(plan_.gigs, {},
                      [](const planned_gig& g) { return std::pair(g.at, g.seller); });
    of_seller_.resize(counts.size());
    for (std::size_t g = 0; g < plan_.gigs.size(); ++g) {
      of_seller_[plan_.gigs[g].seller].push_back(small(g));
      happens(plan_.gigs[g].at, deed::publish, g);
    }
  }

  time_point gig_time(std::size_t seller, std::size_t number) {
    dice chance(seed(), "gig time", number);
    auto first = joined_[seller] + days(8);
    auto last = chance.percent(70) ? std::min(first + days(90), before_now(hours(8)))
                                   : before_now(hours(8));
    return between(chance, first, last);
  }

  // Somebody who sells much sells more: the smaller the number, the likelier.
  std::size_t popular_seller(dice& chance) {
    auto sellers = plan_.people.sellers.size();
    auto x = static_cast<double>(chance.between(0, 999'999)) / 1e6;
    return static_cast<std::size_t>(x * x * static_cast<double>(sellers));
  }

  std::size_t some_buyer(dice& chance) {
    return plan_.first_buyer() + chance.below(plan_.people.buyers.size());
  }

  // An old gig of that seller; nothing if there is none.
  std::optional<std::uint32_t> gig_of(std::size_t seller, dice& chance) {
    const auto& own = of_seller_[seller];
    if (own.empty()) return std::nullopt;
    // The older ones are known better.
    auto index = std::min(chance.below(own.size()), chance.below(own.size()));
    if (plan_.gigs[own[index]].at > before_now(days(60))) return std::nullopt;
    return own[index];
  }

  std::uint8_t stars_for(std::size_t seller, dice& chance) {
    auto luck = chance.below(100);
    if (plan_.people.sellers[seller].excellent) {
      return luck < 74 ? 5 : luck < 93 ? 4 : luck < 97 ? 3 : luck < 99 ? 2 : 1;
    }
    return luck < 38 ? 5 : luck < 70 ? 4 : luck < 86 ? 3 : luck < 95 ? 2 : 1;
  }

  // Adds the order's happenings; false if it would begin before its people and its gig.
  bool add_story(std::size_t buyer, std::uint32_t gig, dice& chance,
                 std::optional<script_writer::state> state) {
    const auto& g = plan_.gigs[gig];
    auto t = make_terms(plan_.people.sellers[g.seller], seed(), gig);
    auto package = std::min(chance.below(t.packages.size()), chance.below(t.packages.size()));
    const auto& p = t.packages[package];
    script_writer writer(chance, p.days, p.revisions);
    auto first = std::max(g.at + days(6), joined_[buyer] + days(3));
    std::vector<cue> cues;
    if (state) {
      cues = writer.present(*state, plan_.options.now);
      if (cues.front().at < first) return false;
    } else {
      auto last = before_now(longest(p.days));
      first = std::max(first, before_now(days(420)));
      if (last < first) return false;
      cues = writer.past(between(chance, first, last));
    }
    auto number = plan_.stories.size();
    plan_.stories.push_back({small(buyer), gig, static_cast<std::uint8_t>(package),
                             stars_for(g.seller, chance),
                             static_cast<std::uint8_t>(chance.percent(88) ? 5 : 4)});
    std::map<deed, std::size_t> done;
    diary times(plan_.options.now, number);
    for (const auto& one : cues) {
      happens(state ? one.at : times.when(one.at), one.what, number, done[one.what]++);
    }
    busy_.insert(gig);
    maybe_talk(buyer, gig, cues, chance);
    return true;
  }

  void stories_of_today() {
    auto each = std::clamp<std::size_t>(plan_.options.gigs / 175, 1, 14);
    for (int state = 0; state < script_writer::states; ++state) {
      for (std::size_t i = 0, tries = 0; i < each && tries < 200; ++tries) {
        dice chance(seed(), "today", static_cast<std::size_t>(state) * 10'000 + tries);
        // bruno and ana have one of each kind together, and one with somebody else.
        auto seller = i < 2 ? 0 : popular_seller(chance);
        auto buyer = i == 0 || i == 2 ? plan_.first_buyer() : some_buyer(chance);
        auto gig = gig_of(seller, chance);
        if (gig && add_story(buyer, *gig, chance, static_cast<script_writer::state>(state))) ++i;
      }
    }
  }

  void stories_of_the_past() {
    auto wanted = std::min(plan_.options.gigs * 9 / 20, most_stories);
    for (std::size_t made = 0, tries = 0; made < wanted && tries < wanted * 4; ++tries) {
      dice chance(seed(), "past", tries);
      auto seller = chance.percent(3) ? 0 : popular_seller(chance);
      auto buyer = chance.percent(2) ? plan_.first_buyer() : some_buyer(chance);
      auto gig = gig_of(seller, chance);
      if (gig && add_story(buyer, *gig, chance, std::nullopt)) ++made;
    }
  }

  // A talk as it is being written.
  struct writing {
    std::size_t number;
    talk of;
    diary times;
    time_point at;  // of the last line, before it was moved into a busy time
  };

  void adds(writing& w, deed what, bool by_buyer, std::string_view kind, time_point at) {
    happens(w.times.when(at), what, w.number, w.of.lines.size());
    w.of.lines.push_back({by_buyer, kind});
    w.at = at;
  }
  // So many minutes after the last line.
  static time_point later(const writing& w, int least, int most, dice& chance) {
    return w.at + minutes(chance.between(least, most));
  }

  void maybe_talk(std::size_t buyer, std::uint32_t gig, const std::vector<cue>& cues,
                  dice& chance) {
    auto seller = plan_.gigs[gig].seller;
    bool ours = buyer == plan_.first_buyer() || seller == 0;
    if (!ours && !chance.percent(25)) return;
    if (!pairs_.insert({buyer, seller}).second) return;
    auto number = plan_.talks.size();
    writing w{number, {small(buyer), gig, {}, 0, 0}, diary(plan_.options.now, number), {}};
    auto says = [&](bool by_buyer, std::string_view kind, int least, int most) {
      adds(w, deed::say, by_buyer, kind, later(w, least, most, chance));
    };
    adds(w, deed::say, true, "hello",
         std::max(cues.front().at - hours(chance.between(30, 60)), joined_[buyer] + days(2)));
    says(false, "answer", 5, 240);
    if (chance.percent(60)) {
      says(true, "detail", 5, 240);
      says(false, "agree", 5, 240);
    }
    for (const auto& one : cues) {
      if (one.what != deed::require) continue;
      w.at = one.at;
      says(true, "ordered", 1, 20);
      says(false, "started", 5, 90);
      if (chance.percent(50)) {
        says(false, "progress", 300, 900);
        says(true, "fine", 5, 120);
      }
    }
    if (buyer == plan_.first_buyer() && seller == 0) talk_of_offers(w, chance);
    end_talk(w, ours, chance);
    plan_.talks.push_back(std::move(w.of));
  }

  // Both kinds of offers that somebody who signs in can meet: one that is taken, one to answer.
  void talk_of_offers(writing& w, dice& chance) {
    adds(w, deed::say, true, "wish", later(w, 5, 60, chance));
    adds(w, deed::offer, false, "offer", later(w, 5, 60, chance));
    w.at = later(w, 5, 60, chance);
    happens(w.times.when(w.at), deed::take, w.number);
    adds(w, deed::offer, false, "offer", later(w, 60, 240, chance));
  }

  void end_talk(writing& w, bool ours, dice& chance) {
    if (!chance.percent(ours ? 60 : 25)) {
      happens(w.times.when(later(w, 2, 60, chance)), deed::read, w.number);
      return;
    }
    // A last word that nobody has read yet.
    bool by_buyer = chance.percent(50);
    auto at = std::max(w.at + minutes(5), before_now(minutes(chance.between(20, 2'000))));
    happens(w.times.when(at - minutes(4)), deed::read, w.number);
    adds(w, deed::say, by_buyer, "unread", at);
    (by_buyer ? w.of.unread_by_seller : w.of.unread_by_buyer) = 1;
  }

  // Some gigs are paused or gone by now, but none that somebody has bought.
  void gigs_go() {
    for (std::size_t g = 0; g < plan_.gigs.size(); ++g) {
      dice chance(seed(), "end", g);
      auto fate = chance.below(100);
      if (fate > 3 || busy_.contains(small(g))) continue;
      auto at = between(chance, plan_.gigs[g].at + days(1), before_now(hours(3)));
      happens(at, fate == 3 ? deed::remove : deed::pause, g);
      gone_.insert(small(g));
    }
  }

  void buyers_choose() {
    for (std::size_t i = 0; i < plan_.people.buyers.size(); ++i) {
      dice chance(seed(), "favorites", i);
      auto buyer = plan_.first_buyer() + i;
      auto count = i == 0 ? 9 : chance.between(0, 4);
      std::set<std::uint32_t> chosen;
      for (int k = 0; k < count; ++k) {
        auto gig = small(chance.below(plan_.gigs.size()));
        if (gone_.contains(gig) || !chosen.insert(gig).second) continue;
        auto first = std::max(plan_.gigs[gig].at + hours(2), joined_[buyer] + hours(2));
        happens(between(chance, first, before_now(minutes(30))), deed::favor,
                plan_.favorites.size());
        plan_.favorites.push_back({small(buyer), gig});
      }
    }
  }

  plan plan_;
  std::vector<time_point> joined_;
  std::vector<std::vector<std::uint32_t>> of_seller_;
  std::set<std::pair<std::size_t, std::uint32_t>> pairs_;  // who talk already
  std::set<std::uint32_t> busy_;                           // gigs with orders
  std::set<std::uint32_t> gone_;
};

}  // namespace

const person& plan::who(std::uint32_t number) const {
  if (number < people.sellers.size()) return people.sellers[number];
  number -= small(people.sellers.size());
  return number < people.buyers.size() ? people.buyers[number] : people.operator_;
}

plan make_plan(const library& texts, plan_options options) {
  return planner(texts, options).make();
}

}  // namespace oficio::sample
