#include "gigs_fixture.hpp"

namespace oficio::gigs {
namespace {

using http::method;
using testing::Contains;
using testing::ElementsAre;

using gigs_writing = gigs_fixture;

TEST_F(gigs_writing, a_seller_offers_a_gig) {
  become_seller(ana_, 1, {{"avatar", "picture"}});
  auto made = call(method::post, "/gigs", ana_, draft());
  ASSERT_EQ(made.status, 201) << json::to_text(made.body);
  EXPECT_EQ(made.etag, "\"1\"");
  EXPECT_EQ(made.body.at("revision"), 1);
  EXPECT_EQ(made.body.at("active"), true);
  EXPECT_EQ(made.body.at("sales"), 0);
  auto seller = made.body.at("seller");
  EXPECT_EQ(seller.at("id").as_string(), ana_.sub);
  EXPECT_EQ(seller.at("username").as_string(), "ana");
  EXPECT_EQ(seller.at("avatar").as_string(), "picture");
  EXPECT_EQ(seller.at("country").as_string(), "ES");
  auto shown = get("/gigs/" + made.id());
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body, made.body);
  EXPECT_EQ(shown.etag, "\"1\"");

  auto told = published();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "gigs.gig.published");
  EXPECT_EQ(told[0].subject, made.id());
  EXPECT_EQ(told[0].version(), 1);
  EXPECT_EQ(told[0].data.at("gig"), made.body);
  EXPECT_THAT(told[0].data.at("concerns").as_array(), ElementsAre(json::value(ana_.sub)));
}

TEST_F(gigs_writing, only_sellers_offer) {
  EXPECT_EQ(call(method::post, "/gigs", {}, draft()).status, 401);
  auto refused = call(method::post, "/gigs", bob_, draft());
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code(), "not_a_seller");
}

TEST_F(gigs_writing, tells_what_is_wrong) {
  become_seller(ana_);
  auto body = draft();
  body["title"] = "short";
  body["colour"] = "red";
  auto refused = call(method::post, "/gigs", ana_, body);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(), Contains("/colour unknown"));
  body.erase("colour");
  refused = call(method::post, "/gigs", ana_, body);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(), ElementsAre("/title too_short"));
  EXPECT_EQ(call(method::post, "/gigs", ana_, json::value("text")).status, 422);
}

TEST_F(gigs_writing, the_same_request_makes_one_gig) {
  become_seller(ana_);
  become_seller(bob_);
  header_list key{{"Idempotency-Key", "k-1"}};
  auto first = call(method::post, "/gigs", ana_, draft(), key);
  ASSERT_EQ(first.status, 201);
  auto again = call(method::post, "/gigs", ana_, draft(), key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.id(), first.id());
  auto other = call(method::post, "/gigs", ana_, draft("Another title for this gig"), key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.code(), "idempotency_mismatch");
  EXPECT_NE(call(method::post, "/gigs", bob_, draft(), key).id(), first.id());
  EXPECT_NE(call(method::post, "/gigs", ana_, draft()).id(), first.id());
  EXPECT_EQ(get("/gigs/mine", ana_).ids().size(), 2U);
  key[0].second = std::string(201, 'k');
  EXPECT_EQ(call(method::post, "/gigs", ana_, draft(), key).code(), "bad_idempotency_key");
}

TEST_F(gigs_writing, an_edit_counts_a_revision_and_is_told) {
  auto id = offer(ana_);
  published();
  json::object patch{{"title", "A wholly different title"}, {"tags", json::array{"New"}}};
  auto changed = call(method::patch, "/gigs/" + id, ana_, patch, {{"If-Match", "\"1\""}});
  ASSERT_EQ(changed.status, 200) << json::to_text(changed.body);
  EXPECT_EQ(changed.etag, "\"2\"");
  EXPECT_EQ(changed.body.at("title").as_string(), "A wholly different title");
  EXPECT_EQ(changed.body.at("tags"), (json::array{"new"}));
  EXPECT_EQ(changed.body.at("category").as_string(), "design");
  EXPECT_EQ(get("/gigs/" + id).body, changed.body);
  auto told = published();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "gigs.gig.updated");
  EXPECT_EQ(told[0].data.at("gig"), changed.body);
}

TEST_F(gigs_writing, an_edit_of_an_older_revision_is_refused) {
  auto id = offer(ana_);
  json::object patch{{"title", "A wholly different title"}};
  EXPECT_EQ(call(method::patch, "/gigs/" + id, ana_, patch).status, 200);
  auto stale = call(method::patch, "/gigs/" + id, ana_, patch, {{"If-Match", "\"1\""}});
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.code(), "stale_revision");
  EXPECT_EQ(call(method::del, "/gigs/" + id, ana_, {}, {{"If-Match", "\"1\""}}).status, 412);
  EXPECT_EQ(call(method::put, "/gigs/" + id + "/active", ana_, json::object{{"active", false}},
                 {{"If-Match", "\"1\""}})
                .status,
            412);
  for (const char* bad : {"2", "\"", "\"\"", "\"two\"", "\"2\", \"3\""}) {
    auto refused = call(method::patch, "/gigs/" + id, ana_, patch, {{"If-Match", bad}});
    EXPECT_EQ(refused.status, 400) << bad;
    EXPECT_EQ(refused.code(), "bad_if_match");
  }
  EXPECT_EQ(call(method::patch, "/gigs/" + id, ana_, patch, {{"If-Match", "W/\"2\""}}).status, 200);
  EXPECT_EQ(call(method::patch, "/gigs/" + id, ana_, patch, {{"If-Match", "*"}}).status, 200);
}

TEST_F(gigs_writing, a_wrong_edit_changes_nothing) {
  auto id = offer(ana_);
  auto refused = call(method::patch, "/gigs/" + id, ana_, json::object{{"category", "video"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(), ElementsAre("/subcategory choice"));
  EXPECT_EQ(get("/gigs/" + id).body.at("revision"), 1);
}

TEST_F(gigs_writing, nobody_changes_the_gig_of_another) {
  auto id = offer(ana_);
  become_seller(bob_);
  json::object patch{{"title", "A wholly different title"}};
  EXPECT_EQ(call(method::patch, "/gigs/" + id, bob_, patch).code(), "not_yours");
  EXPECT_EQ(call(method::del, "/gigs/" + id, bob_).status, 403);
  EXPECT_EQ(
      call(method::put, "/gigs/" + id + "/active", bob_, json::object{{"active", false}}).status,
      403);
  EXPECT_EQ(call(method::patch, "/gigs/" + id, {}, patch).status, 401);
  EXPECT_EQ(call(method::patch, "/gigs/nothing", ana_, patch).status, 404);
  // What bob may not see is not there for him.
  call(method::put, "/gigs/" + id + "/active", ana_, json::object{{"active", false}});
  EXPECT_EQ(call(method::patch, "/gigs/" + id, bob_, patch).status, 404);
}

TEST_F(gigs_writing, a_paused_gig_is_there_for_its_seller_alone) {
  auto id = offer(ana_);
  published();
  json::object off{{"active", false}};
  json::object on{{"active", true}};
  auto paused = call(method::put, "/gigs/" + id + "/active", ana_, off);
  EXPECT_EQ(paused.status, 200);
  EXPECT_EQ(paused.body.at("active"), false);
  EXPECT_EQ(get("/gigs/" + id).status, 404);
  EXPECT_EQ(get("/gigs/" + id, bob_).status, 404);
  EXPECT_EQ(get("/gigs/" + id, ana_).status, 200);
  EXPECT_TRUE(get("/gigs?ids=" + id, bob_).ids().empty());
  EXPECT_EQ(get("/gigs?ids=" + id, ana_).ids().size(), 1U);
  EXPECT_TRUE(get("/gigs/search").ids().empty());
  // Said twice, told once.
  EXPECT_EQ(call(method::put, "/gigs/" + id + "/active", ana_, off).status, 200);
  EXPECT_EQ(call(method::put, "/gigs/" + id + "/active", ana_, on).status, 200);
  EXPECT_EQ(get("/gigs/search").ids().size(), 1U);
  auto told = published();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].type, "gigs.gig.paused");
  EXPECT_EQ(told[0].data.at("gig").at("active"), false);
  EXPECT_EQ(told[1].type, "gigs.gig.published");
  EXPECT_EQ(call(method::put, "/gigs/" + id + "/active", ana_, json::object{}).status, 422);
}

TEST_F(gigs_writing, a_removed_gig_is_gone) {
  auto id = offer(ana_);
  published();
  EXPECT_EQ(call(method::del, "/gigs/" + id, ana_).status, 204);
  EXPECT_EQ(get("/gigs/" + id, ana_).status, 404);
  EXPECT_TRUE(get("/gigs/mine", ana_).ids().empty());
  EXPECT_TRUE(get("/gigs/search").ids().empty());
  EXPECT_EQ(call(method::del, "/gigs/" + id, ana_).status, 404);
  auto told = published();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "gigs.gig.removed");
  auto last = told[0].data.at("gig").as_object();
  EXPECT_EQ(last.size(), 2U);
  EXPECT_EQ(last.at("id").as_string(), id);
  EXPECT_EQ(last.at("seller").at("id").as_string(), ana_.sub);
}

TEST_F(gigs_writing, a_write_holds_when_the_index_is_away_and_its_event_repairs) {
  become_seller(ana_);
  index_->away = true;
  auto made = call(method::post, "/gigs", ana_, draft());
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(get("/gigs/" + made.id()).status, 404);
  auto told = published();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_FALSE(tell(told[0].type, told[0].data, told[0].version(), made.id()).has_value());
  index_->away = false;
  EXPECT_TRUE(tell(told[0].type, told[0].data, told[0].version(), made.id()).has_value());
  EXPECT_EQ(get("/gigs/" + made.id()).body, made.body);

  index_->away = true;
  EXPECT_EQ(call(method::del, "/gigs/" + made.id(), ana_).status, 204);
  index_->away = false;
  EXPECT_EQ(get("/gigs/" + made.id()).status, 200);
  told = published();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(tell(told[0].type, told[0].data, told[0].version(), made.id()).has_value());
  EXPECT_EQ(get("/gigs/" + made.id()).status, 404);
}

}  // namespace
}  // namespace oficio::gigs
