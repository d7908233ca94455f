#include "fixture.hpp"

namespace oficio::reviews {

TEST_F(reviews_test, a_buyer_reviews_a_completed_order_and_it_stays_hidden) {
  auto id = order();
  auto given = give(ana_, id, 4);
  ASSERT_EQ(given.status, 201) << given.body;
  auto r = read(given);
  EXPECT_TRUE(is_uuid(std::string(r.at("id").as_string())));
  EXPECT_EQ(r.at("order_id"), json::value(id));
  EXPECT_EQ(r.at("gig_id"), json::value(gig_));
  EXPECT_EQ(r.at("from"), (json::object{{"id", ana_}, {"username", "ana"}, {"avatar", nullptr}}));
  EXPECT_EQ(r.at("about"), (json::object{{"id", bob_}, {"username", "bob"}, {"avatar", nullptr}}));
  EXPECT_EQ(r.at("rating"), 4);
  EXPECT_EQ(r.at("text"), "Well done");
  EXPECT_TRUE(r.at("reply").is_null());
  EXPECT_TRUE(r.at("published_at").is_null());
  EXPECT_TRUE(read(get("/gigs/" + gig_ + "/reviews")).at("items").as_array().empty());
  EXPECT_TRUE(told().empty());
}

TEST_F(reviews_test, a_visitor_must_sign_in) {
  EXPECT_EQ(give("", order()).status, 401);
}

TEST_F(reviews_test, a_stranger_learns_nothing) {
  auto id = order();
  auto theirs = give(uuid_v7(clock_.now()), id);
  auto nobodys = give(ana_, "no-such-order");
  EXPECT_EQ(theirs.status, 404);
  EXPECT_EQ(nobodys.status, 404);
  EXPECT_EQ(read(theirs).at("detail"), read(nobodys).at("detail"));
}

TEST_F(reviews_test, an_order_whose_completion_is_not_known_is_404_after_a_second) {
  auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(give(ana_, uuid_v7(clock_.now())).status, 404);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 700ms);
  EXPECT_LE(std::chrono::steady_clock::now() - began, 3s);
}

TEST_F(reviews_test, an_order_under_way_is_told_to_its_people_alone) {
  auto id = uuid_v7(clock_.now());
  auto news = completed(id);
  news.type = "orders.order.placed";
  ASSERT_TRUE(deliver(news).has_value());
  for (const auto& who : {ana_, bob_}) {
    auto early = give(who, id);
    EXPECT_EQ(early.status, 409);
    EXPECT_EQ(code(early), "wrong_state");
  }
  EXPECT_EQ(give(uuid_v7(clock_.now()), id).status, 404);
  ASSERT_TRUE(deliver(completed(id)).has_value());
  ASSERT_TRUE(deliver(news).has_value());  // late
  EXPECT_EQ(give(ana_, id).status, 201);
}

TEST_F(reviews_test, a_review_waits_for_the_news_that_its_order_is_completed) {
  auto id = uuid_v7(clock_.now());
  int status = 0;
  std::jthread asker([&] { status = give(ana_, id).status; });
  std::this_thread::sleep_for(50ms);  // sooner or later: it must work either way
  ASSERT_TRUE(deliver(completed(id)).has_value());
  asker.join();
  EXPECT_EQ(status, 201);
}

TEST_F(reviews_test, bad_values_are_told_with_their_pointers) {
  auto path = "/orders/" + order() + "/review";
  auto bad = run(call(http::method::post, path, ana_, R"({"rating":9,"text":""})"));
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(read(bad).at("errors").as_array().size(), 2u);
  EXPECT_EQ(run(call(http::method::post, path, ana_, "{")).status, 400);
}

TEST_F(reviews_test, one_review_a_side) {
  auto id = order();
  EXPECT_EQ(give(ana_, id, 5).status, 201);
  auto again = give(ana_, id, 1);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(code(again), "already_reviewed");
  EXPECT_EQ(give(bob_, id, 5).status, 201);
  EXPECT_EQ(code(give(bob_, id, 5)), "already_reviewed");
}

TEST_F(reviews_test, fourteen_days_later_it_is_closed) {
  auto id = order();
  clock_.advance(14 * 24h - 1min);
  EXPECT_EQ(give(ana_, id).status, 201);
  clock_.advance(2min);
  auto late = give(bob_, id);
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(code(late), "review_closed");
}

TEST_F(reviews_test, the_same_request_again_gives_the_same_review) {
  auto id = order();
  auto first = give(ana_, id, 4, "key-1");
  ASSERT_EQ(first.status, 201) << first.body;
  auto again = give(ana_, id, 4, "key-1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  clock_.advance(20 * 24h);
  EXPECT_EQ(give(ana_, id, 4, "key-1").status, 200);
}

TEST_F(reviews_test, a_repeated_request_shows_todays_state) {
  auto id = order();
  give(ana_, id, 4, "key-1");
  give(bob_, id);
  EXPECT_FALSE(read(give(ana_, id, 4, "key-1")).at("published_at").is_null());
}

TEST_F(reviews_test, another_request_with_the_same_key_is_refused) {
  auto id = order();
  auto other_id = order();
  ASSERT_EQ(give(ana_, id, 4, "key-1").status, 201);
  for (const auto& r : {give(ana_, id, 5, "key-1"), give(ana_, other_id, 4, "key-1")}) {
    EXPECT_EQ(r.status, 422);
    EXPECT_EQ(code(r), "idempotency_mismatch");
  }
  EXPECT_EQ(give(bob_, id, 4, "key-1").status, 201);  // keys are each account's own
}

TEST_F(reviews_test, the_same_request_many_times_at_once_makes_one_review) {
  auto id = order();
  std::vector<awaitable<http::response>> all;
  for (int i = 0; i < 8; ++i) all.push_back(reviewing(ana_, id, 3, "key-1"));
  int created = 0;
  for (const auto& r : run_all(std::move(all), 4)) {
    EXPECT_TRUE(r.status == 200 || r.status == 201) << r.body;
    if (r.status == 201) ++created;
  }
  EXPECT_EQ(created, 1);
}

TEST_F(reviews_test, a_key_that_no_header_should_have_is_refused) {
  auto id = order();
  EXPECT_EQ(code(give(ana_, id, 5, "with space")), "bad_idempotency_key");
  EXPECT_EQ(code(give(ana_, id, 5, std::string(101, 'x'))), "bad_idempotency_key");
  EXPECT_EQ(give(ana_, id, 5, std::string(100, 'x')).status, 201);
}

}  // namespace oficio::reviews
