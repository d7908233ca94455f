#include "gigs_fixture.hpp"
#include "picture_samples.hpp"

namespace oficio::gigs {
namespace {

namespace samples = pictures::samples;
using http::method;
using testing::ElementsAre;

class gig_pictures : public gigs_fixture {
 protected:
  http::response raw(method m, const std::string& target, const identity& who,
                     const std::string& body = "") {
    http::request r;
    r.method = m;
    EXPECT_TRUE(http::parse_target(target, r));
    r.body = body;
    if (!body.empty()) r.headers.add("Content-Type", samples::form_type);
    r.ctx.who = who;
    return run(service_->routes.handle(r));
  }

  std::string upload(const identity& who, int width = 60) {
    auto got = raw(method::post, "/files?for=gig", who,
                   samples::form_with(samples::make(width, width / 2, ".png")));
    EXPECT_EQ(got.status, 201) << got.body;
    return std::string(json::parse(got.body).value().at("id").as_string());
  }

  json::object draft_with(const std::vector<std::string>& images) {
    auto d = draft();
    d["images"] = json::to_value(images);
    return d;
  }
  answer change(const std::string& gig, const std::vector<std::string>& images) {
    return call(method::patch, "/gigs/" + gig, ana_,
                json::object{{"images", json::to_value(images)}});
  }

  void a_day_passes() {
    clock_.advance(std::chrono::hours(25));
    for (auto& job : service_->timers) {
      context ctx;
      if (job.name == "gigs files") {
        EXPECT_TRUE(run(job.run(ctx)));
      }
    }
  }
  bool is_there(const std::string& id) {
    return raw(method::get, "/files/" + id, {}).status == 200;
  }
};

TEST_F(gig_pictures, are_shown_with_the_gig_and_stay_as_long_as_it) {
  auto first = upload(ana_);
  auto second = upload(ana_);
  auto gig = offer(ana_, draft_with({first, second}));
  ASSERT_NE(gig, "");
  EXPECT_EQ(get("/gigs/" + gig).body.at("images"), (json::array{first, second}));
  a_day_passes();
  EXPECT_TRUE(is_there(first));
  // Dropped, kept, and in another order.
  auto third = upload(ana_);
  ASSERT_EQ(change(gig, {third, first}).status, 200);
  EXPECT_EQ(get("/gigs/" + gig).body.at("images"), (json::array{third, first}));
  a_day_passes();
  EXPECT_TRUE(is_there(first));
  EXPECT_FALSE(is_there(second));
  EXPECT_TRUE(is_there(third));
  ASSERT_EQ(call(method::patch, "/gigs/" + gig, ana_, json::object{{"tags", {"other"}}}).status,
            200);
  ASSERT_EQ(call(method::del, "/gigs/" + gig, ana_).status, 204);
  auto removed = published().back();
  ASSERT_EQ(removed.type, "gigs.gig.removed");
  ASSERT_TRUE(tell(removed.type, removed.data, removed.version(), removed.subject));
  a_day_passes();
  EXPECT_FALSE(is_there(first));
  EXPECT_FALSE(is_there(third));
}

TEST_F(gig_pictures, come_in_two_sizes) {
  auto id = upload(ana_, 1'600);
  auto large = samples::look(raw(method::get, "/files/" + id, {}).body);
  auto small = samples::look(raw(method::get, "/files/" + id + "?size=small", {}).body);
  EXPECT_EQ(std::pair(large.width, large.height), std::pair(1'200, 600));
  EXPECT_EQ(std::pair(small.width, small.height), std::pair(400, 200));
  EXPECT_EQ(raw(method::get, "/files/" + id + "?size=huge", {}).status, 422);
}

TEST_F(gig_pictures, must_be_the_sellers_own_and_used_once) {
  auto own = upload(ana_);
  auto foreign = upload(bob_);
  become_seller(ana_);
  auto refused = call(method::post, "/gigs", ana_, draft_with({own, foreign, "gig_none"}));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(), ElementsAre("/images/1 unknown_file", "/images/2 unknown_file"));
  refused = call(method::post, "/gigs", ana_, draft_with({own, own}));
  EXPECT_THAT(refused.errors(), ElementsAre("/images/1 repeated"));
  // What was refused has bound nothing.
  auto gig = offer(ana_, draft_with({own}));
  ASSERT_NE(gig, "");
  refused = call(method::post, "/gigs", ana_, draft_with({own}));
  EXPECT_THAT(refused.errors(), ElementsAre("/images/0 bound_elsewhere"));
  auto other = offer(ana_, draft("I will design another logo"));
  EXPECT_THAT(change(other, {own}).errors(), ElementsAre("/images/0 bound_elsewhere"));
  EXPECT_EQ(get("/gigs/" + other).body.at("images"), json::array{});
}

TEST_F(gig_pictures, are_at_most_eight) {
  std::vector<std::string> nine;
  for (int i = 0; i < 9; ++i) nine.push_back("gig_" + std::to_string(i));
  become_seller(ana_);
  EXPECT_THAT(call(method::post, "/gigs", ana_, draft_with(nine)).errors(),
              ElementsAre("/images too_many"));
  auto gig = offer(ana_);
  EXPECT_THAT(change(gig, nine).errors(), ElementsAre("/images too_many"));
}

TEST_F(gig_pictures, a_gig_that_is_not_made_or_not_ones_own_binds_none) {
  auto id = upload(ana_);
  become_seller(ana_);
  auto wrong = draft_with({id});
  wrong["title"] = "short";
  EXPECT_EQ(call(method::post, "/gigs", ana_, wrong).status, 422);
  auto foreign = offer(bob_, draft("I will design a logo, too"));
  EXPECT_EQ(change(foreign, {id}).status, 403);
  EXPECT_EQ(change("nothing", {id}).status, 404);
  EXPECT_NE(offer(ana_, draft_with({id})), "");
}

TEST_F(gig_pictures, the_same_request_again_gives_the_same_gig) {
  auto id = upload(ana_);
  become_seller(ana_);
  header_list key{{"Idempotency-Key", "k1"}};
  auto made = call(method::post, "/gigs", ana_, draft_with({id}), key);
  ASSERT_EQ(made.status, 201) << json::to_text(made.body);
  auto again = call(method::post, "/gigs", ana_, draft_with({id}), key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.id(), made.id());
}

}  // namespace
}  // namespace oficio::gigs
