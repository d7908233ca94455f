#include "market.hpp"
#include "picture_samples.hpp"
#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

namespace samples = pictures::samples;
using http::method;
using testing_help::market;
using namespace std::chrono_literals;

awaitable<http::response> handled(const http::router& routes, http::request& r) {
  co_return co_await routes.handle(r);
}

class order_files : public market {
 protected:
  http::response raw(method m, const std::string& target, const identity& who,
                     const std::string& body = "") {
    http::request r;
    r.method = m;
    EXPECT_TRUE(http::parse_target(target, r));
    r.body = body;
    if (!body.empty()) r.headers.set("Content-Type", samples::form_type);
    r.ctx.who = who;
    return run(handled(service_.routes, r));
  }

  std::string upload(const identity& who, const std::string& bytes = "PK\x03\x04 the work",
                     const std::string& name = "logo.zip") {
    auto got = raw(method::post, "/files?for=order", who, samples::form_with(bytes, name));
    EXPECT_EQ(got.status, 201) << got.body;
    return got.status == 201 ? std::string(json::parse(got.body)->at("id").as_string()) : "";
  }

  static std::string said(const std::string& what, const std::vector<std::string>& files) {
    json::object body{{what, "Look"}, {"files", json::to_value(files)}};
    return json::to_text(json::value(std::move(body)));
  }
  reply require(const std::string& order, const identity& who,
                const std::vector<std::string>& files) {
    return post(who, "/orders/" + order + "/requirements", said("text", files));
  }
  reply deliver(const std::string& order, const identity& who,
                const std::vector<std::string>& files, fields headers = {}) {
    return post(who, "/orders/" + order + "/deliver", said("message", files), std::move(headers));
  }

  int status_for(const std::string& id, const identity& who) {
    return raw(method::get, "/files/" + id, who).status;
  }

  static std::string violation_of(const reply& r) {
    const auto& first = r.body.at("errors").at(0);
    return testing_help::text_of(first.at("pointer")) + " " +
           testing_help::text_of(first.at("code"));
  }

  void days_pass(std::chrono::hours time = 49h) {
    clock_.advance(time);
    auto ctx = context::for_system();
    for (auto& job : service_.timers) {
      if (job.name == "orders files") {
        EXPECT_TRUE(run(job.run(ctx)).has_value());
      }
    }
  }
};

TEST_F(order_files, requirements_and_deliveries_bring_files_for_both_and_nobody_else) {
  auto order = paid_order();
  auto brief = upload(buyer_, "%PDF-1.7 brief", "brief.pdf");
  EXPECT_EQ(status_for(brief, seller_), 404);  // not brought yet
  auto required = require(order, buyer_, {brief});
  ASSERT_EQ(required.status, 200) << required.code();
  EXPECT_EQ(required.body.at("requirements").at("files"), json::array{brief});
  auto first = upload(seller_);
  auto delivered = deliver(order, seller_, {first});
  ASSERT_EQ(delivered.status, 200) << delivered.code();
  EXPECT_EQ(delivered.body.at("deliveries").at(0).at("files"), json::array{first});
  for (const auto& id : {brief, first}) {
    EXPECT_EQ(status_for(id, buyer_), 200);
    EXPECT_EQ(status_for(id, seller_), 200);
    EXPECT_EQ(status_for(id, stranger_), 404);
    EXPECT_EQ(status_for(id, {}), 401);
  }
  auto got = raw(method::get, "/files/" + first, buyer_);
  EXPECT_EQ(got.body, "PK\x03\x04 the work");
  EXPECT_EQ(got.headers.get("Content-Disposition"), "attachment; filename=\"logo.zip\"");
  days_pass();
  EXPECT_EQ(status_for(brief, seller_), 200);
  EXPECT_EQ(status_for(first, buyer_), 200);
}

TEST_F(order_files, pictures_tell_nothing_of_where_they_were_taken) {
  auto order = paid_order();
  auto picture = samples::make(300, 200, ".jpg");
  ASSERT_TRUE(samples::look(picture).has_metadata);
  auto id = upload(buyer_, picture, "shop.jpg");
  ASSERT_EQ(require(order, buyer_, {id}).status, 200);
  auto got = raw(method::get, "/files/" + id, seller_);
  EXPECT_FALSE(samples::look(got.body).has_metadata);
  EXPECT_EQ(samples::pixels_of(got.body), samples::pixels_of(picture));
}

TEST_F(order_files, each_delivery_keeps_its_own) {
  auto order = order_in_progress();
  auto first = upload(seller_);
  auto second = upload(seller_);
  ASSERT_EQ(deliver(order, seller_, {first}).status, 200);
  ASSERT_EQ(post(buyer_, "/orders/" + order + "/revision", R"({"message": "Bluer"})").status, 200);
  ASSERT_EQ(deliver(order, seller_, {second}).status, 200);
  days_pass();
  EXPECT_EQ(status_for(first, buyer_), 200);
  EXPECT_EQ(status_for(second, buyer_), 200);
}

TEST_F(order_files, a_delivery_that_is_repeated_has_its_files_once) {
  auto order = order_in_progress();
  auto id = upload(seller_);
  fields key{{"Idempotency-Key", "k1"}};
  ASSERT_EQ(deliver(order, seller_, {id}, key).status, 200);
  auto again = deliver(order, seller_, {id}, key);
  EXPECT_EQ(again.status, 200) << again.code();
  EXPECT_EQ(again.body.at("deliveries").as_array().size(), 1u);
}

TEST_F(order_files, must_be_ones_own_and_used_once) {
  auto order = paid_order();
  auto brief = upload(buyer_);
  auto foreign = upload(seller_);
  EXPECT_EQ(violation_of(require(order, buyer_, {brief, foreign})), "/files/1 unknown_file");
  EXPECT_EQ(violation_of(require(order, buyer_, {"order_none"})), "/files/0 unknown_file");
  EXPECT_EQ(violation_of(require(order, buyer_, std::vector<std::string>(11, brief))),
            "/files too_many");
  ASSERT_EQ(require(order, buyer_, {brief}).status, 200);
  auto other = paid_order();
  EXPECT_EQ(violation_of(require(other, buyer_, {brief})), "/files/0 bound_elsewhere");
}

TEST_F(order_files, a_step_that_fails_binds_none) {
  auto order = paid_order();
  auto work = upload(seller_);
  EXPECT_EQ(deliver(order, seller_, {work}).status, 409);  // too early
  EXPECT_EQ(deliver(order, stranger_, {upload(stranger_)}).status, 404);
  EXPECT_EQ(status_for(work, buyer_), 404);
  ASSERT_EQ(require(order, buyer_, {}).status, 200);
  EXPECT_EQ(deliver(order, seller_, {work}).status, 200);
}

TEST_F(order_files, what_is_never_brought_goes_after_a_day) {
  auto id = upload(seller_);
  days_pass(25h);
  EXPECT_EQ(status_for(id, seller_), 404);
}

TEST_F(order_files, orders_show_the_faces_that_people_have_now) {
  auto order = paid_order();
  EXPECT_EQ(get(buyer_, "/orders/" + order).body.at("buyer").at("avatar"), nullptr);
  auto wears = [&](const identity& who, std::int64_t version, json::value avatar) {
    json::object profile{{"id", who.sub}, {"username", who.username}, {"avatar", avatar}};
    EXPECT_TRUE(tell("users.profile.updated", version, {{"profile", std::move(profile)}}));
  };
  wears(buyer_, 2, "avatar_1");
  wears(seller_, 1, "avatar_2");
  wears(buyer_, 1, "avatar_0");  // late
  auto shown = get(seller_, "/orders/" + order).body;
  EXPECT_EQ(shown.at("buyer").at("avatar"), "avatar_1");
  EXPECT_EQ(shown.at("seller").at("avatar"), "avatar_2");
  auto listed = get(buyer_, "/orders").body.at("items").at(0);
  EXPECT_EQ(listed.at("buyer").at("avatar"), "avatar_1");
  wears(buyer_, 3, nullptr);
  EXPECT_EQ(get(buyer_, "/orders/" + order).body.at("buyer").at("avatar"), nullptr);
}

}  // namespace
}  // namespace oficio::orders
