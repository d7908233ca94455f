#pragma once

#include <filesystem>
#include <future>
#include <map>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "platform/base/random.hpp"
#include "platform/json/json.hpp"
#include "platform/security/crypto.hpp"
#include "services/auth/account.hpp"
#include "services/auth/module.hpp"
#include "test_database.hpp"

namespace oficio::auth {

struct answer_of {
  int status = 0;
  json::object body;

  std::string text(std::string_view name) const {
    auto* found = body.if_contains(name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
  }
  std::string code() const { return text("code"); }
  const json::object& account() const { return body.at("account").as_object(); }
  std::string account_id() const { return std::string(account().at("id").as_string()); }
};

// The whole service on a database of its own, asked as its host asks it.
class running_auth : public testing::Test {
 protected:
  explicit running_auth(security::argon2_cost cost = {32 * 1024, 1}, limits l = {})
      : passwords(app.hashing(), cost), guessing_limits(l) {
    run(auth.start());
  }
  ~running_auth() override {
    io.join();
    std::filesystem::remove_all(folder);
  }

  static std::filesystem::path make_folder() {
    auto path = std::filesystem::temp_directory_path() / ("oficio-auth-" + random_hex(8));
    std::filesystem::create_directory(path);
    return path;
  }

  template <class T>
  std::future<T> start(awaitable<T> work) {
    return boost::asio::co_spawn(boost::asio::make_strand(io.get_executor()), std::move(work),
                                 boost::asio::use_future);
  }
  template <class T>
  T run(awaitable<T> work) {
    return start(std::move(work)).get();
  }

  static awaitable<answer_of> ask(const http::router& routes, http::method method,
                                  std::string target, std::string body, identity who) {
    http::request r;
    r.method = method;
    r.target = target;
    r.body = std::move(body);
    if (!r.body.empty()) r.headers.set("Content-Type", "application/json");
    r.ctx.who = std::move(who);
    r.remote_address = "192.0.2.7";
    EXPECT_TRUE(http::parse_target(target, r)) << target;
    auto response = co_await routes.handle(r);
    answer_of out{response.status, {}};
    if (!response.body.empty()) {
      if (auto parsed = json::parse(response.body, 32); parsed.has_value()) {
        out.body = parsed->as_object();
      }
    }
    co_return out;
  }

  std::future<answer_of> post_later(std::string path, json::object body, identity who = {}) {
    return start(ask(auth.routes, http::method::post, std::move(path),
                     json::to_text(json::value(std::move(body))), std::move(who)));
  }
  answer_of post(std::string path, json::object body = {}, identity who = {}) {
    return post_later(std::move(path), std::move(body), std::move(who)).get();
  }
  answer_of get(std::string path, identity who = {}) {
    return run(ask(auth.routes, http::method::get, std::move(path), "", std::move(who)));
  }

  static json::object person(const std::string& name) {
    return {{"username", name}, {"email", name + "@example.com"}, {"password", "correct horse"}};
  }
  answer_of sign_up(const std::string& name) {
    auto up = post("/auth/signup", person(name));
    devices[key_of(name)] = up.text("device_token");
    return up;
  }
  // From the device of the sign-up.
  answer_of sign_in(const std::string& login, const std::string& password = "correct horse") {
    auto name = key_of(login.substr(0, login.find('@')));
    return post("/auth/signin",
                {{"login", login}, {"password", password}, {"device_token", devices[name]}});
  }
  // From one that nobody knows.
  answer_of sign_in_elsewhere(const std::string& login,
                              const std::string& password = "correct horse") {
    return post("/auth/signin",
                {{"login", login}, {"password", password}, {"device", "Another one"}});
  }
  answer_of answer_code(const answer_of& challenged, const std::string& code) {
    return post("/auth/signin/otp",
                {{"challenge_id", challenged.text("challenge_id")}, {"code", code}});
  }

  // Who the gateway would say it is, by the access token.
  identity who_is(const answer_of& signed_in) {
    security::access_verifier verifier(clock);
    EXPECT_TRUE(verifier.set_keys(get("/auth/jwks").body).has_value());
    auto claims = verifier.verify(signed_in.text("access_token"));
    EXPECT_TRUE(claims.has_value()) << signed_in.text("access_token");
    return claims.has_value() ? claims->who : identity{};
  }

  // Takes all events that wait to be told.
  std::vector<events::envelope> events_told() {
    auto ctx = context::for_system();
    auto pending = run(auth.outboxes.at(0)->pending(ctx, 1'000));
    EXPECT_TRUE(pending.has_value());
    EXPECT_TRUE(run(auth.outboxes.at(0)->confirmed(ctx, *pending)).has_value());
    return *pending;
  }
  std::vector<std::string> types_told() {
    std::vector<std::string> types;
    for (const auto& e : events_told()) types.push_back(e.type);
    return types;
  }

  // The secret in the mail that was asked for last.
  std::string mailed(const std::string& type, const std::string& name) {
    std::string secret;
    for (const auto& e : events_told()) {
      if (e.type != type) continue;
      auto sealed = std::string(e.data.at(name).as_string());
      secret = security::unseal(seal_key, sealed).value_or("");
    }
    EXPECT_FALSE(secret.empty());
    return secret;
  }
  std::string mailed_token() { return mailed("auth.email.verification_requested", "token"); }
  std::string mailed_code() { return mailed("auth.signin.challenged", "code"); }
  std::string mailed_reset() { return mailed("auth.password.reset_requested", "token"); }

  result<void> run_timer(std::string_view name) {
    auto found = std::ranges::find(auth.timers, name, &hosting::timer_job::name);
    if (found == auth.timers.end()) return not_found("The timer");
    auto ctx = context::for_system();
    return run(found->run(ctx));
  }

  static awaitable<result<long long>> count_rows(sql::database& db, std::string from) {
    co_return co_await db.read(context{}, [from](soci::session& s) -> result<long long> {
      long long n = 0;
      s << "SELECT COUNT(*) FROM " << from, soci::into(n);
      return n;
    });
  }
  long long count(std::string from) { return *run(count_rows(*database, std::move(from))); }

  std::map<std::string, std::string> devices;  // by the name that signed up
  const std::string seal_key = std::string(32, 's');
  std::filesystem::path folder = make_folder();
  wall_clock clock;
  // Before the application, whose pools may let go of a strand a moment after they have resumed it.
  boost::asio::thread_pool io{4};
  runtime::application app{{.io_threads = 1, .blocking_threads = 4, .hashing_threads = 2}};
  security::signing_keys keys;
  security::password_hasher passwords;
  limits guessing_limits;
  sql::conformance::test_database kept_in;
  std::unique_ptr<sql::database> database = kept_in.open(app.blocking());
  hosting::environment env{.app = app,
                           .clock = clock,
                           .log = {nullptr, "test"},
                           .cursor_key = "c",
                           .seal_key = seal_key};
  hosting::service auth = make(env, {*database, keys, passwords, guessing_limits});
};

}  // namespace oficio::auth
