// How an index is rebuilt beside its use, and what comes of a rebuilding that is broken off.

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "conformance/search/search_server.hpp"
#include "conformance/support.hpp"

namespace oficio::search::conformance {
namespace {

using oficio::conformance::run;

constexpr auto prefix = "rebuilt";
constexpr auto alias = "/rebuilt-things";

schema things() {
  return {"things", {{"title", field_kind::text, 1.0}, {"price", field_kind::number}}, {}, {}};
}

versioned thing(const std::string& id, std::int64_t version) {
  document d{.id = id, .body = R"({"id":")" + id + R"("})"};
  d.values = {{"title", "Thing number " + id}, {"price", version}};
  return {std::move(d), version, false};
}

versioned gone(const std::string& id, std::int64_t version) {
  document d;
  d.id = id;
  return {std::move(d), version, true};
}

context patient() {
  context ctx;
  ctx.deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  return ctx;
}

class rebuilding_index : public testing::Test {
 protected:
  void SetUp() override {
    server_.forget(prefix);
    index_ = server_.open(prefix, things());
  }
  void TearDown() override {
    index_.reset();
    server_.forget(prefix);
  }

  result<void> put(std::vector<versioned> all) {
    return run(index_->put(patient(), std::move(all)));
  }
  result<std::unique_ptr<rebuilding>> rebuild() { return run(index_->rebuild(patient())); }
  std::int64_t version_of(const std::string& id) {
    auto found = run(index_->get(patient(), id)).value();
    return found ? found->version : 0;
  }
  std::int64_t total() {
    server_.ask(http::method::post, std::string(alias) + "/_refresh");
    return run(index_->search(patient(), {})).value().total;
  }
  std::vector<std::string> indexes() {
    std::vector<std::string> out;
    auto said = server_.ask(http::method::get, std::string(alias) + "-0*/_settings/index.uuid");
    for (const auto& one : said.body.as_object()) out.emplace_back(one.key());
    return out;
  }
  // As if the one who holds the lease had ended half a minute ago.
  void let_lease_run_out() {
    server_.ask(http::method::put, std::string(alias) + "-lease/_doc/rebuilding",
                json::object{{"owner", "somebody"}, {"until_ms", 1}});
  }

  search_server server_;
  std::unique_ptr<index> index_;
};

TEST_F(rebuilding_index, takes_the_place_of_the_old_one) {
  ASSERT_TRUE(put({thing("a", 1), thing("b", 1), thing("lost", 1)}));
  ASSERT_TRUE(put({gone("c", 7)}));
  auto fresh = rebuild().value();
  ASSERT_TRUE(run(fresh->put(patient(), {thing("a", 1), thing("b", 1)})).has_value());
  EXPECT_EQ(version_of("lost"), 1) << "the old one is in use until the end";
  ASSERT_TRUE(run(fresh->finish(patient())).has_value());
  EXPECT_EQ(indexes(), std::vector<std::string>{"rebuilt-things-000002"});
  EXPECT_EQ(version_of("lost"), 0) << "what the database has not is not there any more";
  EXPECT_EQ(total(), 2);
  // What was removed lately stays removed, and versions hold.
  ASSERT_TRUE(put({thing("c", 6), thing("a", 1), thing("b", 2)}));
  EXPECT_EQ(version_of("c"), 0);
  EXPECT_EQ(version_of("b"), 2);
  EXPECT_FALSE(run(index_->wants_all(patient())).value());
}

TEST_F(rebuilding_index, loses_no_write_and_hides_none) {
  constexpr int things_there = 300;
  // What the database has: written there first, then put into the index, as services do.
  std::mutex guard;
  std::map<std::string, versioned> database;
  for (int i = 0; i < things_there; ++i) {
    auto id = "t" + std::to_string(i);
    database.emplace(id, thing(id, 1));
  }
  auto all_of_database = [&] {
    std::lock_guard lock(guard);
    std::vector<versioned> all;
    for (const auto& [id, one] : database) all.push_back(one);
    return all;
  };
  ASSERT_TRUE(put(all_of_database()).has_value());

  // Writes one thing after another and reads each at once, as a seller does.
  std::atomic<bool> enough{false};
  std::string wrong;
  std::int64_t writes = 0;
  std::jthread writer([&] {
    for (std::int64_t n = 2; !enough; ++n, ++writes) {
      auto id = "t" + std::to_string(n % (things_there + 50));
      bool removed = n % 7 == 0;
      auto now = removed ? gone(id, n) : thing(id, n);
      {
        std::lock_guard lock(guard);
        database.insert_or_assign(id, now);
      }
      auto done = put({now});
      if (!done) wrong = "put: " + done.error().detail;
      auto seen = version_of(id);
      if (seen != (removed ? 0 : n)) wrong = id + " is seen as " + std::to_string(seen);
    }
  });
  for (int round = 0; round < 3; ++round) {
    auto fresh = rebuild();
    ASSERT_TRUE(fresh.has_value()) << fresh.error().detail;
    // Whatever is written from here on, the old index brings over.
    ASSERT_TRUE(run((*fresh)->put(patient(), all_of_database())).has_value());
    auto done = run((*fresh)->finish(patient()));
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  }
  enough = true;
  writer.join();
  EXPECT_EQ(wrong, "");
  EXPECT_GT(writes, 20);
  for (const auto& [id, one] : database) {
    EXPECT_EQ(version_of(id), one.removed ? 0 : one.version) << id;
  }
  EXPECT_EQ(indexes(), std::vector<std::string>{"rebuilt-things-000004"});
}

TEST_F(rebuilding_index, is_done_by_one_at_a_time) {
  auto fresh = rebuild().value();
  auto second = rebuild();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, "rebuild_running");
  ASSERT_TRUE(run(fresh->finish(patient())).has_value());
  EXPECT_TRUE(rebuild().has_value());
}

TEST_F(rebuilding_index, needs_no_index_that_is_made_up) {
  auto make_up = [this](json::value yes) {
    json::object settings{{"persistent", {{"action.auto_create_index", std::move(yes)}}}};
    ASSERT_TRUE(server_.ask(http::method::put, "/_cluster/settings", std::move(settings)).good());
  };
  ASSERT_TRUE(put({thing("a", 1)}));
  make_up("false");
  auto fresh = rebuild();
  EXPECT_TRUE(fresh.has_value()) << fresh.error().detail;
  if (fresh) EXPECT_TRUE(run((*fresh)->finish(patient())).has_value());
  make_up(nullptr);
  // No copies are wanted of it where there is no second node to have them.
  auto health = server_.ask(http::method::get, "/_cluster/health/rebuilt-things-lease");
  EXPECT_EQ(health.body.at("status").as_string(), "green");
}

TEST_F(rebuilding_index, may_be_broken_off_and_begun_again) {
  ASSERT_TRUE(put({thing("a", 1)}));
  auto broken_off = rebuild().value();
  ASSERT_TRUE(run(broken_off->put(patient(), {thing("a", 1)})).has_value());
  EXPECT_EQ(indexes().size(), 2U);
  let_lease_run_out();
  auto late = run(broken_off->finish(patient()));
  ASSERT_FALSE(late.has_value()) << "somebody else may have begun";
  EXPECT_EQ(late.error().code, "rebuild_lost");
  auto fresh = rebuild().value();
  ASSERT_TRUE(run(fresh->put(patient(), {thing("a", 1)})).has_value());
  ASSERT_TRUE(run(fresh->finish(patient())).has_value());
  EXPECT_EQ(indexes().size(), 1U);
  EXPECT_EQ(version_of("a"), 1);
}

TEST_F(rebuilding_index, that_ended_in_its_last_moments_closes_nothing_for_long) {
  ASSERT_TRUE(put({thing("a", 1)}));
  let_lease_run_out();
  ASSERT_TRUE(server_.ask(http::method::put, "/rebuilt-things-000001/_block/write").good());
  auto done = put({thing("a", 2)});
  EXPECT_TRUE(done.has_value()) << done.error().detail;
  EXPECT_EQ(version_of("a"), 2);
}

TEST_F(rebuilding_index, that_others_closed_stays_closed) {
  ASSERT_TRUE(server_.ask(http::method::put, "/rebuilt-things-000001/_block/write").good());
  auto done = put({thing("a", 2)});
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, "search_unavailable");
}

TEST_F(rebuilding_index, leaves_old_tombstones_behind) {
  std::string lines;
  constexpr int old_ones = 10'700;
  for (int i = 0; i < old_ones; ++i) {
    auto id = "old" + std::to_string(i);
    json::object action{{"_id", id}, {"version", 5'000}, {"version_type", "external"}};
    json::object source{{"id", id}, {"removed", true}, {"shown", false}, {"removed_at", i}};
    lines += json::to_text(json::value(json::object{{"index", std::move(action)}})) + "\n" +
             json::to_text(json::value(std::move(source))) + "\n";
  }
  auto ctx = patient();
  ASSERT_TRUE(
      run(server_.raw().put_lines(ctx, std::string(alias) + "/_bulk", lines)).value().good());
  auto fresh = rebuild().value();
  ASSERT_TRUE(run(fresh->finish(patient())).has_value());
  server_.ask(http::method::post, std::string(alias) + "/_refresh");
  auto said = server_.ask(http::method::get, std::string(alias) + "/_count");
  auto left = elasticsearch::integer_of(elasticsearch::find(said.body, {"count"}));
  EXPECT_GE(left, 10'000);
  EXPECT_LE(left, 10'200);
  // The latest are still known.
  ASSERT_TRUE(put({thing("old10699", 4)}));
  EXPECT_EQ(version_of("old10699"), 0);
}

}  // namespace
}  // namespace oficio::search::conformance
