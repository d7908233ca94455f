#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace oficio::orders::model {

// What can happen to an order.
enum class deed {
  wait,
  timer,
  pay,
  confirm,
  requirements,
  deliver,
  revision,
  accept,
  cancel,
  answer_cancellation,
  extend,
  answer_extension,
  notice  // the provider tells by itself what became of an attempt
};
inline constexpr int deeds = 13;

enum class person { buyer, seller, stranger };

// What goes wrong at the payment provider, or with us while we talk to it.
enum class trouble {
  none,
  away,         // it does not answer
  dies_before,  // our process ends before it was asked
  dies_after,   // it did what was asked, and our process ends before that is written down
  dies_late     // our process ends after that was written down, before anybody was answered
};

enum class plastic { good, declined, two_steps };

struct move {
  deed what = deed::wait;
  person who = person::buyer;
  std::int64_t number = 0;  // wait: how long (ms); extend: days; notice: which attempt, from 0
  bool yes = false;         // answers: approve; confirm: the right token; notice: its last news
  plastic card = plastic::good;
  model::trouble trouble = model::trouble::none;
};
std::string to_string(const move& m);

// How an order begins, and what happens to it.
struct story {
  std::int64_t price = 0;
  std::int64_t delivery_days = 1;
  std::int64_t revisions = 0;
  std::vector<move> moves;
};
std::string to_string(const story& s);

// A random story; the same seed tells the same one. `waits` are the times (ms) that may pass at
// once.
story tell(unsigned seed, std::size_t length, const std::vector<std::int64_t>& waits);

// The shortest story found by leaving moves out that still `fails`.
template <class Fails>
story shrink(story s, Fails fails) {
  for (std::size_t chunk = s.moves.size(); chunk > 0; chunk /= 2) {
    for (std::size_t at = 0; at < s.moves.size();) {
      story shorter = s;
      auto from = shorter.moves.begin() + static_cast<std::ptrdiff_t>(at);
      auto to =
          shorter.moves.begin() + static_cast<std::ptrdiff_t>(std::min(at + chunk, s.moves.size()));
      shorter.moves.erase(from, to);
      if (fails(shorter)) {
        s = std::move(shorter);
      } else {
        at += chunk;
      }
    }
  }
  return s;
}

// An order as everybody can see it, and the money.
struct view {
  std::string status;
  bool late = false;
  std::int64_t revisions_left = 0;
  std::int64_t due = -1;  // ms after the start of the story; -1: none
  std::string extension;  // "", "open", "approved", "rejected", "lapsed"
  std::string cancellation;
  std::int64_t buyer = 0;  // the ledger's accounts
  std::int64_t escrow = 0;
  std::int64_t seller = 0;
  std::int64_t platform = 0;
  std::int64_t at_provider = 0;  // what the provider took and did not give back
  int charges = 0;               // how often it took anything
};
std::string to_string(const view& v);

}  // namespace oficio::orders::model
