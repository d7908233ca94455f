#pragma once

#include <vector>

#include "platform/hosting/service.hpp"
#include "services/users/teller.hpp"

namespace oficio::users {

// What users does when people talk: messages and offers come into the feed, and leave it when they
// are read. `to` must outlive the subscriptions.
std::vector<hosting::subscription> chat_subscriptions(teller& to);

}  // namespace oficio::users
