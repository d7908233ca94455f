// What comes of a search server that is killed, hangs or takes no writes.

#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

#include "conformance/search/search_server.hpp"
#include "conformance/support.hpp"
#include "drivers/elasticsearch/opening.hpp"
#include "platform/config/settings.hpp"

namespace oficio::search::conformance {
namespace {

using oficio::conformance::run;
using oficio::conformance::run_all;
using std::chrono::steady_clock;

constexpr auto prefix = "faulty";

schema things() {
  return {"things", {{"title", field_kind::text, 1.0}}, {}, {}};
}

void control(const std::string& what) {
  const char* command = std::getenv("OFICIO_TEST_CONTROL");
  ASSERT_NE(command, nullptr);
  ASSERT_EQ(std::system((std::string(command) + " " + what + " elasticsearch").c_str()), 0);
}

class search_faults : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::getenv("OFICIO_TEST_CONTROL")) GTEST_SKIP() << "nothing controls the server";
    server_.forget(prefix);
    index_ = server_.open(prefix, things());
    ASSERT_TRUE(put("a", 1).has_value());
  }
  void TearDown() override {
    index_.reset();
    if (std::getenv("OFICIO_TEST_CONTROL")) server_.forget(prefix);
  }

  result<void> put(const std::string& id, std::int64_t version,
                   std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    document d{.id = id, .body = "{}"};
    d.values = {{"title", "Thing " + id}};
    std::vector<versioned> all{{std::move(d), version, false}};
    return run(index_->put(in(patience), std::move(all)));
  }
  result<page> search(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    query q;
    q.text = "thing";
    return run(index_->search(in(patience), std::move(q)));
  }
  static context in(std::chrono::milliseconds patience) {
    context ctx;
    ctx.deadline = steady_clock::now() + patience;
    return ctx;
  }
  template <class Condition>
  static bool eventually(Condition holds) {
    auto until = steady_clock::now() + std::chrono::minutes(2);
    while (!holds()) {
      if (steady_clock::now() >= until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
  }

  search_server server_;
  std::unique_ptr<index> index_;
};

TEST_F(search_faults, a_server_that_was_killed_is_found_again_with_everything) {
  control("kill");
  auto lost = put("a", 2);
  ASSERT_FALSE(lost.has_value());
  EXPECT_EQ(lost.error().kind, errc::unavailable);
  EXPECT_EQ(lost.error().code, "search_unavailable");
  EXPECT_GT(lost.error().retry_after.count(), 0);
  EXPECT_EQ(search().error().code, "search_unavailable");
  EXPECT_FALSE(run(index_->ping(in(std::chrono::seconds(2)))).has_value());
  control("start");
  EXPECT_TRUE(eventually([&] { return put("a", 2).has_value(); }));
  EXPECT_EQ(run(index_->get(in(std::chrono::seconds(10)), "a")).value()->version, 2);
  EXPECT_TRUE(eventually([&] {
    auto found = search();
    return found && found->total == 1;
  }));
  EXPECT_TRUE(run(index_->ping(in(std::chrono::seconds(10)))).has_value());
}

TEST_F(search_faults, a_server_that_hangs_is_soon_not_waited_for) {
  control("pause");
  auto late = search(std::chrono::milliseconds(1'200));
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().kind, errc::timeout);
  auto late_soon = in(std::chrono::milliseconds(1'200));
  std::vector<awaitable<result<page>>> many;
  for (int i = 0; i < 6; ++i) many.push_back(index_->search(late_soon, query{.text = "thing"}));
  for (const auto& one : run_all(std::move(many))) EXPECT_FALSE(one.has_value());
  EXPECT_TRUE(eventually([&] {
    auto now = search(std::chrono::milliseconds(1'200));
    return !now && now.error().code == "search_unavailable";
  })) << "in the end nobody is made to wait";
  control("resume");
  EXPECT_TRUE(eventually([&] { return search().has_value(); }));
  EXPECT_TRUE(put("a", 2).has_value());
}

TEST_F(search_faults, an_index_that_takes_no_writes_says_why_and_is_read_on) {
  auto block = [&](json::value on) {
    json::object settings{{"index.blocks.read_only_allow_delete", std::move(on)}};
    return server_.ask(http::method::put, "/faulty-things/_settings", std::move(settings)).good();
  };
  EXPECT_TRUE(eventually([&] { return search().value().total == 1; }));
  ASSERT_TRUE(block(true));
  auto refused = put("a", 2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, errc::unavailable);
  EXPECT_EQ(refused.error().code, "search_unavailable");
  EXPECT_NE(refused.error().detail.find("read-only"), std::string::npos) << refused.error().detail;
  EXPECT_EQ(search().value().total, 1);
  ASSERT_TRUE(block(nullptr));
  EXPECT_TRUE(put("a", 2).has_value());
}

TEST_F(search_faults, an_index_that_was_deleted_is_not_made_up_anew_by_a_write) {
  server_.ask(http::method::del, "/faulty-things-000001");
  EXPECT_EQ(put("a", 2).error().code, "search_unavailable");
  EXPECT_EQ(search().error().code, "search_unavailable");
  // The next start makes it, empty: the service is told to fill it.
  index_ = server_.open(prefix, things());
  EXPECT_TRUE(run(index_->wants_all(in(std::chrono::seconds(10)))).value());
}

TEST_F(search_faults, a_start_without_a_server_names_the_setting) {
  auto nowhere = config::parse_server_address("search", "http://127.0.0.1:1/x");
  try {
    elasticsearch::open_at_start(nowhere, elasticsearch::read_place(nowhere),
                                 elasticsearch::layout(things()), "x-things",
                                 std::chrono::seconds(1));
    FAIL() << "it must not start";
  } catch (const config::wrong_setting& e) {
    EXPECT_NE(std::string(e.what()).find("search: no index can be opened at http://127.0.0.1:1"),
              std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace oficio::search::conformance
