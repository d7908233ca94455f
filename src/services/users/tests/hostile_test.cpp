// What hostile or broken clients send: each must get a clear problem, and change nothing.
#include "tests/conformance/hostile.hpp"

#include "platform/base/uuid.hpp"
#include "platform/json/check.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;

std::string pointer_text(const reply& r) {
  std::string out;
  for (const auto& p : r.pointers()) out += p + " ";
  return out;
}

class hostile : public town {
 protected:
  hostile() : ana_(town::seller("ana")) {
    seller_before_ = get("/sellers/me", ana_).text;
    profile_before_ = get("/users/me", ana_).text;
    events_ = events();
  }

  std::size_t events() {
    return raised("users.profile.updated").size() + raised("users.seller.updated").size() +
           raised("users.seller.created").size();
  }
  void expect_nothing_changed(const std::string& why) {
    EXPECT_EQ(get("/sellers/me", ana_).text, seller_before_) << why;
    EXPECT_EQ(get("/users/me", ana_).text, profile_before_) << why;
    EXPECT_EQ(events(), events_) << why;
  }
  static std::string with(const std::string& field, json::value v) {
    return json::to_text(json::value(json::object{{field, std::move(v)}}));
  }

  identity ana_;
  std::string seller_before_;
  std::string profile_before_;
  std::size_t events_ = 0;
};

TEST_F(hostile, bodies_are_told_what_is_wrong_with_them_at_every_route) {
  auto bob = somebody("bob");
  events_ = events();
  for (auto [m, path] :
       std::vector<std::pair<method, std::string>>{{method::patch, "/users/me"},
                                                   {method::post, "/users/me/activity/read"},
                                                   {method::post, "/sellers"},
                                                   {method::patch, "/sellers/me"}}) {
    for (const auto& [name, text] : conformance::bad_bodies()) {
      // An edit, or a list of marks, may be empty.
      if (name == "nothing in it" && path != "/sellers") continue;
      auto got = ask(m, path, path == "/sellers" ? bob : ana_, text);
      EXPECT_TRUE(got.code() == "malformed_json" || got.code() == "validation_failed")
          << path << " " << name << " " << got.status << " " << got.text;
      EXPECT_TRUE(got.status == 400 || got.status == 422) << path << " " << name;
    }
    auto form = ask(m, path, ana_, "a=b", {{"Content-Type", "application/x-www-form-urlencoded"}});
    EXPECT_EQ(form.status, 415) << path;
  }
  expect_nothing_changed("bad bodies");
  EXPECT_EQ(get("/sellers/bob").status, 404);
}

struct wrong_field {
  std::string field;
  json::value value;
  std::string pointers;
};

json::value repeated(const json::value& v, std::size_t times) {
  return json::array(times, v);
}

json::value numbered(std::size_t times) {
  json::array out;
  for (std::size_t i = 0; i < times; ++i)
    out.push_back(json::value(std::string_view("s" + std::to_string(i))));
  return out;
}

std::vector<wrong_field> wrong_profiles() {
  static const std::string too_long(101, 'a');
  return {
      {"locale", 5, "/locale "},
      {"locale", "", "/locale "},
      {"locale", "EN", "/locale "},
      {"locale", "es-UY", "/locale "},
      {"locale", {"en"}, "/locale "},
      {"country", "es", "/country "},
      {"country", "ESP", "/country "},
      {"country", "XX", "/country "},
      {"country", "E\xc3\x91", "/country "},
      {"country", true, "/country "},
      {"avatar", "", "/avatar "},
      {"avatar", "../../etc/passwd", "/avatar "},
      {"avatar", "a b", "/avatar "},
      {"avatar", "\u202Ea", "/avatar "},
      {"avatar", json::value(std::string_view(too_long)), "/avatar "},
      {"avatar", json::object{{"$ne", ""}}, "/avatar "},
      {"notifications", json::array{}, "/notifications "},
      {"notifications", json::object{{"order", "email"}}, "/notifications/order "},
      {"notifications", json::object{{"order", {1}}}, "/notifications/order/0 "},
      {"notifications", json::object{{"$where", json::array{}}}, "/notifications/$where "},
      {"notifications", json::object{{"a/b~", json::array{}}}, "/notifications/a~1b~0 "},
      {"notifications", json::object{{"order", {"email", "pigeon"}}}, "/notifications/order/1 "},
      {"notifications", json::object{{"order", {"email", "email"}}}, "/notifications/order/1 "},
      {"id", "x", "/id "},
      {"username", "eve", "/username "},
      {"email", "eve@example.com", "/email "},
      {"email_verified", true, "/email_verified "},
      {"roles", {"operator"}, "/roles "},
      {"revision", 9, "/revision "}};
}

std::vector<wrong_field> wrong_sellers() {
  auto text = [](std::size_t n) { return json::value(std::string_view(std::string(n, 'x'))); };
  json::object year{{"school", "S"}, {"degree", "D"}, {"year", 1929}};
  json::object backwards{{"company", "C"}, {"title", "T"}, {"from", 2020}, {"to", 2019}};
  json::object unknown{{"name", "N"}, {"issuer", "I"}, {"admin", true}};
  return {
      {"headline", text(4), "/headline "},
      {"headline", text(121), "/headline "},
      {"headline", "two\nlines", "/headline "},
      {"headline", nullptr, ""},
      {"headline", 7, "/headline "},
      {"description", text(19), "/description "},
      {"description", text(5'001), "/description "},
      {"skills", "drawing", "/skills "},
      {"skills", {""}, "/skills/0 "},
      {"skills", {1, "a"}, "/skills/0 "},
      {"skills", repeated(text(51), 1), "/skills/0 "},
      {"skills", {"a", "A"}, "/skills/1 "},
      {"skills", numbered(31), "/skills "},
      {"languages", json::array{}, "/languages "},
      {"languages", {json::object{{"code", "EN"}, {"level", "fluent"}}}, "/languages/0/code "},
      {"languages", {json::object{{"code", "en"}, {"level", "best"}}}, "/languages/0/level "},
      {"languages", {json::object{{"code", "en"}}}, "/languages/0/level "},
      {"languages", repeated(json::object{{"code", "en"}, {"level", "fluent"}}, 2),
       "/languages/1 "},
      {"education", {year}, "/education/0/year "},
      {"education", {json::object{{"school", ""}, {"degree", "D"}}}, "/education/0/school "},
      {"experience", {backwards}, "/experience/0/to "},
      {"experience",
       {json::object{{"company", "C"}, {"title", "T"}, {"from", 2.5}}},
       "/experience/0/from "},
      {"experience", repeated(json::object{{"company", "C"}, {"title", "T"}}, 21), "/experience "},
      {"certificates", {unknown}, "/certificates/0/admin "},
      {"certificates",
       {json::object{{"name", text(121)}, {"issuer", "I"}}},
       "/certificates/0/name "},
      {"links", {"javascript:alert(1)"}, "/links/0 "},
      {"links", {"http://a.b/\u202E"}, "/links/0 "},
      {"links", {"https://a.b/", "https://a.b/"}, "/links/1 "},
      {"response_time_hours", 0, "/response_time_hours "},
      {"response_time_hours", 169, "/response_time_hours "},
      {"response_time_hours", 9'223'372'036'854'775'807, "/response_time_hours "},
      {"response_time_hours", 1.5, "/response_time_hours "},
      {"response_time_hours", "4", "/response_time_hours "},
      {"rating", json::object{{"average", 5}}, "/rating "},
      {"completed_orders", 1'000, "/completed_orders "},
      {"country", "ES", "/country "}};
}

void expect_refused(const reply& got, const wrong_field& sent) {
  if (sent.pointers.empty()) return;  // null leaves a field alone
  auto what = sent.field + " " + json::to_text(sent.value).substr(0, 80);
  EXPECT_EQ(got.status, 422) << what;
  EXPECT_EQ(got.code(), "validation_failed") << what;
  auto all = " " + pointer_text(got);
  EXPECT_NE(all.find(" " + sent.pointers), std::string::npos) << what << " got " << all;
}

TEST_F(hostile, fields_of_a_profile_are_refused_one_by_one) {
  for (const auto& sent : wrong_profiles()) {
    expect_refused(ask(method::patch, "/users/me", ana_, with(sent.field, sent.value)), sent);
  }
  expect_nothing_changed("wrong profiles");
}

TEST_F(hostile, fields_of_a_seller_are_refused_one_by_one) {
  auto bob = somebody("bob");
  auto form = json::parse(seller_form).value().as_object();
  for (const auto& sent : wrong_sellers()) {
    if (sent.pointers.empty()) continue;
    expect_refused(ask(method::patch, "/sellers/me", ana_, with(sent.field, sent.value)), sent);
    auto whole = form;
    whole[sent.field] = sent.value;
    expect_refused(ask(method::post, "/sellers", bob, json::to_text(json::value(whole))), sent);
  }
  events_ = events();
  expect_nothing_changed("wrong sellers");
  EXPECT_EQ(get("/sellers/bob").status, 404);
}

TEST_F(hostile, words_come_back_as_they_were_sent_or_are_refused) {
  for (const auto& [name, text, welcome] : conformance::odd_texts()) {
    auto long_enough = text + (welcome ? " and twenty characters" : "");
    auto prose = ask(method::patch, "/sellers/me", ana_,
                     with("description", json::value(std::string_view(long_enough))));
    EXPECT_EQ(prose.status, welcome ? 200 : 422) << name;
    if (welcome) EXPECT_EQ(prose.body.at("description"), json::value(long_enough)) << name;
    bool one_line = welcome && text.find('\n') == std::string::npos;
    for (std::string field : {"headline", "skills", "school", "degree"}) {
      auto headline = text + " .....";
      json::object school{{"school", "S"}, {"degree", "D"}, {"year", nullptr}};
      if (field == "school" || field == "degree") school[field] = text;
      auto sent = field == "headline" ? with("headline", json::value(std::string_view(headline)))
                  : field == "skills"
                      ? with("skills", repeated(json::value(std::string_view(text)), 1))
                      : with("education", {std::move(school)});
      if (field == "headline" && name == "nothing but spaces") continue;
      auto got = ask(method::patch, "/sellers/me", ana_, sent);
      // A heap of invisible characters is too short only where it stands alone.
      bool fits = field != "skills" || json::length_of(text) <= 50;
      bool fine = (one_line && fits) || (name == "nothing to be seen" && field == "headline") ||
                  (name == "nothing to be seen" && field == "degree");
      EXPECT_EQ(got.status, fine ? 200 : 422) << name << " " << field << " " << got.text;
    }
  }
}

TEST_F(hostile, marks_of_the_feed_are_checked) {
  auto id = uuid_v7(clock_.now());
  auto ids = [](const json::value& v) { return with("ids", v); };
  struct row {
    std::string body;
    int status;
    std::string pointers;
  };
  for (const auto& [body, status, pointers] :
       std::vector<row>{{ids(json::array{}), 422, "/ids "},
                        {ids(repeated(json::value(id), 101)), 422, "/ids "},
                        {ids({"x"}), 422, "/ids/0 "},
                        {ids({id, "' OR 1=1"}), 422, "/ids/1 "},
                        {ids({id}), 422, "/ids/0 "},
                        {ids({json::object{{"$gt", ""}}}), 422, "/ids/0 /ids/0 "},
                        {ids(5), 422, "/ids /ids "},
                        {with("up_to", json::value("\u202E")), 422, "/up_to "},
                        {with("up_to", json::value(std::string("a\0b", 3))), 422, "/up_to "},
                        {with("up_to", json::value(id)), 404, ""},
                        {R"({"ids": [")" + id + R"("], "up_to": ")" + id + R"("})", 422, "/up_to "},
                        {with("until", json::value(id)), 422, "/until "}}) {
    auto got = ask(method::post, "/users/me/activity/read", ana_, body);
    EXPECT_EQ(got.status, status) << body.substr(0, 100);
    EXPECT_EQ(pointer_text(got), pointers) << body.substr(0, 100);
  }
}

TEST_F(hostile, paths_and_queries_find_nothing_that_is_not_there) {
  for (const auto& [name, text, welcome] : conformance::odd_texts()) {
    auto word = http::encode_segment(text);
    if (name == "a NUL") continue;  // no path has one
    for (std::string path : {"/users/", "/sellers/", "/users/me/favorites/"}) {
      EXPECT_EQ(get(path + word, ana_).status, 404) << path << name;
    }
    EXPECT_EQ(ask(method::put, "/users/me/favorites/" + word, ana_).status, 404) << name;
    EXPECT_EQ(ask(method::del, "/users/me/favorites/" + word, ana_).status, 404) << name;
    for (std::string list : {"/users/me/favorites", "/users/me/activity"}) {
      auto got = get(list + "?cursor=" + word, ana_);
      EXPECT_TRUE(got.code() == "bad_cursor" || got.code() == "validation_failed") << list << name;
    }
    auto stop = get("/unsubscribe?token=" + word);
    EXPECT_TRUE(stop.code() == "bad_token" || stop.code() == "validation_failed") << name;
  }
  for (std::string query :
       {"limit=0", "limit=101", "limit=-1", "limit=1e2", "limit=99999999999999999999",
        "limit=1&limit=2", "cursor=a&cursor=b", "page=2", "limit=%20"}) {
    EXPECT_EQ(get("/users/me/favorites?" + query, ana_).status, 422) << query;
    EXPECT_EQ(get("/users/me/activity?" + query, ana_).status, 422) << query;
  }
  EXPECT_EQ(get("/users/" + std::string(5'000, 'a')).status, 404);
  EXPECT_EQ(get("/users/me/favorites", ana_).body.at("items").as_array().size(), 0U);
}

TEST_F(hostile, headers_are_read_strictly) {
  for (std::string tag :
       {"x", "\"x\"", "-", "1 2", "\"1", "W/\"1\"", "99999999999999999999", "\"1\",\"2\""}) {
    for (std::string path : {"/users/me", "/sellers/me"}) {
      auto got = ask(method::patch, path, ana_, "{}", {{"If-Match", tag}});
      EXPECT_EQ(got.code(), "bad_if_match") << path << " " << tag;
    }
  }
  for (const auto& key :
       {std::string(201, 'k'), std::string("a b"), std::string("\xc3\xb1"), std::string("a\tb")}) {
    auto got = ask(method::post, "/sellers", ana_, seller_form, {{"Idempotency-Key", key}});
    EXPECT_EQ(got.code(), "bad_idempotency_key") << key;
  }
  expect_nothing_changed("headers");
}

}  // namespace
}  // namespace oficio::users
