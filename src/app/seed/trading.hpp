#pragma once

#include <string>

#include "app/seed/client.hpp"
#include "app/seed/texts.hpp"

namespace oficio::app {

// Somebody who is signed in.
struct member {
  const person* who = nullptr;
  std::string token;
};

// What is bought: the first package of a gig.
struct purchase {
  member buyer;
  member seller;
  json::value gig;
  std::string key;  // the same in every run: an order that is there already is found by it
};

// One trade from the first message to both reviews. Goes on where an earlier run stopped.
awaitable<result<void>> trade_once(client& market, purchase what, dice& chance);

}  // namespace oficio::app
