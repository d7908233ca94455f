#include "fixture.hpp"

namespace oficio::reviews {

using replies = reviews_test;

TEST_F(replies, are_shown_with_their_review_and_told) {
  auto id = published_review();
  auto before = told().size();
  auto given = reply(bob_, id, "Come again");
  ASSERT_EQ(given.status, 201) << given.body;
  auto shown = read(given);
  EXPECT_EQ(shown.at("id"), json::value(id));
  EXPECT_EQ(shown.at("reply").at("text"), "Come again");
  EXPECT_TRUE(parse_time(std::string(shown.at("reply").at("created_at").as_string())));
  auto listed = read(get("/gigs/" + gig_ + "/reviews")).at("items").as_array();
  EXPECT_EQ(listed.at(0).as_object(), shown);
  auto events = told();
  ASSERT_EQ(events.size(), before + 1);
  EXPECT_EQ(events.back().type, "reviews.reply.published");
  EXPECT_EQ(events.back().subject, id);
  EXPECT_EQ(events.back().version(), 3);
  for (const auto* side : {"from", "about"}) shown.at(side).as_object().erase("avatar");
  EXPECT_EQ(events.back().data.at("review").as_object(), shown);  // pictures are not its business
}

TEST_F(replies, are_shown_with_the_reviews_of_the_order_to_its_two) {
  auto id = order();
  auto ratings = [&](std::string who) {
    auto got = run(call(http::method::get, "/orders/" + id + "/reviews", std::move(who)));
    EXPECT_EQ(got.status, 200) << got.body;
    std::vector<std::int64_t> out;
    auto body = read(got);
    for (const auto& one : body.at("items").as_array()) {
      out.push_back(one.at("rating").as_int64());
    }
    return out;
  };
  auto stranger = uuid_v7(clock_.now());
  EXPECT_TRUE(ratings(ana_).empty());
  give(bob_, id, 3);
  EXPECT_EQ(ratings(bob_), (std::vector<std::int64_t>{3}));
  EXPECT_TRUE(ratings(ana_).empty()) << "It is hidden still.";
  auto about_bob = std::string(read(give(ana_, id, 4)).at("id").as_string());
  EXPECT_EQ(ratings(ana_), (std::vector<std::int64_t>{4, 3}));
  EXPECT_EQ(ratings(bob_), (std::vector<std::int64_t>{4, 3}));
  EXPECT_TRUE(ratings(stranger).empty());
  reply(bob_, about_bob, "Come again");
  auto shown = read(run(call(http::method::get, "/orders/" + id + "/reviews", ana_)));
  EXPECT_EQ(shown.at("items").as_array().at(0).at("reply").at("text"), "Come again");
  EXPECT_EQ(get("/orders/" + id + "/reviews").status, 401);
}

TEST_F(replies, come_from_whom_the_review_is_about_once) {
  auto id = published_review();
  auto others = reply(ana_, id);
  EXPECT_EQ(others.status, 403);
  EXPECT_EQ(code(others), "not_yours");
  EXPECT_EQ(reply(uuid_v7(clock_.now()), id).status, 403);
  EXPECT_EQ(reply("", id).status, 401);
  EXPECT_EQ(reply(bob_, id).status, 201);
  auto again = reply(bob_, id, "And another thing");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(code(again), "already_replied");
}

TEST_F(replies, to_a_hidden_review_are_replies_to_nothing) {
  auto id = std::string(read(give(ana_, order())).at("id").as_string());
  EXPECT_EQ(reply(bob_, id).status, 404);
  EXPECT_EQ(reply(ana_, id).status, 404);
  EXPECT_EQ(reply(bob_, uuid_v7(clock_.now())).status, 404);
  EXPECT_EQ(reply(bob_, "%27%20OR%201%3D1").status, 404);
}

TEST_F(replies, of_buyers_to_their_sellers_are_as_good) {
  auto id = order();
  give(ana_, id);
  auto about_ana = std::string(read(give(bob_, id)).at("id").as_string());
  EXPECT_EQ(reply(bob_, about_ana).status, 403);
  EXPECT_EQ(reply(ana_, about_ana).status, 201);
}

TEST_F(replies, that_are_sent_twice_are_kept_once) {
  auto id = published_review();
  auto other = published_review();
  auto first = reply(bob_, id, "Thank you", "key-1");
  EXPECT_EQ(first.status, 201);
  auto again = reply(bob_, id, "Thank you", "key-1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  for (const auto& wrong :
       {reply(bob_, id, "Thanks", "key-1"), reply(bob_, other, "Thank you", "key-1")}) {
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(code(wrong), "idempotency_mismatch");
  }
  EXPECT_EQ(reply(bob_, other, "Thank you", "key-2").status, 201);
}

TEST_F(replies, have_a_text) {
  auto id = published_review();
  EXPECT_EQ(reply(bob_, id, "").status, 422);
  EXPECT_EQ(reply(bob_, id, std::string(2'001, 'x')).status, 422);
  EXPECT_EQ(reply(bob_, id, std::string(2'000, 'x')).status, 201);
}

TEST_F(replies, at_the_same_instant_leave_one) {
  auto id = published_review();
  std::vector<awaitable<http::response>> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(call(http::method::post, "/reviews/" + id + "/reply", bob_,
                       R"({"text":"reply )" + std::to_string(i) + "\"}"));
  }
  int created = 0;
  for (const auto& r : run_all(std::move(all), 4)) {
    EXPECT_TRUE(r.status == 409 || r.status == 201) << r.body;
    if (r.status == 201) ++created;
  }
  EXPECT_EQ(created, 1);
}

}  // namespace oficio::reviews
