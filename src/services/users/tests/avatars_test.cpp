#include <algorithm>

#include "picture_samples.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

namespace samples = pictures::samples;
using http::method;

class avatars : public town {
 protected:
  http::response raw(method m, const std::string& target, const identity& who,
                     const std::string& body = "", const header_list& headers = {}) {
    http::request r;
    r.method = m;
    EXPECT_TRUE(http::parse_target(target, r));
    r.body = body;
    for (const auto& [name, value] : headers) r.headers.add(name, value);
    r.ctx.who = who;
    return run(service_.routes.handle(r));
  }

  reply upload(const identity& who, const std::string& bytes, const std::string& name = "me.png") {
    auto got = raw(method::post, "/files?for=avatar", who, samples::form_with(bytes, name),
                   {{"Content-Type", samples::form_type}});
    return {got.status, json::parse(got.body).value(), got.headers};
  }

  std::string uploaded(const identity& who) {
    auto got = upload(who, samples::make(300, 200, ".png"));
    EXPECT_EQ(got.status, 201);
    return got.status == 201 ? std::string(got.body.at("id").as_string()) : "";
  }

  reply wear(const identity& who, const std::string& id) {
    return ask(method::patch, "/users/me", who, R"({"avatar": ")" + id + R"("})");
  }

  result<void> purge() {
    for (auto& job : service_.timers) {
      auto ctx = context::for_system();
      if (job.name == "users files") return run(job.run(ctx));
    }
    return error{errc::internal, "no_timer", "nobody purges"};
  }

  bool is_there(const std::string& id) {
    return raw(method::get, "/files/" + id, {}).status == 200;
  }

  identity ana_ = somebody("ana");
  identity bob_ = somebody("bob");
};

TEST_F(avatars, a_picture_becomes_a_small_square_that_everybody_may_see) {
  auto made = upload(ana_, samples::make(300, 200, ".jpg"), "holiday.jpg");
  ASSERT_EQ(made.status, 201) << json::to_text(made.body);
  EXPECT_EQ(made.body.at("type"), "image/webp");
  EXPECT_EQ(made.body.at("name"), "holiday.webp");
  EXPECT_EQ(made.body.at("width"), 256);
  EXPECT_EQ(made.body.at("height"), 256);
  auto id = std::string(made.body.at("id").as_string());
  EXPECT_TRUE(id.starts_with("avatar_"));
  EXPECT_EQ(made.headers.get("Location"), "/api/v1/files/" + id);
  auto got = raw(method::get, "/files/" + id, {});
  ASSERT_EQ(got.status, 200);
  EXPECT_EQ(got.headers.get("Content-Type"), "image/webp");
  EXPECT_EQ(got.headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(got.headers.get("Content-Security-Policy").starts_with("sandbox"));
  EXPECT_EQ(got.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  auto seen = samples::look(got.body);
  EXPECT_EQ(std::pair(seen.width, seen.height), std::pair(256, 256));
  EXPECT_FALSE(seen.has_metadata);
  EXPECT_EQ(made.body.at("size"), static_cast<std::int64_t>(got.body.size()));
}

TEST_F(avatars, what_is_known_is_not_sent_again) {
  auto id = uploaded(ana_);
  auto tag = std::string(raw(method::get, "/files/" + id, {}).headers.get("ETag"));
  ASSERT_EQ(tag.size(), 34u);
  for (const auto& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    auto got = raw(method::get, "/files/" + id, {}, "", {{"If-None-Match", known}});
    EXPECT_EQ(got.status, 304) << known;
    EXPECT_EQ(got.body, "");
    EXPECT_EQ(got.headers.get("ETag"), tag);
  }
  EXPECT_EQ(raw(method::get, "/files/" + id, {}, "", {{"If-None-Match", "\"other\""}}).status, 200);
  auto head = raw(method::head, "/files/" + id, {});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_NE(head.headers.get("Content-Length"), "0");
}

TEST_F(avatars, it_is_worn_shown_and_told) {
  auto id = uploaded(ana_);
  auto edited = wear(ana_, id);
  ASSERT_EQ(edited.status, 200) << json::to_text(edited.body);
  EXPECT_EQ(edited.body.at("avatar"), json::value(id));
  EXPECT_EQ(get("/users/ana").body.at("avatar"), json::value(id));
  EXPECT_TRUE(std::ranges::any_of(raised("users.profile.updated"), [&](const auto& e) {
    return e.subject == ana_.sub && e.data.at("profile").at("avatar") == json::value(id);
  }));
  clock_.advance(std::chrono::hours(100));
  ASSERT_TRUE(purge());
  EXPECT_TRUE(is_there(id));
}

TEST_F(avatars, one_that_is_dropped_goes_after_a_day) {
  auto first = uploaded(ana_);
  auto second = uploaded(ana_);
  ASSERT_EQ(wear(ana_, first).status, 200);
  ASSERT_EQ(wear(ana_, second).status, 200);
  clock_.advance(std::chrono::hours(25));
  ASSERT_TRUE(purge());
  EXPECT_FALSE(is_there(first));
  EXPECT_TRUE(is_there(second));
  ASSERT_EQ(ask(method::patch, "/users/me", ana_, R"({"avatar": null})").status, 200);
  clock_.advance(std::chrono::hours(25));
  ASSERT_TRUE(purge());
  EXPECT_FALSE(is_there(second));
}

TEST_F(avatars, one_that_is_never_worn_goes_after_a_day) {
  auto id = uploaded(ana_);
  clock_.advance(std::chrono::hours(23));
  ASSERT_TRUE(purge());
  EXPECT_TRUE(is_there(id));
  clock_.advance(std::chrono::hours(2));
  ASSERT_TRUE(purge());
  EXPECT_FALSE(is_there(id));
}

TEST_F(avatars, other_edits_leave_it_alone) {
  auto id = uploaded(ana_);
  ASSERT_EQ(wear(ana_, id).status, 200);
  auto edited = ask(method::patch, "/users/me", ana_, R"({"locale": "es"})");
  EXPECT_EQ(edited.body.at("avatar"), json::value(id));
  clock_.advance(std::chrono::hours(100));
  ASSERT_TRUE(purge());
  EXPECT_TRUE(is_there(id));
}

TEST_F(avatars, only_ones_own_can_be_worn) {
  auto id = uploaded(ana_);
  for (const auto& other :
       {id, std::string("avatar_nothing"), std::string("gig_1"), std::string("f1")}) {
    auto refused = wear(bob_, other);
    EXPECT_EQ(refused.status, 422) << other;
    EXPECT_EQ(refused.pointers(), std::vector<std::string>{"/avatar"});
    EXPECT_EQ(refused.body.at("errors").at(0).at("code"), "unknown_file");
  }
  EXPECT_EQ(get("/users/me", bob_).body.at("avatar"), nullptr);
}

TEST_F(avatars, an_edit_that_fails_binds_nothing) {
  auto id = uploaded(ana_);
  auto stale = ask(method::patch, "/users/me", ana_, R"({"avatar": ")" + id + R"("})",
                   {{"If-Match", "\"9\""}});
  EXPECT_EQ(stale.status, 412);
  clock_.advance(std::chrono::hours(25));
  ASSERT_TRUE(purge());
  EXPECT_FALSE(is_there(id));
}

TEST_F(avatars, its_own_event_settles_what_a_crash_left_behind) {
  auto id = uploaded(ana_);
  ASSERT_EQ(wear(ana_, id).status, 200);
  events::envelope event;
  event.type = "users.profile.updated";
  event.subject = ana_.sub;
  auto queue = std::ranges::find(service_.subscriptions, "users.avatars",
                                 [](const auto& s) { return s.queue.name; });
  ASSERT_NE(queue, service_.subscriptions.end());
  auto ctx = context::for_system();
  EXPECT_TRUE(run(queue->handle(event, ctx)));
  EXPECT_TRUE(run(queue->handle(event, ctx)));
  clock_.advance(std::chrono::hours(100));
  ASSERT_TRUE(purge());
  EXPECT_TRUE(is_there(id));
}

TEST_F(avatars, uploads_are_refused_for_what_is_wrong_with_them) {
  auto picture = samples::make(50, 50, ".png");
  auto code = [&](const std::string& bytes) { return upload(ana_, bytes).code(); };
  EXPECT_EQ(code(""), "validation_failed");
  EXPECT_EQ(code("hello"), "unsupported_file_type");
  EXPECT_EQ(code("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "unsupported_file_type");
  EXPECT_EQ(code("<!doctype html><script>alert(1)</script>"), "unsupported_file_type");
  EXPECT_EQ(code("PK\x03\x04 a zip that says it is a png"), "unsupported_file_type");
  EXPECT_EQ(code("%PDF-1.7"), "unsupported_file_type");
  EXPECT_EQ(code(picture.substr(0, picture.size() / 2)), "broken_picture");
  EXPECT_EQ(code(samples::png_bomb(30'000, 30'000)), "picture_too_large");
  EXPECT_EQ(code("\x89PNG\r\n\x1a\n<script>alert(1)</script>"), "broken_picture");
  EXPECT_EQ(code(picture + std::string(5 * 1024 * 1024, 'x')), "file_too_large");
  EXPECT_EQ(upload({}, picture).status, 401);
  EXPECT_EQ(upload(ana_, picture).status, 201);
}

TEST_F(avatars, what_hides_behind_a_picture_is_drawn_away) {
  auto polyglot = samples::make(50, 50, ".png") + "<html><script>alert(1)</script></html>";
  auto made = upload(ana_, polyglot);
  ASSERT_EQ(made.status, 201);
  auto id = std::string(made.body.at("id").as_string());
  EXPECT_EQ(raw(method::get, "/files/" + id, {}).body.find("script"), std::string::npos);
}

TEST_F(avatars, the_form_must_have_one_file) {
  auto picture = samples::make(50, 50, ".png");
  auto send = [&](const std::string& target, const std::string& body, const std::string& type) {
    auto got = raw(method::post, target, ana_, body, {{"Content-Type", type}});
    return reply{got.status, json::parse(got.body).value(), {}};
  };
  auto form = samples::form_with(picture);
  EXPECT_EQ(send("/files?for=avatar", form, "application/json").status, 415);
  EXPECT_EQ(send("/files?for=avatar", "nonsense", samples::form_type).code(),
            "malformed_multipart");
  EXPECT_EQ(send("/files?for=gig", form, samples::form_type).pointers(),
            std::vector<std::string>{"?for"});
  EXPECT_EQ(send("/files", form, samples::form_type).pointers(), std::vector<std::string>{"?for"});
  EXPECT_EQ(
      send("/files?for=avatar", samples::form_with(picture, "a.png", "picture"), samples::form_type)
          .pointers(),
      std::vector<std::string>{"/picture"});
  EXPECT_EQ(send("/files?for=avatar", "------form7MA4YWxk--", samples::form_type).pointers(),
            std::vector<std::string>{"/file"});
}

TEST_F(avatars, nobody_can_hoard_unused_ones) {
  auto picture = samples::make(20, 20, ".png");
  for (int i = 0; i < 20; ++i) ASSERT_EQ(upload(ana_, picture).status, 201);
  auto refused = upload(ana_, picture);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "too_many_unbound_files");
  EXPECT_EQ(upload(bob_, picture).status, 201);
  clock_.advance(std::chrono::hours(25));
  ASSERT_TRUE(purge());
  EXPECT_EQ(upload(ana_, picture).status, 201);
}

}  // namespace
}  // namespace oficio::users
