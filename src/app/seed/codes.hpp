#pragma once

#include "app/seed/client.hpp"

namespace oficio::app {

// Ends the sign-in of a sample person whose device is not known: the code is in the outbox, which a
// market shows to its own machine. `asked` is what the sign-in answered. Error: bad_upstream
// `refused` if no code that can be read here is the right one.
awaitable<result<answer>> answer_challenge(client& market, std::string username, json::value asked);

}  // namespace oficio::app
