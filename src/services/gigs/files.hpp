#pragma once

#include "platform/files/shelf.hpp"
#include "platform/hosting/service.hpp"
#include "services/gigs/store.hpp"

namespace oficio::gigs {

// Where gigs' pictures are kept; null without a studio. All must outlive it.
std::unique_ptr<files::shelf> gallery(const hosting::environment& env,
                                      documents::database& database, pictures::studio* studio,
                                      store& kept);

// Routes, purging, and the settling of what a gig uses, by its own events. Both must outlive the
// service.
void offer_gallery(hosting::service& s, files::shelf& shelf, store& kept);

}  // namespace oficio::gigs
