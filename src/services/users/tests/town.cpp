#include "town.hpp"

#include <algorithm>

#include "platform/base/uuid.hpp"
#include "test_documents.hpp"

namespace oficio::users {
namespace {

// As AMQP topics match: * is one word.
bool matches(std::string_view pattern, std::string_view type) {
  if (!pattern.ends_with(".*")) return pattern == type;
  auto start = pattern.substr(0, pattern.size() - 1);
  return type.starts_with(start) && type.find('.', start.size()) == std::string_view::npos;
}

}  // namespace

const char* const seller_form = R"({
  "headline": "Logos drawn by hand",
  "description": "I have drawn logos for small shops for twelve years.",
  "skills": ["drawing", "typography"],
  "languages": [{"code": "en", "level": "fluent"}],
  "education": [{"school": "Art School", "degree": "BA", "year": 2010}],
  "experience": [], "certificates": [], "links": ["https://example.com/ana"],
  "response_time_hours": 4})";

std::string reply::code() const {
  auto* o = body.if_object();
  auto* found = o ? o->if_contains("code") : nullptr;
  return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::vector<std::string> reply::pointers() const {
  std::vector<std::string> out;
  if (auto* o = body.if_object(); o && o->contains("errors")) {
    for (const auto& e : o->at("errors").as_array()) {
      out.emplace_back(e.at("pointer").as_string());
    }
  }
  std::ranges::sort(out);
  return out;
}

town::town()
    : folder_(std::filesystem::temp_directory_path() / ("oficio-" + random_hex(8))),
      work_(asio::make_work_guard(io_)),
      thread_([this] { io_.run(); }),
      database_(mongodb::test_documents(folder_.string(), "users", pool_)) {
  hosting::environment env{.app = app_,
                           .clock = clock_,
                           .log = {nullptr, "users"},
                           .cursor_key = "a key for cursors",
                           .seal_key = std::string(32, 'k')};
  service_ = make(env, {*database_, cache_, studio_.get()});
}

town::~town() {
  service_ = {};
  database_.reset();
  work_.reset();
  thread_.join();
  std::filesystem::remove_all(folder_);
}

reply town::ask(http::method m, const std::string& target, const identity& who,
                const std::string& body, const header_list& headers) {
  http::request r;
  r.method = m;
  r.target = target;
  EXPECT_TRUE(http::parse_target(target, r));
  r.body = body;
  for (const auto& [name, value] : headers) r.headers.add(name, value);
  if (!body.empty() && !r.headers.has("Content-Type")) {
    r.headers.add("Content-Type", "application/json");
  }
  r.ctx.who = who;
  auto got = run(service_.routes.handle(r));
  reply out{got.status, nullptr, got.headers, {}};
  out.text = got.body;
  if (got.headers.get("Content-Type").find("json") != std::string_view::npos) {
    out.body = json::parse(got.body).value();
  }
  return out;
}

identity town::somebody(const std::string& username, bool known) {
  identity who{.sub = uuid_v7(clock_.now()),
               .username = username,
               .roles = {"user"},
               .locale = "en",
               .country = "ES"};
  if (known) {
    EXPECT_TRUE(tell_account(who, 1, username + "@example.com").has_value());
  }
  return who;
}

identity town::seller(const std::string& username) {
  auto who = somebody(username);
  EXPECT_EQ(ask(http::method::post, "/sellers", who, seller_form).status, 201);
  return who;
}

result<void> town::tell(const std::string& type, json::object data, std::int64_t version,
                        bool republished) {
  events::raised fact{type, std::move(data), {}};
  auto e = events::seal(fact, "/oficio/test", uuid_v7(clock_.now()), version, 0, clock_.now(), {});
  e.republished = republished;
  last_ = {e, {}};
  for (const auto& s : service_.subscriptions) {
    for (const auto& pattern : s.queue.patterns) {
      if (matches(pattern, type)) last_.second.push_back(&s);
    }
  }
  if (!last_.second.empty()) return tell_again();
  return error{errc::internal, "nobody_listens", "Nobody listens for " + type};
}

result<void> town::tell_again() {
  auto ctx = context::for_system();
  for (const auto* s : last_.second) TRY_VOID(run(s->handle(last_.first, ctx)));
  return {};
}

result<void> town::tell_account(const identity& who, std::int64_t version, const std::string& email,
                                bool verified) {
  return tell("auth.account.registered",
              {{"account",
                {{"id", who.sub},
                 {"username", who.username},
                 {"email", email},
                 {"email_verified", verified},
                 {"roles", {"user"}},
                 {"locale", who.locale},
                 {"country", who.country},
                 {"created_at", "2026-01-02T03:04:05.678Z"}}}},
              version);
}

std::vector<events::envelope> town::raised(const std::string& type) {
  std::vector<events::envelope> out;
  auto ctx = context::for_system();
  for (auto* outbox : service_.outboxes) {
    auto pending = run(outbox->pending(ctx, 1'000)).value();
    for (auto& e : pending) {
      if (e.type == type) out.push_back(std::move(e));
    }
  }
  return out;
}

}  // namespace oficio::users
