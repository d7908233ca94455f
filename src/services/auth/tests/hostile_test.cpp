#include <gmock/gmock.h>

#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;

// A field, and what else may be the answer than 422 to a text that is no good for it.
struct field {
  const char* name;
  std::vector<int> also = {};
  bool optional = false;
};

struct form {
  const char* path;
  json::object good;
  std::vector<field> fields;
  bool needs_session = false;
};

// Texts that nobody means well with, or that software often gets wrong.
const std::vector<std::string>& odd_texts() {
  static const std::vector<std::string> texts{
      "",
      " ",
      "\t\r\n",
      "' OR '1'='1",
      "'; DROP TABLE accounts; --",
      "\" OR \"\"=\"",
      "\\'; --",
      "ana%",
      ":value",
      "${jndi:ldap://x}",
      "{{7*7}}",
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "&lt;&#39;",
      "../../etc/passwd",
      "ana\r\nBcc: all@example.com",
      std::string("ana\0bea", 7),
      std::string("\0", 1),
      "\x01\x02\x1b[31m",
      "\x7f",
      "\xc2\x85",  // next line, a control character of two bytes
      "\xe2\x80\xae"
      "gnp.exe",  // right-to-left override
      "\xe2\x80\x8b"
      "ana",  // zero width space
      "\xef\xbb\xbf"
      "ana",                                   // byte order mark
      "\xd0\xb0na",                            // Cyrillic a
      "\xef\xbd\x81\xef\xbd\x8e\xef\xbd\x81",  // full width
      "a\xcc\x81na",                           // combining accent
      "\xc4\xb0stanbul",                       // İ, whose lower case is longer
      "stra\xc3\x9f"
      "e",
      "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
      "\xef\xbf\xbf",  // no character
      std::string(300, 'a'),
      std::string(20'000, 'x'),
      "-1",
      "1e309",
      "[object Object]"};
  return texts;
}

const std::vector<json::value>& wrong_types() {
  static const std::vector<json::value> values{nullptr,
                                               true,
                                               0,
                                               -1,
                                               1.5,
                                               18446744073709551615ULL,
                                               json::array{},
                                               json::array{"ana"},
                                               json::object{},
                                               json::object{{"$ne", ""}}};
  return values;
}

class hostile : public running_auth {
 protected:
  hostile() : running_auth({32 * 1024, 1}, {.tries_per_account = 0, .tries_per_address = 0}) {
    up = sign_up("ana");
    who = who_is(up);
  }

  std::vector<form> forms() const {
    return {
        {"/auth/signup",
         {{"username", "eve"},
          {"email", "eve@example.com"},
          {"password", "correct horse"},
          {"country", "UY"},
          {"locale", "es"}},
         {{"username"}, {"email"}, {"password"}, {"country", {}, true}, {"locale", {}, true}}},
        {"/auth/signin",
         {{"login", "ana"}, {"password", "correct horse"}, {"device", "x"}, {"device_token", "x"}},
         {{"login", {401}}, {"password", {401}}, {"device", {}, true}, {"device_token", {}, true}}},
        {"/auth/signin/otp",
         {{"challenge_id", "x"}, {"code", "123456"}},
         {{"challenge_id", {401}}, {"code"}}},
        {"/auth/refresh", {{"refresh_token", "x"}}, {{"refresh_token", {401}}}},
        {"/auth/email/verify", {{"token", "x"}}, {{"token"}}},
        {"/auth/password/forgot", {{"email", "eve@example.com"}}, {{"email"}}},
        {"/auth/password/reset",
         {{"token", "x"}, {"password", "battery staple"}},
         {{"token"}, {"password"}}},
        {"/auth/password/change",
         {{"old_password", "wrong horse"}, {"password", "battery staple"}},
         {{"old_password", {403}}, {"password", {403}}},
         true}};
  }

  // Everything that is kept; a refused call leaves it as it was.
  std::string kept() {
    std::string all;
    for (std::string table : {"accounts", "sessions", "spent_tokens", "email_tokens", "devices",
                              "challenges", "reset_tokens", "outbox"}) {
      all += table + " " + std::to_string(count(table)) + ", ";
    }
    return all + std::to_string(count("accounts WHERE version > 1"));
  }

  answer_of send(const form& f, std::string body) {
    return run(ask(auth.routes, http::method::post, f.path, std::move(body),
                   f.needs_session ? who : identity{}));
  }

  static bool is_problem(const answer_of& a) {
    return !a.code().empty() && a.body.contains("title") && a.body.contains("detail") &&
           a.body.at("status") == a.status;
  }

  void expect_refused(const answer_of& a, const std::vector<int>& statuses,
                      const std::string& what) {
    EXPECT_THAT(statuses, testing::Contains(a.status)) << what << ": " << a.status;
    EXPECT_TRUE(is_problem(a)) << what;
    EXPECT_EQ(kept(), before) << what;
  }

  void expect_alive() {
    auto in = sign_in("ana");
    EXPECT_EQ(in.status, 200);
    EXPECT_EQ(in.account(), up.account());
    EXPECT_EQ(get("/auth/me", who).status, 200);
  }

  answer_of up;
  identity who;
  std::string before;
};

TEST_F(hostile, odd_texts_are_refused_in_every_field_and_leave_no_trace) {
  before = kept();
  for (const auto& f : forms()) {
    for (const auto& at : f.fields) {
      for (const auto& text : odd_texts()) {
        auto body = f.good;
        body[at.name] = text;
        auto answer = send(f, json::to_text(json::value(body)));
        auto what = std::string(f.path) + " " + at.name + " = " + text.substr(0, 40);
        // A label, a token and a password may be any text; then the call itself succeeds.
        if (answer.status < 300) {
          EXPECT_TRUE(at.optional || std::string_view(at.name) == "password") << what;
          before = kept();
          clock.advance(7min);  // codes are not sent without end
          continue;
        }
        auto statuses = at.also;
        statuses.push_back(422);
        if (std::string_view(f.path) == "/auth/signup") statuses.push_back(409);
        expect_refused(answer, statuses, what);
      }
    }
  }
  expect_alive();
}

TEST_F(hostile, wrong_types_are_told_by_their_field) {
  before = kept();
  for (const auto& f : forms()) {
    for (const auto& at : f.fields) {
      for (const auto& value : wrong_types()) {
        if (at.optional && value.is_null()) continue;
        auto body = f.good;
        body[at.name] = value;
        auto answer = send(f, json::to_text(json::value(body)));
        auto what = std::string(f.path) + " " + at.name + " = " + json::to_text(value);
        expect_refused(answer, {422}, what);
        auto* errors = answer.body.if_contains("errors");
        ASSERT_TRUE(errors && errors->is_array() && !errors->as_array().empty()) << what;
        EXPECT_EQ(errors->as_array()[0].at("pointer").as_string(), "/" + std::string(at.name))
            << what;
      }
      if (at.optional) continue;
      auto body = f.good;
      body.erase(at.name);
      expect_refused(send(f, json::to_text(json::value(body))), {422},
                     std::string(f.path) + " without " + at.name);
    }
    auto body = f.good;
    body["roles"] = json::array{"operator"};
    expect_refused(send(f, json::to_text(json::value(body))), {422},
                   std::string(f.path) + " with a field that nobody asked for");
  }
  expect_alive();
}

TEST_F(hostile, what_is_no_json_object_is_refused) {
  std::string deep(2'000, '[');
  std::string deep_object;
  for (int i = 0; i < 200; ++i) deep_object += R"({"a":)";
  const std::vector<std::pair<std::string, int>> bodies{
      {"{", 400},
      {"}", 400},
      {"{\"login\":", 400},
      {"{'login':'ana'}", 400},
      {"{\"login\":\"ana\",}", 400},
      {"{\"login\":\"\\ud800\"}", 400},
      {"{\"login\":\"\xff\xfe\"}", 400},
      {"{\"login\":\"\xc0\xaf\"}", 400},
      {std::string("{\"login\":\"a\0\"}", 14), 400},
      {"{} {}", 400},
      {"<xml/>", 400},
      {"login=ana&password=x", 400},
      {deep, 400},
      {deep_object, 400},
      {"\"ana\"", 422},
      {"null", 422},
      {"[]", 422},
      {"7", 422}};
  before = kept();
  for (const auto& f : forms()) {
    for (const auto& [body, status] : bodies) {
      expect_refused(send(f, body), {status}, std::string(f.path) + " " + body.substr(0, 40));
    }
  }
  expect_alive();
}

TEST_F(hostile, of_a_repeated_key_the_last_counts) {
  auto sign_in_with = [&](const std::string& passwords) {
    return run(ask(auth.routes, http::method::post, "/auth/signin",
                   R"({"login":"ana",)" + passwords + R"(,"device_token":")" +
                       up.text("device_token") + R"("})",
                   {}));
  };
  EXPECT_EQ(sign_in_with(R"("password":"wrong horse","password":"correct horse")").status, 200);
  EXPECT_EQ(sign_in_with(R"("password":"correct horse","password":"wrong horse")").status, 401);
}

TEST_F(hostile, a_token_is_good_for_its_own_purpose_alone) {
  post("/auth/password/forgot", {{"email", "ana@example.com"}});
  std::string reset;
  std::string verify;
  for (const auto& e : events_told()) {
    auto* sealed = e.data.if_contains("token");
    if (!sealed) continue;
    auto token = security::unseal(seal_key, std::string(sealed->as_string())).value();
    (e.type == "auth.email.verification_requested" ? verify : reset) = token;
  }
  auto refresh = up.text("refresh_token");
  before = kept();
  for (const auto& token : {verify, reset, up.text("device_token"), up.text("access_token")}) {
    expect_refused(post("/auth/refresh", {{"refresh_token", token}}), {401}, "refresh");
  }
  for (const auto& token : {refresh, reset, up.text("device_token")}) {
    expect_refused(post("/auth/email/verify", {{"token", token}}), {422}, "verify");
  }
  for (const auto& token : {refresh, verify, up.text("device_token")}) {
    expect_refused(post("/auth/password/reset", {{"token", token}, {"password", "battery staple"}}),
                   {422}, "reset");
  }
  for (const auto& token : {refresh, verify, reset, up.text("access_token")}) {
    auto asked = post("/auth/signin",
                      {{"login", "ana"}, {"password", "correct horse"}, {"device_token", token}});
    EXPECT_EQ(asked.status, 202) << "no device is known by it";
  }
  expect_alive();
}

TEST_F(hostile, nearly_right_tokens_are_wrong) {
  auto right = up.text("refresh_token");
  before = kept();
  std::vector<std::string> near{right + "=",
                                right + " ",
                                " " + right,
                                right.substr(1),
                                right.substr(0, 42),
                                right + right,
                                right + std::string("\0", 1)};
  for (std::size_t i = 0; i < right.size(); i += 7) {
    auto changed = right;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    near.push_back(changed);
  }
  for (const auto& token : near) {
    expect_refused(post("/auth/refresh", {{"refresh_token", token}}), {401}, token);
  }
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", right}}).status, 200)
      << "none of them used it up";
}

TEST_F(hostile, paths_and_queries_are_no_better) {
  before = kept();
  for (const std::string id : {"x", "%27%20OR%201=1", "%3Cscript%3E", "%F0%9F%98%80",
                               "00000000-0000-7000-8000-000000000000"}) {
    auto answer = run(ask(auth.routes, http::method::del, "/auth/sessions/" + id, "", who));
    expect_refused(answer, {404}, id);
  }
  auto other = who;
  other.sub = "' OR '1'='1";
  expect_refused(run(ask(auth.routes, http::method::del, "/auth/sessions/" + who.sid, "", other)),
                 {404}, "somebody else");
  expect_alive();
}

}  // namespace
}  // namespace oficio::auth
