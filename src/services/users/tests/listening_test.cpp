#include <thread>

#include "platform/base/uuid.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;

class listening : public town {
 protected:
  listening() : bruno_(somebody("bruno")), sara_(town::seller("sara")) {}

  json::object order(const std::string& id = "o1") const {
    return {{"order",
             {{"id", id},
              {"buyer", {{"id", bruno_.sub}, {"username", "bruno"}, {"avatar", nullptr}}},
              {"seller", {{"id", sara_.sub}, {"username", "sara"}, {"avatar", nullptr}}},
              {"gig_id", "g1"},
              {"gig_title", "An owl"},
              {"price", {{"amount", 5000}, {"currency", "USD"}}},
              {"total", {{"amount", 5475}, {"currency", "USD"}}},
              {"completed_at", "2026-03-01T00:00:00.000Z"},
              {"cancellation", nullptr},
              {"timeline", {{{"type", "placed"}, {"at", "2026-02-01T00:00:00.000Z"}}}}}}};
  }

  json::object review(std::int64_t version, std::int64_t count,
                      const std::string& side = "buyer") const {
    const auto& from = side == "buyer" ? bruno_ : sara_;
    const auto& about = side == "buyer" ? sara_ : bruno_;
    return {{"review",
             {{"id", "r1"},
              {"order_id", "o1"},
              {"gig_id", "g1"},
              {"rating", 5},
              {"text", "Good"},
              {"from", {{"id", from.sub}, {"username", from.username}}},
              {"about", {{"id", about.sub}, {"username", about.username}}}}},
            {"side", side},
            {"gig_rating", nullptr},
            {"about_rating",
             {{"id", "seller:" + about.sub},
              {"version", version},
              {"average", 5.0},
              {"count", count},
              {"histogram", {0, 0, 0, 0, count}}}}};
  }

  json::value feed(const identity& who) { return get("/users/me/activity", who).body; }
  std::size_t entries(const identity& who) { return feed(who).at("items").as_array().size(); }

  identity bruno_;
  identity sara_;
};

TEST_F(listening, tells_the_right_person_of_an_order_once) {
  ASSERT_TRUE(tell("orders.order.paid", order()));
  ASSERT_TRUE(tell_again());
  auto page = feed(sara_);
  ASSERT_EQ(page.at("items").as_array().size(), 1U);
  EXPECT_EQ(page.at("unread"), 1);
  auto item = page.at("items").as_array()[0];
  EXPECT_EQ(item.at("kind"), "order.paid");
  EXPECT_EQ(item.at("text"), "bruno ordered “An owl” for 50.00 USD.");
  EXPECT_EQ(item.at("link"), "/orders/o1");
  EXPECT_EQ(item.at("read"), false);
  page = feed(bruno_);
  ASSERT_EQ(page.at("items").as_array().size(), 1U);
  EXPECT_EQ(page.at("items").as_array()[0].at("text"),
            "You paid 54.75 USD for “An owl”. Now tell sara what the work needs.");
}

TEST_F(listening, raises_the_notice_in_the_same_write) {
  ASSERT_TRUE(tell("orders.order.delivered", order()));
  ASSERT_TRUE(tell_again());
  auto told = raised("users.notice.created");
  ASSERT_EQ(told.size(), 1U);
  const auto& data = told[0].data;
  EXPECT_EQ(data.at("concerns"), (json::value{bruno_.sub}));
  EXPECT_EQ(data.at("email"), "bruno@example.com");
  EXPECT_EQ(data.at("username"), "bruno");
  EXPECT_EQ(data.at("locale"), "en");
  EXPECT_EQ(data.at("channels").at("email"), true);
  EXPECT_EQ(data.at("facts").at("order_id"), "o1");
  EXPECT_EQ(data.at("facts").at("title"), "An owl");
  EXPECT_EQ(data.at("notice").at("id"), feed(bruno_).at("items").as_array()[0].at("id"));
  EXPECT_EQ(data.at("notice").at("account_id"), json::value(bruno_.sub));
  EXPECT_TRUE(data.contains("not_after"));
}

TEST_F(listening, speaks_the_persons_language) {
  ASSERT_EQ(ask(method::patch, "/users/me", sara_, R"({"locale": "es"})").status, 200);
  ASSERT_TRUE(tell("orders.order.paid", order()));
  EXPECT_EQ(feed(sara_).at("items").as_array()[0].at("text"),
            "bruno ha pedido «An owl» por 50,00 USD.");
}

TEST_F(listening, waits_for_accounts_that_are_not_known_yet) {
  auto late = somebody("late", false);
  auto data = order();
  data["order"].as_object()["seller"] = {{"id", late.sub}, {"username", "late"}};
  auto outcome = tell("orders.order.paid", data);
  ASSERT_TRUE(outcome.has_error());
  EXPECT_EQ(outcome.error().code, "account_unknown");
  get("/users/me", late);  // made from the Identity: it has no address yet
  EXPECT_TRUE(tell_again().has_error());
  auto waiting = last_;
  ASSERT_TRUE(tell_account(late, 1, "late@example.com"));
  last_ = waiting;
  EXPECT_TRUE(tell_again());
  EXPECT_EQ(entries(late), 1U);
}

TEST_F(listening, counts_completed_orders_each_once) {
  ASSERT_TRUE(tell("orders.order.completed", order("o1")));
  ASSERT_TRUE(tell_again());
  ASSERT_TRUE(tell("orders.order.completed", order("o2")));
  ASSERT_TRUE(tell("orders.order.completed", order("o1"), 9, true));
  EXPECT_EQ(get("/sellers/sara").body.at("completed_orders"), 2);
  auto told = raised("users.seller.updated");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1].data.at("seller").at("completed_orders"), 2);
  EXPECT_EQ(entries(sara_), 2U);
  EXPECT_EQ(entries(bruno_), 2U);
}

TEST_F(listening, takes_newer_ratings_only) {
  EXPECT_EQ(get("/sellers/sara").body.at("rating").at("count"), 0);
  ASSERT_TRUE(tell("reviews.review.published", review(2, 7)));
  ASSERT_TRUE(tell("reviews.review.published", review(1, 6)));
  auto shown = get("/sellers/sara").body.at("rating");
  EXPECT_EQ(shown.at("count"), 7);
  EXPECT_EQ(shown.at("average"), 5.0);
  EXPECT_EQ(shown.at("histogram").as_array()[4], 7);
  EXPECT_EQ(get("/sellers/sara").body.at("revision"), 1);
  EXPECT_EQ(feed(sara_).at("items").as_array()[0].at("text"), "bruno reviewed you: 5 of 5.");
}

TEST_F(listening, takes_no_rating_from_what_a_seller_wrote) {
  ASSERT_TRUE(tell("reviews.review.published", review(5, 9, "seller")));
  EXPECT_EQ(get("/sellers/sara").body.at("rating").at("count"), 0);
  EXPECT_EQ(entries(bruno_), 1U);
}

TEST_F(listening, tells_of_replies_new_shops_and_new_gigs) {
  ASSERT_TRUE(tell("reviews.reply.published", review(1, 1)));
  EXPECT_EQ(feed(bruno_).at("items").as_array()[0].at("text"), "sara replied to your review.");
  EXPECT_EQ(entries(sara_), 0U);
  json::object gig{
      {"gig",
       {{"id", "g1"}, {"seller", {{"id", sara_.sub}, {"username", "sara"}}}, {"title", "Owls"}}}};
  ASSERT_TRUE(tell("gigs.gig.published", gig));
  ASSERT_TRUE(tell("gigs.gig.published", gig, 4));  // paused, and published again
  auto item = feed(sara_).at("items").as_array().at(0);
  EXPECT_EQ(entries(sara_), 1U);
  EXPECT_EQ(item.at("link"), "/gigs/g1");
  EXPECT_EQ(item.at("text"), "“Owls” is published: buyers can find it now.");
  auto opened = raised("users.seller.created").back();
  ASSERT_TRUE(tell(opened.type, opened.data));
  EXPECT_EQ(feed(sara_).at("items").as_array()[0].at("kind"), "gig.shop_opened");
}

TEST_F(listening, makes_no_news_of_what_is_republished) {
  ASSERT_TRUE(tell("orders.order.paid", order(), 1, true));
  ASSERT_TRUE(tell("reviews.review.published", review(1, 1), 1, true));
  EXPECT_EQ(entries(sara_), 0U);
  EXPECT_TRUE(raised("users.notice.created").empty());
  EXPECT_EQ(get("/sellers/sara").body.at("rating").at("count"), 1);
}

TEST_F(listening, refuses_events_that_say_nothing) {
  for (auto type : {"auth.account.updated", "users.profile.updated", "orders.order.paid",
                    "reviews.review.published", "reviews.reply.published", "users.seller.created",
                    "gigs.gig.published", "chat.message.sent", "chat.conversation.read",
                    "chat.messages.unread", "chat.offer.made"}) {
    EXPECT_EQ(tell(type, {}).error().code, "malformed_event") << type;
  }
}

TEST_F(listening, is_late_for_nothing_with_older_account_news) {
  ASSERT_TRUE(tell_account(bruno_, 5, "new@example.com"));
  ASSERT_TRUE(tell_account(bruno_, 4, "old@example.com"));
  EXPECT_EQ(get("/users/me", bruno_).body.at("email"), "new@example.com");
}

}  // namespace
}  // namespace oficio::users
