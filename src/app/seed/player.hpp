#pragma once

#include <functional>
#include <string>

#include "app/seed/pictures.hpp"
#include "app/seed/plan.hpp"
#include "app/seed/stage.hpp"

namespace oficio::sample {

struct play_options {
  std::string password;  // everybody's
  std::string currency = "USD";
  std::size_t at_once = 48;    // calls under way
  std::function<bool()> stop;  // asked now and then; true ends the play with `interrupted`
};

// Lets the plan happen on the stage, each thing at its time and through the services' own routes,
// and says on standard output how far it is. Ends at the first thing that a service refuses.
// All references must outlive it.
awaitable<result<void>> play(const plan& what, const library& texts, const pictures& art, stage& on,
                             play_options options);

}  // namespace oficio::sample
