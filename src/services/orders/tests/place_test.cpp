#include <future>
#include <set>

#include "market.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::orders {
namespace {

using testing_help::id_made_at;
using testing_help::text_of;

using namespace std::chrono_literals;

class placing : public testing_help::market {
 protected:
  std::string wish(const std::string& gig, std::int64_t total, const std::string& more = "") {
    return R"({"gig_id": ")" + gig + R"(", "package": "basic", "expected_total": )" +
           std::to_string(total) + more + "}";
  }
};

TEST_F(placing, prices_by_quantity_and_package) {
  publish_gig(gig_);
  auto three = post(buyer_, "/orders", wish(gig_, 31'650, R"(, "quantity": 3)"));
  ASSERT_EQ(three.status, 201) << three.code();
  EXPECT_EQ(three.body.at("price").at("amount"), 30'000);
  EXPECT_EQ(three.body.at("quantity"), 3);
  EXPECT_EQ(three.headers.get("Location"), "/orders/" + three.id());
  auto premium =
      post(buyer_, "/orders",
           R"({"gig_id": ")" + gig_ + R"(", "package": "premium", "expected_total": 26375})");
  ASSERT_EQ(premium.status, 201);
  EXPECT_EQ(premium.body.at("revisions_left"), 2);
}

TEST_F(placing, another_total_is_told_the_right_one) {
  publish_gig(gig_);
  auto refused = post(buyer_, "/orders", wish(gig_, 10'000));
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "gig_changed");
  EXPECT_NE(text_of(refused.body.at("detail")).find("10550"), std::string::npos);
}

TEST_F(placing, what_cannot_be_ordered_is_refused) {
  publish_gig(gig_);
  EXPECT_EQ(post(seller_, "/orders", wish(gig_, 10'550)).code(), "own_gig");
  auto package = post(buyer_, "/orders",
                      R"({"gig_id": ")" + gig_ + R"(", "package": "gold", "expected_total": 1})");
  EXPECT_EQ(package.status, 422);
  EXPECT_EQ(package.code(), "unknown_package");
  EXPECT_EQ(post(buyer_, "/orders", wish("0190a0a0-0000-7000-8000-00000000ffff", 1)).status, 404);
  publish_gig(gig_, 2, 10'000, false);
  EXPECT_EQ(post(buyer_, "/orders", wish(gig_, 10'550)).status, 404);
  publish_gig(gig_, 3);
  EXPECT_EQ(post(buyer_, "/orders", wish(gig_, 10'550)).status, 201);
  boost::json::object gone{{"id", gig_}, {"seller", {{"id", "seller-id"}, {"username", "sol"}}}};
  ASSERT_TRUE(tell("gigs.gig.removed", 4, {{"gig", gone}}).has_value());
  EXPECT_EQ(post(buyer_, "/orders", wish(gig_, 10'550)).status, 404);
}

TEST_F(placing, an_older_event_does_not_bring_old_terms_back) {
  publish_gig(gig_, 5, 20'000);
  publish_gig(gig_, 2, 10'000);
  EXPECT_EQ(post(buyer_, "/orders", wish(gig_, 10'550)).code(), "gig_changed");
  EXPECT_EQ(post(buyer_, "/orders", wish(gig_, 21'100)).status, 201);
}

TEST_F(placing, waits_for_the_event_of_a_gig_that_is_new) {
  auto fresh = id_made_at(clock_.now());
  auto asked = send(buyer_, http::method::post, "/orders", wish(fresh, 10'550));
  EXPECT_EQ(asked.wait_for(100ms), std::future_status::timeout);
  publish_gig(fresh);
  EXPECT_EQ(asked.get().status, 201);
}

TEST_F(placing, does_not_wait_for_ids_that_are_old_or_invented) {
  for (auto age : {-1h, 1h}) {
    auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(post(buyer_, "/orders", wish(id_made_at(clock_.now() - age), 1)).status, 404);
    EXPECT_LT(std::chrono::steady_clock::now() - before, 800ms);
  }
}

TEST_F(placing, waits_for_the_revision_that_the_buyer_saw) {
  publish_gig(gig_, 1, 10'000);
  auto asked =
      send(buyer_, http::method::post, "/orders", wish(gig_, 21'100, R"(, "gig_revision": 2)"));
  EXPECT_EQ(asked.wait_for(100ms), std::future_status::timeout);
  publish_gig(gig_, 2, 20'000);
  EXPECT_EQ(asked.get().status, 201);
  auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(post(buyer_, "/orders", wish(gig_, 21'100, R"(, "gig_revision": 9)")).code(),
            "gig_changed");
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST_F(placing, a_repeated_request_finds_its_order) {
  publish_gig(gig_);
  fields key{{"Idempotency-Key", "k1"}};
  auto first = post(buyer_, "/orders", wish(gig_, 10'550), key);
  ASSERT_EQ(first.status, 201);
  pay(first.id());
  auto again = post(buyer_, "/orders", wish(gig_, 10'550), key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.id(), first.id());
  EXPECT_EQ(again.body.at("status"), "awaiting_requirements");
  auto other = post(buyer_, "/orders", wish(gig_, 31'650, R"(, "quantity": 3)"), key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.code(), "idempotency_mismatch");
  // Somebody else's key is another key.
  EXPECT_EQ(post(stranger_, "/orders", wish(gig_, 10'550), key).status, 201);
}

TEST_F(placing, racing_requests_with_one_key_make_one_order) {
  publish_gig(gig_);
  std::vector<std::future<reply>> racing;
  for (int i = 0; i < 12; ++i) {
    racing.push_back(send(buyer_, http::method::post, "/orders", wish(gig_, 10'550),
                          {{"Idempotency-Key", "k1"}}));
  }
  std::set<std::string> ids;
  int created = 0;
  for (auto& r : racing) {
    auto made = r.get();
    ASSERT_TRUE(made.status == 201 || made.status == 200) << made.code();
    created += made.status == 201;
    ids.insert(made.id());
  }
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(created, 1);
  EXPECT_EQ(get(buyer_, "/orders").body.at("items").as_array().size(), 1u);
  EXPECT_EQ(raised_types(), std::vector<std::string>{"orders.order.placed"});
}

}  // namespace
}  // namespace oficio::orders
