// What is put on which server, and what comes of a refusal: their versions and modules differ.

#include "drivers/elasticsearch/telemetry/setup.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include "drivers/elasticsearch/server.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/server.hpp"
#include "platform/json/json.hpp"

namespace oficio::elasticsearch {
namespace {

using testing::Contains;
using testing::HasSubstr;

// Takes what it is given, and remembers it.
class pretended_server {
 public:
  // `without_ilm`: what it answers to a policy, if it has no module for that.
  explicit pretended_server(const std::string& version, const std::string& without_ilm = "") {
    auto told = R"({"version":{"number":")" + version + R"("}})";
    routes_.get("/", [told](http::request&) { return say(200, told); });
    routes_.put("/_ilm/policy/{name}", [this, without_ilm](http::request& r) {
      return without_ilm.empty() ? take(r) : say(400, without_ilm);
    });
    routes_.put("/_index_template/{name}", [this](http::request& r) {
      return templates_refused.empty() ? take(r) : say(400, templates_refused);
    });
    routes_.get("/_resolve/index/{pattern}", [this](http::request&) { return look_up(); });
    server_ = http::make_server(io_, {}, routes_, telemetry::logger(nullptr, "test"));
    server_->start();
    thread_ = std::jthread([this] { io_.run(); });
  }
  ~pretended_server() { io_.stop(); }

  std::string templates_refused;          // what it answers to them then
  std::atomic<int> streams_status = 404;  // what it answers to who asks for streams

  // What the setup says.
  std::vector<std::string> set_up() {
    blocking_caller caller(config::parse_server_address(
        "telemetry", "http://127.0.0.1:" + std::to_string(server_->port())));
    auto done = set_up_telemetry(caller, "test", {.log_days = 21}, std::chrono::seconds(20));
    if (!done.has_value()) return {done.error().detail};
    return *done;
  }
  json::value taken(const std::string& target) const {
    std::lock_guard lock(guard_);
    auto found = taken_.find(target);
    return found == taken_.end() ? json::value(nullptr) : json::parse(found->second, 64).value();
  }

 private:
  static awaitable<result<http::response>> say(int status, std::string body) {
    co_return http::json_response(status, std::move(body));
  }
  awaitable<result<http::response>> look_up() const {
    return say(streams_status,
               R"({"error":{"type":"security_exception","reason":"unauthorized"}})");
  }
  awaitable<result<http::response>> take(http::request& r) {
    {
      std::lock_guard lock(guard_);
      taken_[r.target] = r.body;
    }
    return say(200, R"({"acknowledged":true})");
  }

  boost::asio::io_context io_;
  http::router routes_;
  std::unique_ptr<http::server> server_;
  mutable std::mutex guard_;
  std::map<std::string, std::string> taken_;
  std::jthread thread_;
};

constexpr auto policy = "/_ilm/policy/oficio-logs-test";
constexpr auto logs = "/_index_template/oficio-logs-test";

const json::value* policy_named_by(const json::value& made) {
  return find(made, {"template", "settings", "index", "lifecycle", "name"});
}

TEST(setup, leaves_retention_to_the_streams_where_they_see_to_it) {
  pretended_server server("8.19.0");
  EXPECT_THAT(server.set_up(),
              Contains("data stream lifecycle of logs-oficio.*-test: kept for 21d"));
  EXPECT_TRUE(server.taken(policy).is_null());
  auto made = server.taken(logs);
  EXPECT_EQ(text_of(find(made, {"template", "lifecycle", "data_retention"})), "21d");
  EXPECT_EQ(policy_named_by(made), nullptr);
}

TEST(setup, puts_a_policy_where_they_do_not) {
  pretended_server server("8.10.4");
  EXPECT_THAT(server.set_up(), Contains("ILM policy oficio-logs-test: kept for 21d"));
  EXPECT_FALSE(server.taken(policy).is_null());
  auto made = server.taken(logs);
  EXPECT_EQ(find(made, {"template", "lifecycle"}), nullptr);
  EXPECT_EQ(text_of(policy_named_by(made)), "oficio-logs-test");
}

TEST(setup, says_where_nothing_takes_old_documents_away_and_puts_the_rest) {
  for (auto answer : {R"({"error":"no handler found for uri [/_ilm/policy/x] and method [PUT]"})",
                      R"({"error":{"type":"invalid_index_name_exception","reason":"[_ilm]"}})"}) {
    pretended_server server("7.10.2", answer);
    EXPECT_THAT(server.set_up(),
                Contains(HasSubstr("NO RETENTION: this server has no index lifecycle management")));
    auto made = server.taken(logs);
    ASSERT_TRUE(made.is_object());
    EXPECT_EQ(policy_named_by(made), nullptr);
  }
}

TEST(setup, ends_with_what_the_server_says_of_a_policy_that_it_does_not_take) {
  pretended_server server("8.10.4", R"({"error":{"type":"bad_policy","reason":"too bad"}})");
  EXPECT_THAT(server.set_up(), testing::ElementsAre(HasSubstr("bad_policy: too bad")));
  EXPECT_TRUE(server.taken(logs).is_null());
}

TEST(setup, says_where_it_may_not_see_to_the_streams_that_are_there) {
  pretended_server server("8.19.0");
  server.streams_status = 403;
  EXPECT_THAT(server.set_up(), Contains(HasSubstr("NO NEW INDEXES: streams keep their fields")));
  EXPECT_FALSE(server.taken(logs).is_null());
  server.streams_status = 500;
  EXPECT_THAT(server.set_up(), testing::ElementsAre(HasSubstr("the server says 500")));
}

TEST(setup, puts_nothing_where_something_else_answers) {
  pretended_server server("");
  EXPECT_THAT(server.set_up(), testing::ElementsAre(HasSubstr("neither Elasticsearch nor")));
  EXPECT_TRUE(server.taken(logs).is_null());
}

TEST(setup, says_what_lies_at_the_bottom_of_a_refusal) {
  pretended_server server("7.10.2");
  server.templates_refused =
      R"({"error":{"root_cause":[{"type":"illegal_argument_exception","reason":"invalid"}],)"
      R"("type":"illegal_argument_exception","reason":"invalid","caused_by":)"
      R"({"type":"x","reason":"unknown field [data_stream]"}}})";
  EXPECT_THAT(server.set_up(),
              testing::ElementsAre(
                  HasSubstr("illegal_argument_exception: invalid (unknown field [data_stream])")));
}

}  // namespace
}  // namespace oficio::elasticsearch
