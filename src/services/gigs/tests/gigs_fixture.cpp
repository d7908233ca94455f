#include "gigs_fixture.hpp"

#include "drivers/embedded/search/index.hpp"
#include "platform/base/uuid.hpp"
#include "test_documents.hpp"

namespace oficio::gigs {

awaitable<result<void>> fragile_index::put(const context& ctx,
                                           std::vector<search::versioned> documents) {
  if (away) co_return error{errc::unavailable, "search_unavailable", "The index is away."};
  co_return co_await real_->put(ctx, std::move(documents));
}

gigs_fixture::gigs_fixture()
    : folder_(std::filesystem::temp_directory_path() / ("gigs-" + uuid_v7(clock_.now()))) {
  database_ = mongodb::test_documents(folder_.string(), "gigs", app_.blocking());
  start("search.db");
}

void gigs_fixture::start(const std::string& index_file) {
  service_.reset();
  index_.reset();
  index_ = std::make_unique<fragile_index>(
      embedded::make_index((folder_ / index_file).string(), search_schema(), app_.blocking()));
  hosting::environment env{.app = app_,
                           .clock = clock_,
                           .log = telemetry::logger(nullptr, "test"),
                           .cursor_key = "key of the test's cursors",
                           .seal_key = std::string(32, 'k')};
  service_ =
      std::make_unique<hosting::service>(make(env, {*database_, *index_, "USD", studio_.get()}));
  auto started = boost::asio::co_spawn(io_, service_->start(), boost::asio::use_future);
  io_.restart();
  io_.run();
  started.get();
}

gigs_fixture::~gigs_fixture() {
  service_.reset();
  index_.reset();
  database_.reset();
  std::filesystem::remove_all(folder_);
}

std::string gigs_fixture::answer::code() const {
  auto* object = body.if_object();
  auto* found = object ? object->if_contains("code") : nullptr;
  return found ? std::string(found->as_string()) : "";
}

std::vector<std::string> gigs_fixture::answer::ids() const {
  std::vector<std::string> out;
  for (const auto& item : body.at("items").as_array()) {
    out.emplace_back(item.at("id").as_string());
  }
  return out;
}

std::vector<std::string> gigs_fixture::answer::errors() const {
  std::vector<std::string> out;
  for (const auto& v : body.at("errors").as_array()) {
    out.push_back(std::string(v.at("pointer").as_string()) + " " +
                  std::string(v.at("code").as_string()));
  }
  return out;
}

gigs_fixture::answer gigs_fixture::call(http::method m, const std::string& target,
                                        const identity& who, const json::value& body,
                                        const header_list& headers) {
  http::request r;
  r.method = m;
  EXPECT_TRUE(http::parse_target(target, r)) << target;
  r.ctx.who = who;
  if (!body.is_null()) {
    r.body = json::to_text(body);
    r.headers.set("Content-Type", "application/json");
  }
  for (const auto& [name, value] : headers) r.headers.add(name, value);
  auto got = run(service_->routes.handle(r));
  answer out{got.status, nullptr, std::string(got.headers.get("ETag"))};
  if (!got.body.empty()) out.body = json::parse(got.body).value();
  return out;
}

identity gigs_fixture::person(const std::string& name) {
  return {.sub = uuid_v5(name), .username = name, .roles = {"user"}, .sid = "session"};
}

json::object gigs_fixture::draft(const std::string& title) {
  json::object package{{"name", "basic"},
                       {"title", "One"},
                       {"description", "One concept"},
                       {"price", {{"amount", 5'000}, {"currency", "USD"}}},
                       {"delivery_days", 3},
                       {"revisions", 2}};
  return {{"title", title},
          {"description", std::string(120, 'd')},
          {"category", "design"},
          {"subcategory", "logo-design"},
          {"tags", json::array{"logo", "brand"}},
          {"packages", json::array{std::move(package)}}};
}

std::string gigs_fixture::offer(const identity& who, json::object body) {
  become_seller(who);
  auto made = call(http::method::post, "/gigs", who, std::move(body));
  EXPECT_EQ(made.status, 201) << json::to_text(made.body);
  return made.status == 201 ? made.id() : "";
}

result<void> gigs_fixture::tell(const std::string& type, json::object data, std::int64_t version,
                                const std::string& subject) {
  events::envelope e{.id = uuid_v5(type + subject + std::to_string(version)),
                     .source = "/oficio/test",
                     .type = type,
                     .subject = subject,
                     .time = clock_.now(),
                     .data = std::move(data)};
  e.data["version"] = version;
  // One event may change many gigs, one after another.
  auto ctx = context::for_system(std::chrono::minutes(1));
  bool heard = false;
  for (auto& s : service_->subscriptions) {
    auto pattern = s.queue.patterns.at(0);
    bool all = pattern.ends_with(".*");
    if (all) pattern.resize(pattern.size() - 1);
    if (all ? !type.starts_with(pattern) : type != pattern) continue;
    heard = true;
    auto done = run(s.handle(e, ctx));
    if (!done) return done;
  }
  EXPECT_TRUE(heard) << type;
  return {};
}

void gigs_fixture::become_seller(const identity& who, std::int64_t version, json::object more) {
  json::object language{{"code", "es"}, {"level", "native"}};
  json::object seller{{"id", who.sub},
                      {"username", who.username},
                      {"headline", "I make things"},
                      {"country", "ES"},
                      {"languages", json::array{std::move(language)}},
                      {"rating", json::to_value(rating{})},
                      {"revision", 1}};
  for (auto& member : more) seller[member.key()] = member.value();
  auto done = tell(version == 1 ? "users.seller.created" : "users.seller.updated",
                   {{"seller", std::move(seller)}}, version, who.sub);
  ASSERT_TRUE(done.has_value()) << done.error().detail;
}

std::vector<events::envelope> gigs_fixture::published() {
  context ctx;
  auto& outbox = *service_->outboxes.at(0);
  auto out = run(outbox.pending(ctx, 1'000)).value();
  EXPECT_TRUE(run(outbox.confirmed(ctx, out)).has_value());
  return out;
}

}  // namespace oficio::gigs
