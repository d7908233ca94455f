#include "gigs_fixture.hpp"

namespace oficio::gigs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using gigs_events = gigs_fixture;

json::object rated(const std::string& id, std::int64_t version, std::int64_t count) {
  auto r = json::to_value(rating{4.5, count, {0, 0, 0, count / 2, count / 2}}).as_object();
  r["id"] = id;
  r["version"] = version;
  return {{"gig_rating", std::move(r)}, {"side", "buyer"}};
}

json::object sold(const std::string& gig, const std::string& order) {
  return {{"order", {{"id", order}, {"gig_id", gig}}}};
}

TEST_F(gigs_events, a_sellers_card_goes_into_all_their_gigs_without_an_event) {
  auto a = offer(ana_);
  auto b = offer(ana_);
  auto c = offer(bob_);
  published();
  become_seller(ana_, 4,
                {{"country", "PT"}, {"rating", json::to_value(rating{5, 1, {0, 0, 0, 0, 1}})}});
  for (const auto& id : {a, b}) {
    auto shown = get("/gigs/" + id);
    EXPECT_EQ(shown.body.at("seller").at("country").as_string(), "PT");
    EXPECT_EQ(shown.body.at("seller").at("rating").at("count"), 1);
    EXPECT_EQ(shown.body.at("revision"), 1);
  }
  EXPECT_EQ(get("/gigs/" + c).body.at("seller").at("country").as_string(), "ES");
  EXPECT_THAT(published(), IsEmpty());
  // An older one, late.
  become_seller(ana_, 3, {{"country", "FR"}});
  EXPECT_EQ(get("/gigs/" + a).body.at("seller").at("country").as_string(), "PT");
  EXPECT_EQ(get("/gigs/" + offer(ana_)).body.at("seller").at("country").as_string(), "PT");
}

TEST_F(gigs_events, a_new_seller_waits_for_their_card) {
  http::request r;
  ASSERT_TRUE(http::parse_target("/gigs", r));
  r.method = http::method::post;
  r.ctx.who = new_account("nora");
  r.body = json::to_text(json::value(draft()));
  r.headers.set("Content-Type", "application/json");
  auto answered = boost::asio::co_spawn(boost::asio::make_strand(io_), service_->routes.handle(r),
                                        boost::asio::use_future);
  become_seller(r.ctx.who);  // runs both
  EXPECT_EQ(answered.get().status, 201);
}

TEST_F(gigs_events, a_card_reaches_more_gigs_than_one_page) {
  become_seller(ana_);
  for (int i = 0; i < 103; ++i) {
    ASSERT_EQ(call(http::method::post, "/gigs", ana_, draft()).status, 201);
  }
  become_seller(ana_, 2, {{"country", "PT"}});
  EXPECT_EQ(get("/gigs/search?country=PT&limit=1").body.at("total"), 103);
}

TEST_F(gigs_events, ratings_count_by_their_own_version) {
  auto id = offer(ana_);
  published();
  ASSERT_TRUE(tell("reviews.review.published", rated(id, 2, 8), 1).has_value());
  ASSERT_TRUE(tell("reviews.review.published", rated(id, 1, 4), 9).has_value());
  auto shown = get("/gigs/" + id);
  EXPECT_EQ(shown.body.at("rating").at("count"), 8);
  EXPECT_EQ(shown.body.at("rating").at("average").as_double(), 4.5);
  EXPECT_EQ(shown.etag, "\"1\"");
  EXPECT_THAT(published(), IsEmpty());
  // A seller's review of a buyer says nothing of a gig.
  EXPECT_TRUE(tell("reviews.review.published", {{"gig_rating", nullptr}}, 3).has_value());
  EXPECT_TRUE(tell("reviews.review.published", rated("gone", 2, 8), 1).has_value());
}

TEST_F(gigs_events, each_completed_order_is_one_sale) {
  auto id = offer(ana_);
  for (const char* order : {"o1", "o2", "o1", "o2", "o3"}) {
    ASSERT_TRUE(tell("orders.order.completed", sold(id, order), 7).has_value());
  }
  EXPECT_EQ(get("/gigs/" + id).body.at("sales"), 3);
  EXPECT_TRUE(tell("orders.order.completed", sold("gone", "o9"), 7).has_value());
  EXPECT_TRUE(tell("orders.order.completed", {{"order", {{"id", "o"}, {"gig_id", nullptr}}}}, 7)
                  .has_value());
  EXPECT_EQ(get("/gigs/" + id).body.at("sales"), 3);
}

TEST_F(gigs_events, a_fact_is_told_again_until_the_index_knows_it) {
  auto id = offer(ana_);
  index_->away = true;
  EXPECT_FALSE(tell("reviews.review.published", rated(id, 1, 2), 1).has_value());
  EXPECT_FALSE(tell("orders.order.completed", sold(id, "o1"), 7).has_value());
  index_->away = false;
  EXPECT_EQ(get("/gigs/" + id).body.at("sales"), 0);
  EXPECT_TRUE(tell("reviews.review.published", rated(id, 1, 2), 1).has_value());
  EXPECT_TRUE(tell("orders.order.completed", sold(id, "o1"), 7).has_value());
  EXPECT_EQ(get("/gigs/" + id).body.at("sales"), 1);
  EXPECT_EQ(get("/gigs/" + id).body.at("rating").at("count"), 2);
}

TEST_F(gigs_events, our_own_event_late_brings_nothing_back) {
  auto id = offer(ana_);
  auto first = published().at(0);
  json::object patch{{"title", "A wholly different title"}};
  call(http::method::patch, "/gigs/" + id, ana_, patch);
  ASSERT_TRUE(tell(first.type, first.data, first.version(), id).has_value());
  EXPECT_EQ(get("/gigs/" + id).body.at("title").as_string(), "A wholly different title");
  call(http::method::del, "/gigs/" + id, ana_);
  ASSERT_TRUE(tell(first.type, first.data, first.version(), id).has_value());
  EXPECT_EQ(get("/gigs/" + id, ana_).status, 404);
}

TEST_F(gigs_events, an_event_without_its_part_is_an_error) {
  EXPECT_EQ(tell("users.seller.updated", {}, 1).error().code, "malformed_event");
  EXPECT_EQ(tell("orders.order.completed", {}, 1).error().code, "malformed_event");
}

}  // namespace
}  // namespace oficio::gigs
