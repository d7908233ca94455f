#include "services/users/store/profiles.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;

TEST_F(town, makes_a_seller_and_tells_of_it) {
  auto ana = somebody("Ana");
  auto made = ask(method::post, "/sellers", ana, seller_form);
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("id"), json::value(ana.sub));
  EXPECT_EQ(made.body.at("country"), "ES");
  EXPECT_EQ(made.body.at("member_since"), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(made.body.at("completed_orders"), 0);
  EXPECT_EQ(made.headers.get("ETag"), "\"1\"");
  auto told = raised("users.seller.created");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].subject, ana.sub);
  EXPECT_EQ(told[0].data.at("seller"), made.body);
  EXPECT_EQ(get("/sellers/ana").body, made.body);
  EXPECT_EQ(get("/sellers/me", ana).body, made.body);
}

TEST_F(town, makes_nobody_a_seller_twice) {
  auto ana = seller("ana");
  auto again = ask(method::post, "/sellers", ana, seller_form);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "already_seller");
  EXPECT_EQ(raised("users.seller.created").size(), 1U);
}

TEST_F(town, answers_a_repeated_request_as_before) {
  auto ana = somebody("ana");
  header_list key{{"Idempotency-Key", "k-1"}};
  EXPECT_EQ(ask(method::post, "/sellers", ana, seller_form, key).status, 201);
  EXPECT_EQ(ask(method::post, "/sellers", ana, seller_form, key).status, 201);
  std::string other = seller_form;
  other.replace(other.find("twelve"), 6, "thirty");
  EXPECT_EQ(ask(method::post, "/sellers", ana, other, key).code(), "idempotency_mismatch");
  EXPECT_EQ(ask(method::post, "/sellers", ana, other, {{"Idempotency-Key", "k-2"}}).code(),
            "already_seller");
  EXPECT_EQ(ask(method::post, "/sellers", ana, other, {{"Idempotency-Key", "k 2"}}).status, 400);
}

TEST_F(town, makes_a_seller_of_somebody_of_whom_auth_has_not_told) {
  auto ana = somebody("ana", false);
  EXPECT_EQ(ask(method::post, "/sellers", ana, seller_form).status, 201);
}

TEST_F(town, tells_all_that_is_wrong_with_a_seller) {
  auto ana = somebody("ana");
  auto bad = ask(method::post, "/sellers", ana,
                 R"({"headline": "x", "description": "y", "languages": [], "colour": "blue"})");
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(bad.pointers(), (std::vector<std::string>{"/colour", "/description", "/headline",
                                                      "/languages", "/skills"}));
  EXPECT_EQ(get("/sellers/me", ana).status, 404);
  EXPECT_EQ(ask(method::post, "/sellers", ana, "{").code(), "malformed_json");
}

TEST_F(town, edits_a_seller_by_revision) {
  auto ana = seller("ana");
  auto edited = ask(method::patch, "/sellers/me", ana, R"({"headline": "Owls only"})",
                    {{"If-Match", "\"1\""}});
  ASSERT_EQ(edited.status, 200);
  EXPECT_EQ(edited.body.at("revision"), 2);
  EXPECT_EQ(edited.headers.get("ETag"), "\"2\"");
  EXPECT_EQ(get("/sellers/ana").body.at("headline"), "Owls only");
  EXPECT_EQ(
      ask(method::patch, "/sellers/me", ana, R"({"headline": "Late one"})", {{"If-Match", "1"}})
          .status,
      412);
  EXPECT_EQ(ask(method::patch, "/sellers/me", ana, R"({"headline": "x"})").status, 422);
  auto told = raised("users.seller.updated");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].data.at("seller"), edited.body);
}

TEST_F(town, has_no_seller_for_who_is_none) {
  auto bob = somebody("bob");
  EXPECT_EQ(get("/sellers/me", bob).status, 404);
  EXPECT_EQ(get("/sellers/bob").status, 404);
  EXPECT_EQ(ask(method::patch, "/sellers/me", bob, R"({"headline": "I am one"})").status, 404);
}

TEST_F(town, shows_sellers_with_the_persons_picture_and_country) {
  auto ana = seller("ana");
  EXPECT_EQ(get("/sellers/ana").body.at("avatar"), nullptr);
  auto told = raised("users.profile.updated").back();
  auto wears = [](profile& p) -> result<bool> {
    p.avatar = "avatar_1";
    p.country = "PT";
    return true;
  };
  profile_store profiles(*database_, clock_);
  auto ctx = context::for_system();
  ASSERT_TRUE(run(profiles.update(ctx, ana.sub, ana, wears)));
  ASSERT_TRUE(tell(told.type, told.data, told.version()));
  auto shown = get("/sellers/ana").body;
  EXPECT_EQ(shown.at("avatar"), "avatar_1");
  EXPECT_EQ(shown.at("country"), "PT");
  EXPECT_EQ(shown.at("revision"), 1);
  EXPECT_EQ(raised("users.seller.updated").size(), 1U);
  ASSERT_TRUE(tell_again());
  EXPECT_EQ(raised("users.seller.updated").size(), 1U);
}

TEST_F(town, does_not_mind_profiles_of_who_sells_nothing) {
  auto bob = somebody("bob");
  auto told = raised("users.profile.updated").back();
  EXPECT_TRUE(tell(told.type, told.data, told.version()));
}

}  // namespace
}  // namespace oficio::users
