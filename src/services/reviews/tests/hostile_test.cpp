// What hostile or broken clients send: each must get a clear problem, and change nothing.
#include "tests/conformance/hostile.hpp"

#include "fixture.hpp"

namespace oficio::reviews {

class hostile : public reviews_test {
 protected:
  http::response post(std::string path, std::string who, const json::object& body) {
    return run(call(http::method::post, std::move(path), std::move(who),
                    json::to_text(json::value(body))));
  }
};

TEST_F(hostile, bodies_are_told_what_is_wrong_with_them_at_every_route) {
  auto review = "/orders/" + order() + "/review";
  auto reply = "/reviews/" + published_review() + "/reply";
  auto events = told().size();
  for (const auto& path : {review, reply}) {
    for (const auto& [name, text] : conformance::bad_bodies()) {
      auto got = run(call(http::method::post, path, path == review ? ana_ : bob_, text));
      EXPECT_TRUE(got.status == 400 || got.status == 422) << path << " " << name << got.body;
      EXPECT_TRUE(code(got) == "malformed_json" || code(got) == "validation_failed") << got.body;
    }
    EXPECT_EQ(run(call(http::method::post, path, ana_, "")).status, 415) << path;
  }
  EXPECT_EQ(told().size(), events);
}

TEST_F(hostile, texts_come_back_as_they_were_sent_or_are_refused) {
  for (const auto& [name, text, welcome] : conformance::odd_texts()) {
    auto id = order();
    auto given = post("/orders/" + id + "/review", ana_, {{"rating", 4}, {"text", text}});
    ASSERT_EQ(given.status, welcome ? 201 : 422) << name << given.body;
    if (!welcome) continue;
    EXPECT_EQ(read(given).at("text"), json::value(text)) << name;
    give(bob_, id);
    auto review = std::string(read(given).at("id").as_string());
    auto answered = post("/reviews/" + review + "/reply", bob_, {{"text", text}});
    ASSERT_EQ(answered.status, 201) << name << answered.body;
    auto listed = read(get("/gigs/" + gig_ + "/reviews?limit=1")).at("items").at(0);
    EXPECT_EQ(listed.at("text"), json::value(text)) << name;
    EXPECT_EQ(listed.at("reply").at("text"), json::value(text)) << name;
    clock_.advance(1ms);
  }
  auto other = published_review();
  for (const auto& [name, text, welcome] : conformance::odd_texts()) {
    if (!welcome)
      EXPECT_EQ(post("/reviews/" + other + "/reply", bob_, {{"text", text}}).status, 422);
  }
}

TEST_F(hostile, names_and_ids_find_nothing_where_there_is_nothing) {
  published_review();
  for (const auto& [name, text, welcome] : conformance::odd_texts()) {
    if (text.find('\0') != std::string::npos) continue;  // the server refuses such a path
    auto id = http::encode_segment(text);
    EXPECT_EQ(post("/orders/" + id + "/review", ana_, {{"rating", 4}, {"text", "x"}}).status, 404);
    EXPECT_EQ(post("/reviews/" + id + "/reply", bob_, {{"text", "x"}}).status, 404) << name;
    EXPECT_EQ(get("/sellers/" + id + "/reviews").status, 404) << name;
    auto of_gig = get("/gigs/" + id + "/reviews");
    EXPECT_EQ(of_gig.status, 200) << name;  // reviews does not know which gigs there are
    EXPECT_TRUE(read(of_gig).at("items").as_array().empty()) << name;
  }
}

TEST_F(hostile, cursors_and_parameters_are_checked_in_both_lists) {
  published_review();
  for (const auto& path : {"/gigs/" + gig_ + "/reviews", std::string("/sellers/bob/reviews")}) {
    for (const auto* cursor : {"x", "..", "eyJhIjoxfQ.c2lnbmF0dXJl", "%27--", "%F0%9F%91%A9"}) {
      EXPECT_EQ(code(get(path + "?cursor=" + cursor)), "bad_cursor") << path << cursor;
    }
    for (const auto* wrong : {"cursor=a&cursor=b", "limit=0", "limit=1000", "limit=x", "rating=0",
                              "rating=4&rating=5", "sort=worst", "page=2"}) {
      EXPECT_EQ(get(path + "?" + wrong).status, 422) << path << wrong;
    }
    EXPECT_EQ(get(path + "?cursor=" + std::string(501, 'x')).status, 422);
  }
}

TEST_F(hostile, types_are_checked_field_by_field) {
  auto path = "/orders/" + order() + "/review";
  const json::value marks[] = {nullptr, "5", 4.5, 1e30, true, -1, 0, 6, json::array{5}};
  for (const auto& mark : marks) {
    EXPECT_EQ(post(path, ana_, {{"rating", mark}, {"text", "x"}}).status, 422) << mark;
  }
  const json::value texts[] = {nullptr, 5, true, json::array{"x"}, json::object{}};
  for (const auto& text : texts) {
    EXPECT_EQ(post(path, ana_, {{"rating", 5}, {"text", text}}).status, 422) << text;
  }
  for (const auto* forged : {"from", "about", "published_at", "reply", "version", "id"}) {
    EXPECT_EQ(post(path, ana_, {{"rating", 5}, {"text", "x"}, {forged, "x"}}).status, 422)
        << forged;
  }
  EXPECT_EQ(give(ana_, std::string(path.substr(8, 36))).status, 201);
}

}  // namespace oficio::reviews
