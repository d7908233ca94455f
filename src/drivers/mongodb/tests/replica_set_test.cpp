#include <gtest/gtest.h>

#include "drivers/mongodb/indexes.hpp"
#include "drivers/mongodb/kept.hpp"
#include "drivers/mongodb/servers.hpp"
#include "platform/config/server_address.hpp"
#include "scripted_server.hpp"

// What is said to the primary of a replica set, and what is made of its answers.
namespace oficio::mongodb {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using boost::json::value;
using script = scripted_server::script;

constexpr const char* written = R"({"n": 1, "nModified": 1, "ok": 1})";
constexpr const char* nothing_found =
    R"({"cursor": {"id": {"$numberLong": "0"}, "ns": "test.items", "firstBatch": []}, "ok": 1})";

std::string name_of(const object& command) {
  return std::string(command.begin()->key());
}

class replica_set : public testing::Test {
 protected:
  void start(script answers, scripted_server::kind k = scripted_server::kind::replica_set) {
    server_ = std::make_unique<scripted_server>(k, std::move(answers));
    bool of_many = k == scripted_server::kind::replica_set;
    auto address = config::parse_server_address(
        "orders.database", server_->address() + (of_many ? "?replicaSet=rs0" : ""));
    servers_ = std::make_unique<servers>(read_options(address));
  }

  template <class Work>
  auto call(Work work, std::chrono::milliseconds patience = 10s) {
    return servers_->run(std::chrono::steady_clock::now() + patience, work);
  }

  result<void> insert(std::chrono::milliseconds patience = 10s) {
    return call([&](servers::call& c) { return items_.insert(c, one_); }, patience);
  }
  result<void> replace() {
    return call([&](servers::call& c) { return items_.replace(c, one_, 1); });
  }

  const documents::collection_spec spec_{
      "items", {{"by_shop", {"shop"}}, {"by_slug", {"shop", "slug"}, true}}};
  kept items_{spec_};
  documents::record one_{.id = "a", .write_version = 2, .body = {{"id", "a"}, {"shop", "s"}}};
  std::unique_ptr<scripted_server> server_;
  std::unique_ptr<servers> servers_;
};

TEST_F(replica_set, writes_ask_for_a_majoritys_journal_until_the_deadline) {
  start([](const object&) { return written; });
  ASSERT_TRUE(insert(5s).has_value());
  auto asked = server_->asked("insert");
  ASSERT_EQ(asked.size(), 1U);
  const auto& concern = asked[0].at("writeConcern").as_object();
  EXPECT_EQ(concern.at("w"), "majority");
  EXPECT_EQ(concern.at("j"), true);
  auto patience = concern.at("wtimeout").to_number<int>();
  EXPECT_TRUE(patience > 0 && patience <= 5'000) << patience;
  const auto& sent = asked[0].at("payload").at(0).as_object();
  EXPECT_EQ(sent.at("_id"), "a");
  EXPECT_EQ(sent.at("gone"), "");
  EXPECT_EQ(sent.at("body").at("shop"), "s");
}

TEST_F(replica_set, a_write_whose_answer_is_lost_is_asked_again_as_the_same) {
  int count = 0;
  start([&](const object&) -> std::optional<std::string> {
    if (++count == 1) return std::nullopt;
    return written;
  });
  auto outcome = insert();
  ASSERT_TRUE(outcome.has_value()) << outcome.error().detail;
  auto asked = server_->asked("insert");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].at("lsid"), asked[1].at("lsid"));
  EXPECT_EQ(asked[0].at("txnNumber"), asked[1].at("txnNumber"));
}

TEST_F(replica_set, a_server_alone_is_not_asked_again) {
  start([](const object&) { return std::nullopt; }, scripted_server::kind::alone);
  EXPECT_EQ(insert().error().kind, errc::unavailable);
  EXPECT_EQ(server_->asked("insert").size(), 1U);
  EXPECT_FALSE(server_->asked("insert")[0].contains("txnNumber"));
}

TEST_F(replica_set, reads_see_what_will_stay_and_are_asked_again) {
  int count = 0;
  start([&](const object&) -> std::optional<std::string> {
    if (++count == 1) return std::nullopt;
    return nothing_found;
  });
  auto found = call([&](servers::call& c) { return items_.find(c, {.limit = 7}); }, 5s);
  ASSERT_TRUE(found.has_value()) << found.error().detail;
  auto asked = server_->asked("find");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[1].at("readConcern").at("level"), "majority");
  EXPECT_EQ(asked[1].at("limit"), 7);
  auto patience = asked[1].at("maxTimeMS").to_number<int>();
  EXPECT_TRUE(patience > 0 && patience <= 5'000) << patience;
  auto* preference = asked[1].if_contains("$readPreference");
  EXPECT_TRUE(!preference || preference->at("mode") == "primary");
}

TEST_F(replica_set, a_server_alone_is_not_asked_for_a_majority) {
  start([](const object&) { return nothing_found; }, scripted_server::kind::alone);
  ASSERT_TRUE(call([&](servers::call& c) { return items_.get(c, "a"); }).has_value());
  EXPECT_FALSE(server_->asked("find")[0].contains("readConcern"));
}

TEST_F(replica_set, a_replace_names_id_and_version_and_leaves_the_outbox_alone) {
  start([](const object&) { return written; });
  events::envelope old{.id = "e1", .source = "/s", .type = "t", .subject = "a"};
  old.data = {{"version", 1}};
  auto fresh = old;
  fresh.id = "e2";
  fresh.data = {{"version", 2}};
  one_.outbox = {old, fresh};
  ASSERT_TRUE(replace().has_value());
  auto asked = server_->asked("update");
  ASSERT_EQ(asked.size(), 1U);
  const auto& sent = asked[0].at("payload").at(0).as_object();
  EXPECT_EQ(sent.at("q"), (value{{"_id", "a"}, {"version", 1}, {"gone", ""}}));
  const auto& set = sent.at("u").at("$set").as_object();
  EXPECT_EQ(set.at("version"), 2);
  EXPECT_TRUE(set.contains("outbox.e2"));
  EXPECT_FALSE(set.contains("outbox.e1"));
  EXPECT_FALSE(set.contains("outbox"));
}

TEST_F(replica_set, duplicates_name_their_index) {
  std::string index;
  start([&](const object&) {
    return R"({"n": 0, "ok": 1, "writeErrors": [{"index": 0, "code": 11000, "errmsg":
      "E11000 duplicate key error collection: test.items index: )" +
           index + R"( dup key: { body.shop: \"s\" }"}]})";
  });
  for (const auto& [said, told] : std::vector<std::pair<std::string, std::string>>{
           {"oficio_by_slug", "by_slug"},
           {"_id_", "id"},
           {"test.items.$oficio_by_slug", "by_slug"}}) {
    index = said;
    for (auto outcome : {insert(), replace()}) {
      ASSERT_TRUE(outcome.has_error());
      EXPECT_EQ(outcome.error().kind, errc::conflict);
      EXPECT_EQ(outcome.error().code, "duplicate");
      EXPECT_EQ(outcome.error().detail, told);
    }
  }
}

TEST_F(replica_set, what_a_majority_did_not_confirm_in_time_is_late) {
  start([](const object&) {
    return R"({"n": 1, "ok": 1, "writeConcernError": {"code": 64, "codeName": "WriteConcernFailed",
      "errmsg": "waiting for replication timed out", "errInfo": {"wtimeout": true}}})";
  });
  EXPECT_EQ(insert().error().kind, errc::timeout);
}

TEST_F(replica_set, other_answers_have_their_errors) {
  std::string answer;
  start([&](const object&) { return answer; });
  for (const auto& [said, kind] : std::vector<std::pair<std::string, errc>>{
           {R"({"ok": 0, "code": 50, "errmsg": "operation exceeded time limit"})", errc::timeout},
           {R"({"ok": 0, "code": 13, "errmsg": "not authorized"})", errc::unavailable},
           {R"({"n": 0, "ok": 1, "writeErrors": [{"index": 0, "code": 17419, "errmsg": "large"}]})",
            errc::too_large}}) {
    answer = said;
    auto outcome = replace();
    ASSERT_TRUE(outcome.has_error()) << said;
    EXPECT_EQ(outcome.error().kind, kind) << said;
    EXPECT_EQ(outcome.error().detail.find("authorized"), std::string::npos);
  }
}

TEST_F(replica_set, a_primary_that_steps_down_is_unavailable_until_it_is_back) {
  std::atomic<bool> down = true;
  start([&](const object&) -> std::optional<std::string> {
    if (!down) return written;
    return R"({"ok": 0, "code": 10107, "codeName": "NotWritablePrimary", "errmsg": "not primary",
      "errorLabels": ["RetryableWriteError"]})";
  });
  EXPECT_EQ(insert().error().kind, errc::unavailable);
  down = false;
  result<void> outcome = error{};
  for (int i = 0; i < 100 && !outcome; ++i) {
    outcome = insert();
    if (!outcome) std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(outcome.has_value());
}

TEST_F(replica_set, indexes_are_made_anew_where_they_changed_and_others_are_left_alone) {
  start([](const object& command) -> std::optional<std::string> {
    if (name_of(command) != "listIndexes") return R"({"ok": 1})";
    return R"({"ok": 1, "cursor": {"id": {"$numberLong": "0"}, "ns": "test.items", "firstBatch": [
      {"v": 2, "key": {"_id": 1}, "name": "_id_"},
      {"v": 2, "key": {"due": 1, "_id": 1}, "name": "oficio_outbox.due"},
      {"v": 2, "key": {"body.shop": 1, "_id": 1}, "name": "oficio_by_shop", "unique": true},
      {"v": 2, "key": {"body.shop": 1, "gone": 1}, "name": "oficio_by_slug", "unique": true},
      {"v": 2, "key": {"body.old": 1, "_id": 1}, "name": "oficio_by_old"},
      {"v": 2, "key": {"body.shop": "text"}, "name": "by_hand"}]}})";
  });
  ASSERT_TRUE(call([&](servers::call& c) -> result<void> {
                make_indexes(c, spec_);
                return {};
              }).has_value());
  std::vector<std::string> said;
  for (const auto& one : server_->asked()) {
    if (name_of(one) == "dropIndexes")
      said.push_back("-" + std::string(one.at("index").as_string()));
    if (name_of(one) == "createIndexes") {
      said.push_back("+" + std::string(one.at("indexes").at(0).at("name").as_string()));
    }
  }
  EXPECT_EQ(said, (std::vector<std::string>{"-oficio_by_old", "-oficio_by_shop", "-oficio_by_slug",
                                            "+oficio_by_shop", "+oficio_by_slug"}));
}

TEST_F(replica_set, a_start_says_which_setting_and_what_the_server_says) {
  start(
      [](const object&) { return R"({"ok": 0, "code": 13, "errmsg": "not authorized on test"})"; });
  try {
    servers_->expect(5s);
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(),
                 "orders.database: MongoDB refuses our user or password: not authorized on test");
  }
}

}  // namespace
}  // namespace oficio::mongodb
