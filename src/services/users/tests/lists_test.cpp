#include "platform/base/uuid.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;
using words = std::vector<std::string>;

class lists : public town {
 protected:
  words gigs(const json::value& page) {
    words out;
    for (const auto& f : page.at("items").as_array()) {
      out.emplace_back(f.at("gig_id").as_string());
    }
    return out;
  }
};

TEST_F(lists, keep_favourites) {
  auto ana = somebody("ana");
  auto gig = "/users/me/favorites/" + uuid_v7(clock_.now());
  EXPECT_EQ(get(gig, ana).status, 404);
  auto added = ask(method::put, gig, ana);
  EXPECT_EQ(added.status, 200);
  clock_.advance(1s);
  auto again = ask(method::put, gig, ana);
  EXPECT_EQ(again.body, added.body);
  EXPECT_EQ(get(gig, ana).body, added.body);
  EXPECT_EQ(get(gig, somebody("bob")).status, 404);
  EXPECT_EQ(ask(method::del, gig, ana).status, 204);
  EXPECT_EQ(ask(method::del, gig, ana).status, 204);
  EXPECT_EQ(get(gig, ana).status, 404);
  EXPECT_EQ(ask(method::put, gig, ana).status, 200);
  EXPECT_EQ(ask(method::put, "/users/me/favorites/none", ana).status, 404);
}

TEST_F(lists, page_favourites_newest_first) {
  auto ana = somebody("ana");
  words added;
  for (int i = 0; i < 7; ++i) {
    added.insert(added.begin(), uuid_v7(clock_.now()));
    ASSERT_EQ(ask(method::put, "/users/me/favorites/" + added.front(), ana).status, 200);
    if (i % 2 == 0) clock_.advance(1ms);
  }
  auto whole = get("/users/me/favorites", ana);
  EXPECT_EQ(gigs(whole.body), added);
  EXPECT_EQ(whole.body.at("next_cursor"), nullptr);
  words paged;
  std::string target = "/users/me/favorites?limit=3";
  for (int page = 0; page < 3; ++page) {
    auto got = get(target, ana);
    ASSERT_EQ(got.status, 200);
    for (auto& g : gigs(got.body)) paged.push_back(g);
    if (got.body.at("next_cursor").is_null()) break;
    target =
        "/users/me/favorites?limit=3&cursor=" + std::string(got.body.at("next_cursor").as_string());
  }
  EXPECT_EQ(paged, added);
}

TEST_F(lists, take_only_their_own_cursors) {
  auto ana = somebody("ana");
  for (int i = 0; i < 2; ++i) {
    ask(method::put, "/users/me/favorites/" + uuid_v7(clock_.now()), ana);
  }
  auto first = get("/users/me/favorites?limit=1", ana);
  auto cursor = std::string(first.body.at("next_cursor").as_string());
  EXPECT_EQ(get("/users/me/favorites?cursor=" + cursor, ana).status, 200);
  EXPECT_EQ(get("/users/me/favorites?cursor=" + cursor, somebody("bob")).code(), "bad_cursor");
  EXPECT_EQ(get("/users/me/activity?cursor=" + cursor, ana).code(), "bad_cursor");
  EXPECT_EQ(get("/users/me/favorites?cursor=nonsense", ana).code(), "bad_cursor");
  EXPECT_EQ(get("/users/me/favorites?limit=0", ana).status, 422);
  EXPECT_EQ(get("/users/me/favorites?colour=blue", ana).status, 422);
}

}  // namespace
}  // namespace oficio::users
