#pragma once

#include <filesystem>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "platform/base/random.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/security/access_token.hpp"
#include "platform/telemetry/metrics.hpp"
#include "services/gateway/module.hpp"

namespace oficio::gateway::test {

namespace asio = boost::asio;
using headers = std::vector<std::pair<std::string, std::string>>;

// A stand-in for auth: real keys, prepared answers.
struct fake_auth {
  fake_auth() : keys(security::signing_keys::make_text()) {
    routes.use(keep_last());
    routes.get("/auth/jwks", [this](http::request&) { return show_keys(); });
    routes.get("/internal/sessions/ended", [this](http::request& r) { return show_ended(r); });
    for (auto path : {"/auth/signup", "/auth/signin", "/auth/refresh", "/auth/signout",
                      "/auth/signout-all", "/auth/password/change"}) {
      routes.post(path, [this](http::request&) { return prepared(); });
    }
    routes.del("/auth/sessions/{id}", [this](http::request&) { return prepared(); });
  }

  http::middleware keep_last() {
    return [this](http::request& r, const http::handler& next) {
      last = r;
      return next(r);
    };
  }
  awaitable<result<http::response>> show_keys() {
    ++key_fetches;
    if (away) co_return error{errc::unavailable, "away", "auth is away"};
    co_return http::json_response(200, json::to_text(json::value(keys.jwks())));
  }
  awaitable<result<http::response>> show_ended(http::request& r) {
    asked_by = std::string(r.headers.get(security::identity_header));
    if (away) co_return error{errc::unavailable, "away", "auth is away"};
    json::array items;
    for (const auto& id : ended) {
      items.push_back({{"session_id", id}, {"ended_at", "2026-01-31T09:30:00.000Z"}});
    }
    co_return http::json_response(
        200, json::to_text(json::value(json::object{{"items", std::move(items)}})));
  }
  awaitable<result<http::response>> prepared() { co_return answer; }

  security::signing_keys keys;
  http::router routes;
  http::request last;
  std::atomic<int> key_fetches{0};
  std::atomic<bool> away{false};
  std::vector<std::string> ended;
  std::string asked_by;
  http::response answer;
};

// A stand-in for any other service: keeps the request and answers with its path.
struct fake_service {
  fake_service() {
    routes.otherwise([this](http::request& r) { return echo(r); });
  }
  awaitable<result<http::response>> echo(http::request& r) {
    last = r;
    ++calls;
    http::response out =
        http::json_response(status, "\"" + (long_body.empty() ? r.target : long_body) + "\"");
    if (!tag.empty()) out.headers.add("ETag", tag);
    out.headers.add("X-Oficio-Identity", "must not leave");
    co_return out;
  }
  http::router routes;
  http::request last;
  int calls = 0;
  int status = 200;
  std::string long_body;  // instead of the path
  std::string tag;        // its ETag
};

// The gateway before stand-ins for its services, called in process.
class a_gateway : public testing::Test {
 protected:
  a_gateway() {
    locals.emplace("auth", http::make_local_upstream(auth.routes, "auth"));
    for (auto name : {"users", "gigs", "chat", "orders", "reviews", "notifications"}) {
      locals.emplace(name, http::make_local_upstream(services[name].routes, name));
    }
    // Nobody is told anything at once.
    services["notifications"].routes.get("/internal/stream", [](http::request&) { return away(); });
  }

  static awaitable<result<http::response>> away() {
    co_return error{errc::unavailable, "away", "notifications is away"};
  }

  ~a_gateway() override {
    guard.reset();
    app.io().stop();
    thread = {};
    std::filesystem::remove_all(folder);
  }

  void open(options o = {}) {
    hosting::environment env{
        app, clock, telemetry::logger(nullptr, "gateway"), nullptr, "cursors", "", &figures};
    upstreams to;
    for (const auto& [name, upstream] : locals) to.by_service[name] = upstream.get();
    to.clocks = clocks;
    door = make(env, identities, to, o, &clock);
    run(door->start());
  }

  template <class T>
  T run(awaitable<T> work) {
    return asio::co_spawn(asio::make_strand(app.io()), std::move(work), asio::use_future).get();
  }

  http::response ask(http::method m, std::string_view target, const headers& fields = {},
                     std::string body = {}) {
    http::request r;
    r.method = m;
    EXPECT_TRUE(http::parse_target(target, r)) << target;
    for (const auto& [name, value] : fields) r.headers.add(name, value);
    r.body = std::move(body);
    r.remote_address = peer;
    r.ctx.request_id = "r-1";
    r.ctx.trace = trace_context::start();
    r.ctx.trace.sampled = says_recorded;
    r.ctx.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    return run(door->routes().handle(r));
  }
  http::response get(std::string_view target, const headers& fields = {}) {
    return ask(http::method::get, target, fields);
  }
  http::response post(std::string_view target, const headers& fields = {},
                      std::string body = "{}") {
    headers all = fields;
    all.emplace_back("Content-Type", "application/json");
    return ask(http::method::post, target, all, std::move(body));
  }

  std::string token(std::string sid = "session-1", std::chrono::minutes age = {},
                    std::vector<std::string> roles = {"user"}) {
    auto issued = clock.now() - age;
    return auth.keys.sign(
        {.who = {.sub = "account-1", .username = "ana", .roles = std::move(roles), .sid = sid},
         .issued_at = issued,
         .expires_at = issued + std::chrono::minutes(15)});
  }

  // What the readable cookie of that session holds.
  std::string csrf(const std::string& sid = "session-1") const {
    return identities.proof("csrf", sid);
  }

  static std::string code_of(const http::response& r) {
    auto parsed = json::parse(r.body);
    return parsed.has_value() && parsed->is_object() && parsed->get_object().contains("code")
               ? json::from_stored<std::string>(parsed->at("code")).value()
               : "";
  }

  // The whole Set-Cookie line of that name; empty if there is none.
  static std::string set_cookie(const http::response& r, const std::string& name) {
    for (const auto& [field, value] : r.headers) {
      if (http::equal_ignoring_case(field, "Set-Cookie") && value.starts_with(name + "="))
        return value;
    }
    return {};
  }

  std::filesystem::path folder = [] {
    auto f = std::filesystem::temp_directory_path() / ("oficio-gateway-" + random_hex(8));
    std::filesystem::create_directory(f);
    return f;
  }();
  wall_clock clock;
  telemetry::metrics figures;
  runtime::application app{{.io_threads = 1, .blocking_threads = 1, .hashing_threads = 1}};
  asio::executor_work_guard<asio::io_context::executor_type> guard{app.io().get_executor()};
  std::jthread thread{[this] { app.io().run(); }};
  security::identity_tokens identities{{std::string(32, 'k')}, clock};
  fake_auth auth;
  std::map<std::string, fake_service> services;
  std::map<std::string, std::unique_ptr<http::upstream>> locals;
  std::vector<std::pair<std::string, http::upstream*>> clocks;  // of instances elsewhere
  std::unique_ptr<gateway> door;
  std::string peer = "127.0.0.1";
  bool says_recorded = false;  // in its traceparent
};

}  // namespace oficio::gateway::test
