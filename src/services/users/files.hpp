#pragma once

#include "platform/files/shelf.hpp"
#include "platform/hosting/service.hpp"
#include "services/users/store/profiles.hpp"

namespace oficio::users {

// Where people's pictures are kept; null without a studio. All must outlive it.
std::unique_ptr<files::shelf> avatars(const hosting::environment& env,
                                      documents::database& database, pictures::studio* studio,
                                      profile_store& profiles);

// Routes, purging, and the settling of what a profile uses, by its own events. Both must outlive
// the service.
void offer_avatars(hosting::service& s, files::shelf& shelf, profile_store& profiles);

}  // namespace oficio::users
