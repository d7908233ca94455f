#include "services/gigs/files.hpp"

#include <algorithm>

#include "platform/files/routes.hpp"
#include "services/gigs/gig.hpp"

namespace oficio::gigs {
namespace {

constexpr std::size_t max_bytes = 10 * 1024 * 1024;
constexpr int side = 1'200;      // pixels
constexpr int small_side = 400;  // in lists

files::rules picture_rules() {
  return {.purpose = "gig",
          .kinds = {files::kind::png, files::kind::jpeg, files::kind::webp},
          .max_bytes = max_bytes,
          .forms = {{side}, {small_side}},
          .open = true,
          .max_bound = max_images};
}

// Nothing for a gig that has gone.
awaitable<result<std::vector<std::string>>> images_of(const context& ctx, store& kept,
                                                      std::string id) {
  CO_TRY(auto g, co_await kept.current(ctx, std::move(id)));
  if (!g) co_return std::vector<std::string>{};
  co_return std::move(g->value.gig.images);
}

}  // namespace

std::unique_ptr<files::shelf> gallery(const hosting::environment& env,
                                      documents::database& database, pictures::studio* studio,
                                      store& kept) {
  if (!studio) return nullptr;
  auto in_use = [&kept](const context& ctx, const blobs::blob& b) -> awaitable<result<bool>> {
    CO_TRY(auto images, co_await images_of(ctx, kept, b.bound_to));
    co_return std::ranges::find(images, b.id) != images.end();
  };
  return std::make_unique<files::shelf>(database, "gigs", env.clock, *studio, env.log.named("gigs"),
                                        picture_rules(), in_use);
}

void offer_gallery(hosting::service& s, files::shelf& shelf, store& kept) {
  files::add_routes(s.routes, shelf);
  s.timers.push_back(files::purging("gigs", shelf));
  s.subscriptions.push_back(files::settling(
      "gigs.pictures", {"gigs.gig.*"}, shelf,
      [&kept](const context& ctx, std::string id) { return images_of(ctx, kept, std::move(id)); }));
}

}  // namespace oficio::gigs
