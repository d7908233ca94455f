#include "market.hpp"

namespace oficio::orders {
namespace {

using testing_help::text_of;

using story = testing_help::market;

TEST_F(story, from_order_to_earnings) {
  publish_gig(gig_);
  auto id = place();
  auto path = "/orders/" + id;
  auto o = get(buyer_, path);
  EXPECT_EQ(o.body.at("status"), "pending_payment");
  EXPECT_EQ(o.body.at("fee").at("amount"), 550);
  EXPECT_EQ(o.body.at("total").at("amount"), 10'550);
  EXPECT_EQ(o.body.at("buyer").at("username"), "bea");
  EXPECT_EQ(o.body.at("seller").at("username"), "sol");
  EXPECT_TRUE(o.body.at("seller").at("avatar").is_null());
  EXPECT_EQ(o.body.at("gig_title"), "I will design your logo");
  EXPECT_TRUE(o.body.at("due_at").is_null());
  EXPECT_TRUE(o.body.at("extension").is_null());

  EXPECT_EQ(pay(id).body.at("status"), "awaiting_requirements");
  auto earned = get(seller_, "/earnings");
  EXPECT_EQ(earned.body.at("pending").at("amount"), 8'000);
  EXPECT_EQ(earned.body.at("available").at("amount"), 0);

  auto started = post(buyer_, path + "/requirements", R"({"text": "Blue, please"})");
  EXPECT_EQ(started.body.at("status"), "in_progress");
  EXPECT_EQ(started.body.at("requirements").at("text"), "Blue, please");
  EXPECT_TRUE(started.body.at("due_at").is_string());
  auto delivered = post(seller_, path + "/deliver", R"({"message": "Here it is"})");
  EXPECT_EQ(delivered.body.at("status"), "delivered");
  EXPECT_EQ(delivered.body.at("deliveries").at(0).at("message"), "Here it is");
  auto done = post(buyer_, path + "/accept");
  EXPECT_EQ(done.body.at("status"), "completed");
  EXPECT_TRUE(done.body.at("completed_at").is_string());
  EXPECT_EQ(done.body.at("timeline").as_array().size(), 5u);
  EXPECT_EQ(done.headers.get("ETag"), "\"5\"");

  earned = get(seller_, "/earnings");
  EXPECT_EQ(earned.body.at("pending").at("amount"), 0);
  EXPECT_EQ(earned.body.at("available").at("amount"), 8'000);
  EXPECT_EQ(earned.body.at("entries").at("items").at(0).at("order_id"), boost::json::string(id));
  EXPECT_EQ(earned.body.at("entries").at("items").at(0).at("amount").at("amount"), 8'000);
  EXPECT_EQ(get(buyer_, "/earnings").status, 403);
  EXPECT_EQ(get(buyer_, "/earnings").code(), "not_a_seller");
}

TEST_F(story, every_step_is_told_with_the_whole_order) {
  auto id = delivered_order();
  post(buyer_, "/orders/" + id + "/accept");
  auto events = raised();
  std::vector<std::string> types;
  for (const auto& e : events) {
    types.push_back(e.type);
    EXPECT_EQ(e.subject, id);
    EXPECT_EQ(e.data.at("concerns").as_array(), (boost::json::array{"buyer-id", "seller-id"}));
    EXPECT_EQ(e.data.at("order").at("id"), boost::json::string(id));
    EXPECT_EQ(e.data.at("order").as_object().size(), 25u);  // nothing of ledger, attempts or keys
  }
  EXPECT_EQ(types, (std::vector<std::string>{"orders.order.placed", "orders.order.paid",
                                             "orders.order.started", "orders.order.delivered",
                                             "orders.order.completed"}));
  EXPECT_EQ(events.back().data.at("order"), get(buyer_, "/orders/" + id).body);
  EXPECT_LT(events.front().version(), events.back().version());
}

TEST_F(story, only_its_two_people_see_an_order_and_each_has_their_part) {
  auto id = order_in_progress();
  auto path = "/orders/" + id;
  EXPECT_EQ(get(seller_, path).status, 200);
  EXPECT_EQ(get(stranger_, path).status, 404);
  EXPECT_EQ(get({}, path).status, 401);
  EXPECT_EQ(get(buyer_, "/orders/unknown").status, 404);
  for (const auto& [step, body] :
       std::vector<std::pair<std::string, std::string>>{{"/pay", R"({"confirm": "x"})"},
                                                        {"/requirements", R"({"text": "x"})"},
                                                        {"/deliver", R"({"message": "x"})"},
                                                        {"/revision", R"({"message": "x"})"},
                                                        {"/extension/approve", ""},
                                                        {"/accept", ""}}) {
    EXPECT_EQ(post(stranger_, path + step, body).status, 404) << step;
    EXPECT_EQ(post({}, path + step, body).status, 401) << step;
    const auto& wrong_side = step == "/deliver" ? buyer_ : seller_;
    EXPECT_EQ(post(wrong_side, path + step, body).status, 403) << step;
  }
  EXPECT_EQ(post(buyer_, path + "/accept").code(), "wrong_state");
  for (const auto* step : {"/cancel/approve", "/cancel/reject", "/extension/reject"}) {
    EXPECT_EQ(post(stranger_, path + step).status, 404) << step;
  }
  EXPECT_EQ(post(stranger_, path + "/cancel", R"({"reason": "x"})").status, 404);
}

TEST_F(story, bad_bodies_are_told_field_by_field) {
  auto id = paid_order();
  auto missing = post(buyer_, "/orders", R"({"package": "", "quantity": 21, "extra": 1})");
  EXPECT_EQ(missing.status, 422);
  std::vector<std::string> pointers;
  for (const auto& e : missing.body.at("errors").as_array()) {
    pointers.push_back(text_of(e.at("pointer")));
  }
  for (const auto* p : {"/gig_id", "/package", "/quantity", "/extra", "/expected_total"}) {
    EXPECT_NE(std::ranges::find(pointers, p), pointers.end()) << p;
  }
  EXPECT_EQ(post(buyer_, "/orders", "{").status, 400);
  EXPECT_EQ(post(buyer_, "/orders/" + id + "/requirements", R"({"text": "  "})").status, 422);
  EXPECT_EQ(post(buyer_, "/orders/" + id + "/pay", "{}").status, 422);
  EXPECT_EQ(get(buyer_, "/orders?role=admin").status, 422);
  EXPECT_EQ(get(buyer_, "/orders?status=lost").status, 422);
}

TEST_F(story, an_edit_of_an_older_revision_is_stale) {
  auto id = paid_order();
  auto path = "/orders/" + id + "/requirements";
  EXPECT_EQ(post(buyer_, path, R"({"text": "x"})", {{"If-Match", "\"1\""}}).status, 412);
  EXPECT_EQ(post(buyer_, path, R"({"text": "x"})", {{"If-Match", "abc"}}).status, 400);
  EXPECT_EQ(post(buyer_, path, R"({"text": "x"})", {{"If-Match", "\"2\""}}).status, 200);
}

TEST_F(story, a_repeated_step_changes_nothing_and_tells_today_s_state) {
  auto id = order_in_progress();
  auto path = "/orders/" + id + "/deliver";
  fields key{{"Idempotency-Key", "k1"}};
  EXPECT_EQ(post(seller_, path, R"({"message": "one"})", key).status, 200);
  auto again = post(seller_, path, R"({"message": "one"})", key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body.at("deliveries").as_array().size(), 1u);
  auto other = post(seller_, path, R"({"message": "two"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.code(), "idempotency_mismatch");
  EXPECT_EQ(post(seller_, path, R"({"message": "one"})", {{"Idempotency-Key", "a b"}}).status, 400);
  // Without the key it is another delivery, for which it is too late.
  EXPECT_EQ(post(seller_, path, R"({"message": "one"})").code(), "wrong_state");
}

TEST_F(story, lists_are_each_side_s_own_newest_first_in_pages) {
  publish_gig(gig_);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(place());
    clock_.advance(std::chrono::milliseconds(5));
  }
  pay(ids[2]);
  std::vector<std::string> seen;
  std::string target = "/orders?limit=2";
  for (int pages = 0; pages < 3; ++pages) {
    auto page = get(buyer_, target);
    ASSERT_EQ(page.status, 200) << page.code();
    for (const auto& o : page.body.at("items").as_array()) {
      seen.push_back(text_of(o.at("id")));
    }
    if (page.body.at("next_cursor").is_null()) break;
    auto cursor = text_of(page.body.at("next_cursor"));
    EXPECT_EQ(get(seller_, "/orders?role=seller&limit=2&cursor=" + cursor).code(), "bad_cursor");
    EXPECT_EQ(get(buyer_, "/orders?status=cancelled&cursor=" + cursor).code(), "bad_cursor");
    EXPECT_EQ(get(stranger_, "/orders?limit=2&cursor=" + cursor).code(), "bad_cursor");
    target = "/orders?limit=2&cursor=" + cursor;
  }
  std::ranges::reverse(ids);
  EXPECT_EQ(seen, ids);

  EXPECT_EQ(get(seller_, "/orders?role=seller").body.at("items").as_array().size(), 5u);
  EXPECT_EQ(get(seller_, "/orders?role=buyer").body.at("items").as_array().size(), 0u);
  auto paid = get(seller_, "/orders?role=seller&status=awaiting_requirements");
  ASSERT_EQ(paid.body.at("items").as_array().size(), 1u);
  EXPECT_EQ(paid.body.at("items").at(0).at("id"), boost::json::string(ids[2]));
  EXPECT_EQ(get(stranger_, "/orders").body.at("items").as_array().size(), 0u);
}

TEST_F(story, a_published_review_is_marked_once_and_raises_nothing) {
  auto id = delivered_order();
  post(buyer_, "/orders/" + id + "/accept");
  raised();
  boost::json::object data{{"review", {{"id", "r1"}, {"order_id", id}, {"rating", 5}}},
                           {"side", "buyer"}};
  ASSERT_TRUE(tell("reviews.review.published", 1, data).has_value());
  ASSERT_TRUE(tell("reviews.review.published", 1, data).has_value());
  auto o = get(seller_, "/orders/" + id);
  EXPECT_EQ(o.body.at("reviews").at("buyer").at("rating"), 5);
  EXPECT_TRUE(o.body.at("reviews").at("seller").is_null());
  EXPECT_TRUE(raised_types().empty());
  data["review"].as_object()["order_id"] = "unknown";
  EXPECT_TRUE(tell("reviews.review.published", 2, data).has_value());
}

TEST_F(story, earnings_come_in_pages_and_add_up) {
  publish_gig(gig_);
  for (int i = 0; i < 3; ++i) {
    auto id = delivered_order();
    ASSERT_EQ(post(buyer_, "/orders/" + id + "/accept").status, 200);
    clock_.advance(std::chrono::milliseconds(5));
  }
  auto page = get(seller_, "/earnings?limit=2");
  EXPECT_EQ(page.body.at("available").at("amount"), 24'000);
  EXPECT_EQ(page.body.at("entries").at("items").as_array().size(), 2u);
  auto cursor = text_of(page.body.at("entries").at("next_cursor"));
  page = get(seller_, "/earnings?limit=2&cursor=" + cursor);
  EXPECT_EQ(page.body.at("entries").at("items").as_array().size(), 1u);
  EXPECT_TRUE(page.body.at("entries").at("next_cursor").is_null());
}

}  // namespace
}  // namespace oficio::orders
