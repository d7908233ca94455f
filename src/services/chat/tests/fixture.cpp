#include "fixture.hpp"

#include "platform/base/random.hpp"
#include "services/chat/events.hpp"
#include "test_documents.hpp"

namespace oficio::chat {

using namespace std::chrono_literals;

chat_test::chat_test()
    : folder_(std::filesystem::temp_directory_path() / ("oficio-chat-" + random_hex(8))),
      database_(mongodb::test_documents(folder_.string(), "chat", app_.blocking())),
      bus_(embedded::make_bus((folder_ / "events.db").string(), app_.io().get_executor(),
                              app_.blocking(), clock_, log_)),
      service_(make({.app = app_,
                     .clock = clock_,
                     .log = log_,
                     .bus = bus_.get(),
                     .cursor_key = std::string(32, 'c'),
                     .seal_key = std::string(32, 's')},
                    {*database_, "USD", studio_.get()})),
      working_(boost::asio::make_work_guard(app_.io())) {
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { app_.io().run(); });
}

chat_test::~chat_test() {
  run(bus_->stop(5s));
  working_.reset();
  threads_.clear();
  service_ = {};
  bus_.reset();
  database_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

namespace {

awaitable<http::response> handled(const http::router& routes, http::request& r) {
  co_return co_await routes.handle(r);
}

}  // namespace

chat_test::answer chat_test::ask(http::method m, const std::string& target, const identity& who,
                                 const std::string& body, const std::string& idempotency_key) {
  http::request r;
  r.method = m;
  EXPECT_TRUE(http::parse_target(target, r));
  if (!body.empty()) r.headers.set("Content-Type", "application/json");
  if (!idempotency_key.empty()) r.headers.set("Idempotency-Key", idempotency_key);
  r.body = body;
  r.ctx.who = who;
  auto got = run(handled(service_.routes, r));
  auto parsed = json::parse(got.body);
  return {got.status, parsed ? *parsed : json::value()};
}

void chat_test::listen() {
  for (auto& s : service_.subscriptions) {
    auto q = s.queue;
    q.retry_pauses = {10ms, 10ms, 10ms};
    ASSERT_TRUE(run(bus_->subscribe(q, s.handle)));
  }
}

std::vector<events::envelope> chat_test::relay() {
  std::vector<events::envelope> all;
  for (auto* outbox : service_.outboxes) {
    auto pending = run(outbox->pending(context::for_system(), 1'000));
    all.insert(all.end(), pending->begin(), pending->end());
    EXPECT_TRUE(run(events::relay_once(context::for_system(), *outbox, *bus_)));
  }
  return all;
}

void chat_test::tell(const std::string& type, json::object data, std::int64_t version) {
  events::raised r{.type = type, .data = std::move(data), .concerns = {}};
  std::vector<events::envelope> one{events::seal(r, "/oficio/test", uuid_v7(clock_.now()), version,
                                                 0, clock_.now(), context::for_system())};
  ASSERT_TRUE(run(bus_->publish(context::for_system(), std::move(one))));
}

void chat_test::register_account(const identity& who) {
  events::envelope e;
  e.type = "auth.account.registered";
  e.data = {{"version", 1}, {"account", json::object{{"id", who.sub}, {"username", who.username}}}};
  auto& own = *std::static_pointer_cast<messenger>(service_.state);
  ASSERT_TRUE(run(on_account(own, e, context::for_system())));
}

std::string chat_test::begin() {
  register_account(ben_);
  return post("/conversations", ana_, R"({"with": "Ben"})").text("id");
}

chat_test::answer chat_test::say(const std::string& conversation, const identity& who,
                                 const std::string& text) {
  return post("/conversations/" + conversation + "/messages", who,
              json::to_text(json::value(json::object{{"text", text}})));
}

std::int64_t chat_test::unread(const std::string& conversation, const identity& who) {
  return get("/conversations/" + conversation, who)["unread"].as_int64();
}

}  // namespace oficio::chat
