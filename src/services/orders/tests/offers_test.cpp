// Ordering what a seller offered in chat.
#include <future>

#include "market.hpp"

namespace oficio::orders {
namespace {

using testing_help::id_made_at;
using testing_help::text_of;
using namespace std::chrono_literals;

class offered : public testing_help::market {
 protected:
  void tell_offer(const std::string& what, std::int64_t version, const std::string& status) {
    boost::json::object offer{{"id", offer_},
                              {"gig_id", gig_},
                              {"seller_id", "seller-id"},
                              {"buyer_id", "buyer-id"},
                              {"title", "A logo and a flag"},
                              {"description", "Both in blue"},
                              {"price", {{"amount", 7'000}, {"currency", currency_}}},
                              {"delivery_days", 5},
                              {"revisions", 1},
                              {"expires_at", format_time(expires_)},
                              {"status", status}};
    boost::json::object data{{"offer", std::move(offer)},
                             {"conversation_id", "c1"},
                             {"seller", {{"id", "seller-id"}, {"username", "sol"}}},
                             {"buyer", {{"id", "buyer-id"}, {"username", "bea"}}}};
    ASSERT_TRUE(tell("chat.offer." + what, version, std::move(data)).has_value());
  }
  reply order(const identity& who, std::int64_t total = 7'585, fields headers = {}) {
    return post(who, "/orders", wish(total), std::move(headers));
  }
  std::string wish(std::int64_t total = 7'585) const {
    return R"({"offer_id": ")" + offer_ + R"(", "expected_total": )" + std::to_string(total) + "}";
  }

  std::string offer_ = "0190a0a0-0000-7000-8000-00000000aaaa";
  std::string currency_ = "USD";
  time_point expires_ = clock_.now() + 1h;
};

TEST_F(offered, becomes_an_order_on_its_own_terms) {
  tell_offer("made", 1, "open");
  auto made = order(buyer_);
  ASSERT_EQ(made.status, 201) << made.code();
  EXPECT_EQ(made.body.at("offer_id"), boost::json::string(offer_));
  EXPECT_EQ(made.body.at("gig_id"), boost::json::string(gig_));
  EXPECT_EQ(made.body.at("gig_title"), "A logo and a flag");
  EXPECT_EQ(made.body.at("package"), "custom");
  EXPECT_EQ(made.body.at("price").at("amount"), 7'000);
  EXPECT_EQ(made.body.at("fee").at("amount"), 585);
  EXPECT_EQ(made.body.at("revisions_left"), 1);
  EXPECT_EQ(made.body.at("seller").at("username"), "sol");
  auto told = raised();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].data.at("order").at("offer_id"), boost::json::string(offer_));
  EXPECT_EQ(pay(made.id()).status, 200);
  auto begun = post(buyer_, "/orders/" + made.id() + "/requirements", R"({"text": "Blue"})");
  EXPECT_EQ(parse_time(text_of(begun.body.at("due_at"))).value(),
            parse_time(text_of(begun.body.at("requirements").at("created_at"))).value() +
                std::chrono::days(5));
}

TEST_F(offered, is_ordered_once_whatever_becomes_of_the_order) {
  tell_offer("made", 1, "open");
  auto made = order(buyer_, 7'585, {{"Idempotency-Key", "k1"}});
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(order(buyer_).code(), "offer_closed");
  EXPECT_EQ(order(buyer_, 7'585, {{"Idempotency-Key", "k2"}}).status, 409);
  EXPECT_EQ(order(buyer_, 7'585, {{"Idempotency-Key", "k1"}}).status, 200);
  EXPECT_EQ(post(buyer_, "/orders/" + made.id() + "/cancel", R"({"reason": "no"})").status, 200);
  EXPECT_EQ(order(buyer_).code(), "offer_closed");
  EXPECT_EQ(get(buyer_, "/orders").body.at("items").as_array().size(), 1u);
}

TEST_F(offered, ordered_twice_at_once_becomes_one_order) {
  tell_offer("made", 1, "open");
  std::vector<std::future<reply>> racing;
  for (int i = 0; i < 8; ++i) {
    racing.push_back(send(buyer_, http::method::post, "/orders", wish()));
  }
  int created = 0;
  for (auto& r : racing) {
    auto answered = r.get();
    created += answered.status == 201;
    if (answered.status != 201) EXPECT_EQ(answered.code(), "offer_closed");
  }
  EXPECT_EQ(created, 1);
  EXPECT_EQ(raised_types(), std::vector<std::string>{"orders.order.placed"});
}

TEST_F(offered, is_nobody_else_s_to_order) {
  tell_offer("made", 1, "open");
  EXPECT_EQ(order(stranger_).status, 404);
  EXPECT_EQ(order(seller_).code(), "own_offer");
  EXPECT_EQ(order({}).status, 401);
}

TEST_F(offered, that_is_closed_is_refused) {
  tell_offer("made", 1, "open");
  tell_offer("declined", 2, "declined");
  EXPECT_EQ(order(buyer_).code(), "offer_closed");
  tell_offer("made", 1, "open");  // told late: changes nothing
  EXPECT_EQ(order(buyer_).code(), "offer_closed");
  EXPECT_EQ(order(stranger_).status, 404);
}

TEST_F(offered, expires_by_our_own_clock) {
  tell_offer("made", 1, "open");
  clock_.advance(1h);
  auto refused = order(buyer_);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "offer_closed");
}

TEST_F(offered, with_another_total_or_currency_is_told_so) {
  tell_offer("made", 1, "open");
  auto refused = order(buyer_, 7'000);
  EXPECT_EQ(refused.code(), "offer_changed");
  EXPECT_NE(text_of(refused.body.at("detail")).find("7585"), std::string::npos);
  offer_ = "0190a0a0-0000-7000-8000-00000000bbbb";
  currency_ = "EUR";
  tell_offer("made", 1, "open");
  EXPECT_EQ(order(buyer_).code(), "currency_mismatch");
}

TEST_F(offered, cannot_be_mixed_with_a_package) {
  auto refused = post(buyer_, "/orders",
                      R"({"offer_id": "x", "gig_id": "y", "package": "basic", "quantity": 2,
                          "gig_revision": 1, "expected_total": 1})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.body.at("errors").as_array().size(), 4u);
}

TEST_F(offered, that_is_new_is_waited_for) {
  offer_ = id_made_at(clock_.now());
  auto asked = send(buyer_, http::method::post, "/orders", wish());
  EXPECT_EQ(asked.wait_for(100ms), std::future_status::timeout);
  tell_offer("made", 1, "open");
  EXPECT_EQ(asked.get().status, 201);
}

TEST_F(offered, that_makes_no_sense_is_kept_from_the_books) {
  boost::json::object data{{"offer", {{"id", offer_}, {"price", {{"amount", -5}}}}}};
  EXPECT_TRUE(tell("chat.offer.made", 1, data).has_error());
  EXPECT_EQ(order(buyer_).status, 404);
}

}  // namespace
}  // namespace oficio::orders
