#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/seed/offers.hpp"
#include "app/seed/people.hpp"
#include "platform/base/time.hpp"

namespace oficio::sample {

struct plan_options {
  std::uint64_t seed = 20'260'101;
  std::size_t gigs = 2'100;
  time_point now;  // when the market is opened to people; everything happens before
};

// What happens in the sample market. At the same moment, things happen in this order.
enum class deed {
  join,     // somebody signs up
  confirm,  // confirms the e-mail address
  sell,     // becomes a seller
  publish,  // a gig
  pause,
  remove,
  favor,     // marks a gig as favourite
  catch_up,  // somebody reads what happened to them
  // steps of an order
  place,
  fail_to_pay,  // with a card that is declined
  pay,
  require,  // sends the requirements
  deliver,
  revise,
  accept,
  cancel_as_buyer,
  cancel_as_seller,
  ask_to_cancel,
  agree_to_cancel,
  refuse_to_cancel,
  extend,
  agree_to_extend,
  refuse_to_extend,
  review_as_buyer,
  review_as_seller,
  reply,
  // steps of a conversation
  say,
  offer,  // a line too: the seller's own terms for this buyer
  take,   // orders what was offered last, and pays
  read    // both read everything so far, but for what is left unread
};

struct happening {
  time_point at;
  deed what = deed::join;
  std::uint32_t subject = 0;  // number of the person, gig, story, talk or favourite
  std::uint32_t step = 0;     // of a talk: the line; of a story: how often this was done before
};

// People have one numbering: sellers first, then buyers, then the operator.
struct planned_gig {
  std::uint32_t seller = 0;
  time_point at;
};

// One order, from its beginning to wherever it is by now.
struct story {
  std::uint32_t buyer = 0;
  std::uint32_t gig = 0;
  std::uint8_t package = 0;
  std::uint8_t stars = 5;         // the buyer's
  std::uint8_t seller_stars = 5;  // the seller's
};

struct line {
  bool by_buyer = false;
  std::string_view kind;  // of the sayings
};

// What two people write to each other.
struct talk {
  std::uint32_t buyer = 0;
  std::uint32_t gig = 0;
  std::vector<line> lines;
  std::uint32_t unread_by_buyer = 0;  // of the last lines
  std::uint32_t unread_by_seller = 0;
};

struct favorite {
  std::uint32_t buyer = 0;
  std::uint32_t gig = 0;
};

// Everything that will happen, in order of time. The same for the same options.
struct plan {
  plan_options options;
  cast people;
  std::vector<planned_gig> gigs;
  std::vector<story> stories;
  std::vector<talk> talks;
  std::vector<favorite> favorites;
  std::vector<happening> happenings;

  std::size_t head_count() const { return people.sellers.size() + people.buyers.size() + 1; }
  const person& who(std::uint32_t number) const;
  std::uint32_t first_buyer() const { return static_cast<std::uint32_t>(people.sellers.size()); }
};

plan make_plan(const library& texts, plan_options options);

}  // namespace oficio::sample
