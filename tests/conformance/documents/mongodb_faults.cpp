#include <atomic>
#include <set>

#include "fixture.hpp"
#include "test_documents.hpp"

// What becomes of calls while the server is killed, comes back, or does not answer.
namespace oficio::documents::conformance {
namespace {

using std::chrono::steady_clock;

void control(const std::string& what) {
  const char* command = std::getenv("OFICIO_TEST_CONTROL");
  if (!command) throw std::runtime_error("OFICIO_TEST_CONTROL is not set");
  if (std::system((std::string(command) + " " + what + " mongodb").c_str()) != 0) {
    throw std::runtime_error("the server cannot be told to " + what);
  }
}

class documents_faults : public documents_conformance {
 protected:
  result<stored<item>> insert(const std::string& id, std::chrono::milliseconds patience) {
    context ctx = context::for_system(patience);
    return run(items_->insert(ctx, {.id = id, .shop = id, .slug = id}));
  }

  // Until a call gets through again; false after half a minute.
  bool comes_back() {
    auto until = steady_clock::now() + 30s;
    for (int i = 0; steady_clock::now() < until; ++i) {
      if (insert("back" + std::to_string(i), 5s)) return true;
    }
    return false;
  }

  // Writes one document after another until it is told to stop, whatever becomes of each.
  awaitable<std::set<std::string>> write_on(std::string name) {
    std::set<std::string> confirmed;
    for (int i = 0; !enough_; ++i) {
      context ctx = context::for_system(2s);
      std::string id = name + std::to_string(i);
      item next{.id = id, .shop = id, .slug = id};
      auto written = co_await items_->insert(ctx, std::move(next));
      if (written) {
        confirmed.insert(id);
        ++confirmed_;
      } else {
        auto kind = written.error().kind;
        if (kind != errc::unavailable && kind != errc::timeout) ++odd_;
      }
    }
    co_return confirmed;
  }

  bool wait_for(const std::function<bool()>& condition) {
    auto until = steady_clock::now() + 30s;
    while (!condition()) {
      if (steady_clock::now() > until) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }

  std::atomic<bool> enough_ = false;
  std::atomic<int> confirmed_ = 0;
  std::atomic<int> odd_ = 0;  // errors that are neither unavailable nor timeout
};

TEST_P(documents_faults, loses_no_confirmed_write_when_the_server_is_killed) {
  std::vector<std::future<std::set<std::string>>> writers;
  for (int i = 0; i < 3; ++i) writers.push_back(start(write_on("w" + std::to_string(i) + "-")));
  for (int round = 1; round <= 2; ++round) {
    int before = confirmed_;
    EXPECT_TRUE(wait_for([&] { return confirmed_ >= before + 20; }));
    control("kill");
    control("start");
  }
  int before = confirmed_;
  EXPECT_TRUE(wait_for([&] { return confirmed_ >= before + 20; }));
  enough_ = true;
  for (auto& w : writers) {
    for (const auto& id : w.get()) {
      EXPECT_TRUE(run(items_->get(ctx_, id)).value().has_value()) << id;
    }
  }
  EXPECT_EQ(odd_, 0);
}

TEST_P(documents_faults, fails_fast_without_a_server_says_why_and_recovers) {
  put({.id = "a", .shop = "s", .slug = "1"}, {fact("test.made")});
  control("kill");
  EXPECT_EQ(insert("b", 30s).error().kind, errc::unavailable);
  // From now on at once, however long the caller would wait.
  auto began = steady_clock::now();
  for (int i = 0; i < 50; ++i) {
    auto refused = insert("b", 30s);
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, "database_unavailable");
    EXPECT_GT(refused.error().retry_after, 0s);
  }
  EXPECT_LT(steady_clock::now() - began, 10s);
  auto ping = run(database_->ping(ctx_));
  ASSERT_TRUE(ping.has_error());
  EXPECT_NE(ping.error().detail.find("127.0.0.1"), std::string::npos) << ping.error().detail;
  EXPECT_EQ(ping.error().detail.find('@'), std::string::npos) << ping.error().detail;
  control("start");
  EXPECT_TRUE(comes_back());
  EXPECT_TRUE(run(database_->ping(ctx_)).has_value());
  EXPECT_EQ(pending().size(), 1U);
}

TEST_P(documents_faults, keeps_deadlines_while_the_server_does_not_answer) {
  put({.id = "a", .shop = "s", .slug = "1"});
  control("pause");
  auto began = steady_clock::now();
  for (int i = 0; i < 6; ++i) {
    auto late = insert("late" + std::to_string(i), 200ms);
    ASSERT_TRUE(late.has_error());
    EXPECT_TRUE(late.error().kind == errc::timeout || late.error().kind == errc::unavailable)
        << late.error().code;
  }
  context ctx = context::for_system(200ms);
  EXPECT_TRUE(run(items_->find(ctx, {})).has_error());
  EXPECT_TRUE(run(database_->ping(context::for_system(200ms))).has_error());
  // Far from the minute that a socket would be waited for.
  EXPECT_LT(steady_clock::now() - began, 20s);
  control("resume");
  EXPECT_TRUE(comes_back());
  EXPECT_TRUE(run(items_->get(ctx_, "a")).value().has_value());
}

INSTANTIATE_TEST_SUITE_P(all, documents_faults,
                         testing::Values(backend{
                             "mongodb",
                             [](const std::string& folder, runtime::blocking_pool& pool) {
                               return oficio::mongodb::test_documents(folder, "documents", pool);
                             }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace oficio::documents::conformance
