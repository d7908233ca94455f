#include "market.hpp"

#include <filesystem>
#include <iomanip>
#include <sstream>

#include <stdlib.h>

#include "drivers/embedded/payments/sandbox.hpp"
#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/events/topic.hpp"
#include "platform/json/json.hpp"
#include "test_documents.hpp"

namespace oficio::orders::testing_help {
namespace {

std::string new_folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "orders-XXXXXX";
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  return pattern;
}

boost::json::object package(const std::string& name, std::int64_t price, int days) {
  return {{"name", name},          {"title", name},
          {"description", name},   {"price", {{"amount", price}, {"currency", "USD"}}},
          {"delivery_days", days}, {"revisions", 2}};
}

}  // namespace

std::string id_made_at(time_point when) {
  std::ostringstream out;
  out << std::hex << std::setfill('0') << std::setw(12) << when.time_since_epoch().count();
  auto millis = out.str();
  return millis.substr(0, 8) + '-' + millis.substr(8) + "-7000-8000-00000000f00d";
}

market::market()
    : folder_(new_folder()),
      busy_(io_.get_executor()),
      app_({.io_threads = 1}),
      pool_("database", 2, 256) {
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
  database_ = mongodb::test_documents(folder_, "orders", pool_);
  provider_ = std::make_unique<unreliable_provider>(
      payments::make_sandbox(folder_ + "/payments.db", webhook_key, pool_, clock_));
  service_ = another_instance();
  EXPECT_TRUE(tell("users.seller.created", 1, {{"seller", {{"id", seller_.sub}}}}).has_value());
}

hosting::service market::another_instance() {
  hosting::environment env{app_,    clock_,       telemetry::logger(nullptr, "test"),
                           nullptr, "cursor-key", std::string(32, 'k')};
  return make(env, {*database_, *provider_, "USD", studio_.get()});
}

market::~market() {
  busy_.reset();
  for (auto& t : threads_) t.join();
  service_ = {};
  provider_.reset();
  database_.reset();
  std::filesystem::remove_all(folder_);
}

std::string market::reply::code() const {
  auto* code = body.if_contains("code");
  return code ? std::string(code->as_string()) : "";
}

std::string market::reply::id() const {
  return std::string(body.at("id").as_string());
}

awaitable<market::reply> market::handle(identity who, http::method m, std::string target,
                                        std::string body, fields headers) {
  http::request r;
  r.method = m;
  r.target = target;
  if (!http::parse_target(target, r)) throw std::logic_error("bad target " + target);
  r.body = std::move(body);
  for (auto& [name, value] : headers) r.headers.add(name, value);
  if (!r.body.empty() && !r.headers.has("Content-Type")) {
    r.headers.add("Content-Type", "application/json");
  }
  r.ctx.who = std::move(who);
  auto answered = co_await service_.routes.handle(r);
  reply out{answered.status, {}, answered.headers};
  if (!answered.body.empty()) out.body = json::parse(answered.body).value().as_object();
  co_return out;
}

std::future<market::reply> market::send(identity who, http::method m, std::string target,
                                        std::string body, fields headers) {
  return spawn(handle(std::move(who), m, std::move(target), std::move(body), std::move(headers)));
}

result<void> market::tell(const std::string& type, std::int64_t version, boost::json::object data) {
  data["version"] = version;
  events::envelope e{.id = type + std::to_string(version), .type = type, .data = std::move(data)};
  auto ctx = context::for_system();
  for (const auto& s : service_.subscriptions) {
    for (const auto& pattern : s.queue.patterns) {
      if (events::topic_matches(pattern, type)) return run(s.handle(e, ctx));
    }
  }
  throw std::logic_error("nobody listens to " + type);
}

void market::publish_gig(const std::string& id, std::int64_t version, std::int64_t basic,
                         bool active) {
  boost::json::object seller{{"id", "seller-id"}, {"username", "sol"}, {"avatar", nullptr}};
  boost::json::object gig{{"id", id},
                          {"revision", version},
                          {"seller", std::move(seller)},
                          {"title", "I will design your logo"},
                          {"packages", {package("basic", basic, 3), package("premium", 25'000, 7)}},
                          {"active", active}};
  auto type = !active        ? "gigs.gig.paused"
              : version == 1 ? "gigs.gig.published"
                             : "gigs.gig.updated";
  ASSERT_TRUE(tell(type, version, {{"gig", std::move(gig)}}).has_value());
}

void market::work_on_due() {
  auto ctx = context::for_system();
  ASSERT_TRUE(run(service_.timers.at(0).run(ctx)).has_value());
}

std::string market::place(std::int64_t expected) {
  auto made = post(buyer_, "/orders",
                   R"({"gig_id": ")" + gig_ + R"(", "package": "basic", "expected_total": )" +
                       std::to_string(expected) + "}");
  EXPECT_EQ(made.status, 201) << made.code();
  return made.id();
}

market::reply market::pay(const std::string& order_id, const std::string& card, fields headers) {
  return post(buyer_, "/orders/" + order_id + "/pay",
              R"({"method": {"card": ")" + card + R"(", "expiry": "12/60", "cvc": "123"}})",
              std::move(headers));
}

std::string market::paid_order() {
  publish_gig(gig_);
  auto id = place();
  auto paid = pay(id);
  EXPECT_EQ(paid.status, 200) << paid.code();
  return id;
}

std::string market::order_in_progress() {
  auto id = paid_order();
  EXPECT_EQ(post(buyer_, "/orders/" + id + "/requirements", R"({"text": "Blue, please"})").status,
            200);
  return id;
}

std::string market::delivered_order() {
  auto id = order_in_progress();
  EXPECT_EQ(post(seller_, "/orders/" + id + "/deliver", R"({"message": "Here it is"})").status,
            200);
  return id;
}

std::vector<events::envelope> market::raised() {
  auto ctx = context::for_system();
  auto& outbox = *service_.outboxes.at(0);
  auto found = run(outbox.pending(ctx, 1'000)).value();
  EXPECT_TRUE(run(outbox.confirmed(ctx, found)).has_value());
  return found;
}

std::vector<std::string> market::raised_types() {
  std::vector<std::string> out;
  for (const auto& e : raised()) out.push_back(e.type);
  return out;
}

std::int64_t market::charges() {
  embedded::connection db(folder_ + "/payments.db", embedded::open_mode::read_only);
  auto row = db.prepare("SELECT count(*) FROM movements WHERE kind = 'charge'");
  row.step();
  return row.integer(0);
}

std::int64_t market::balance() {
  embedded::connection db(folder_ + "/payments.db", embedded::open_mode::read_only);
  auto row = db.prepare("SELECT coalesce(sum(amount), 0) FROM movements");
  row.step();
  return row.integer(0);
}

}  // namespace oficio::orders::testing_help
