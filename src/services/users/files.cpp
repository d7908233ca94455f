#include "services/users/files.hpp"

#include "platform/files/routes.hpp"

namespace oficio::users {
namespace {

constexpr std::size_t max_bytes = 5 * 1024 * 1024;
constexpr int side = 256;  // pixels

files::rules avatar_rules() {
  return {.purpose = "avatar",
          .kinds = {files::kind::png, files::kind::jpeg, files::kind::webp},
          .max_bytes = max_bytes,
          .forms = {{side, true}},
          .open = true};
}

}  // namespace

std::unique_ptr<files::shelf> avatars(const hosting::environment& env,
                                      documents::database& database, pictures::studio* studio,
                                      profile_store& profiles) {
  if (!studio) return nullptr;
  auto in_use = [&profiles](const context& ctx, const blobs::blob& b) -> awaitable<result<bool>> {
    CO_TRY(auto p, co_await profiles.get(ctx, b.bound_to));
    co_return p && p->avatar == b.id;
  };
  return std::make_unique<files::shelf>(database, "users", env.clock, *studio,
                                        env.log.named("users"), avatar_rules(), in_use);
}

void offer_avatars(hosting::service& s, files::shelf& shelf, profile_store& profiles) {
  files::add_routes(s.routes, shelf);
  s.timers.push_back(files::purging("users", shelf));
  s.subscriptions.push_back(
      files::settling("users.avatars", {"users.profile.updated"}, shelf,
                      [&profiles](const context& ctx,
                                  std::string id) -> awaitable<result<std::vector<std::string>>> {
                        CO_TRY(auto p, co_await profiles.get(ctx, std::move(id)));
                        std::vector<std::string> used;
                        if (p && p->avatar) used.push_back(*p->avatar);
                        co_return used;
                      }));
}

}  // namespace oficio::users
