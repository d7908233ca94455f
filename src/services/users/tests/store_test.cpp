#include "services/users/store/lists.hpp"
#include "services/users/store/profiles.hpp"
#include "services/users/store/sellers.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

class stores : public town {
 protected:
  context ctx_ = context::for_system();
  identity stranger_{.sub = "stranger", .username = "eve"};
};

TEST_F(stores, let_no_stranger_change_a_profile) {
  auto ana = somebody("ana");
  profile_store profiles(*database_, clock_);
  auto outcome = run(profiles.update(ctx_, ana.sub, stranger_, [](profile& p) -> result<bool> {
    p.locale = "es";
    return true;
  }));
  EXPECT_EQ(outcome.error().kind, errc::forbidden);
  EXPECT_EQ(run(profiles.get(ctx_, ana.sub)).value()->locale, "en");
}

TEST_F(stores, let_no_stranger_change_a_seller) {
  auto ana = town::seller("ana");
  seller_store sellers(*database_, clock_);
  auto change = [](users::seller& s) -> result<bool> {
    s.headline = "Mine now";
    return true;
  };
  EXPECT_EQ(run(sellers.update(ctx_, ana.sub, stranger_, change)).error().kind, errc::forbidden);
  users::seller fake;
  fake.id = "somebody else";
  EXPECT_EQ(run(sellers.insert(ctx_, stranger_, fake)).error().kind, errc::forbidden);
  EXPECT_EQ(run(sellers.note_sale(ctx_, stranger_, {"x:y", "x", {}})).error().kind,
            errc::forbidden);
}

TEST_F(stores, bound_the_number_of_favourites) {
  favorite_store favorites(*database_, clock_);
  auto driver = database_->open({"favorites", {{"account", {"account_id", "at"}}}});
  for (int i = 0; i < favorite_store::most; ++i) {
    documents::record r{.id = "stranger:" + std::to_string(i),
                        .write_version = 1,
                        .body = {{"account_id", "stranger"}, {"gig_id", std::to_string(i)}}};
    ASSERT_TRUE(run(driver->insert(ctx_, r)).has_value());
  }
  auto one_more = run(favorites.add(ctx_, stranger_, "gig"));
  EXPECT_EQ(one_more.error().code, "too_many_favorites");
}

}  // namespace
}  // namespace oficio::users
