#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe.hpp>
#include <gtest/gtest.h>

#include "platform/base/random.hpp"
#include "platform/documents/collection.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::documents::conformance {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// A document database to be tested. `open` opens it again on what it kept, as after a restart;
// `folder` is an empty one of the test's own.
struct backend {
  std::string name;
  std::function<std::unique_ptr<database>(const std::string& folder, runtime::blocking_pool& pool)>
      open;
};

struct item {
  std::string id;
  std::string shop;
  std::int64_t price = 0;
  std::optional<std::string> slug;
  std::optional<std::int64_t> rank;
  bool active = true;
  std::vector<std::string> notes;
};
BOOST_DESCRIBE_STRUCT(item, (), (id, shop, price, slug, rank, active, notes))

inline collection_spec item_spec() {
  return {
      "items",
      {{"by_shop", {"shop", "price"}}, {"by_rank", {"rank"}}, {"by_slug", {"shop", "slug"}, true}}};
}

class documents_conformance : public testing::TestWithParam<backend> {
 protected:
  documents_conformance()
      : folder_(std::filesystem::temp_directory_path() / ("oficio-" + random_hex(8))),
        work_(asio::make_work_guard(io_)) {
    std::filesystem::create_directories(folder_);
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
    open();
  }

  ~documents_conformance() override {
    items_.reset();
    database_.reset();
    work_.reset();
    for (auto& t : threads_) t.join();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    items_.reset();
    database_.reset();
    database_ = GetParam().open(folder_.string(), pool_);
    items_ =
        std::make_unique<collection<item>>(database_->open(item_spec()), "/oficio/test", clock_);
  }

  // The bare driver, on the same documents as `items_`.
  std::unique_ptr<driver> bare() { return database_->open(item_spec()); }

  template <class T>
  std::future<T> start(awaitable<T> work) {
    return asio::co_spawn(asio::make_strand(io_), std::move(work), asio::use_future);
  }
  template <class T>
  T run(awaitable<T> work) {
    return start(std::move(work)).get();
  }

  void put(item i, std::vector<events::raised> raised = {}) {
    auto written = run(items_->insert(ctx_, i, std::move(raised)));
    ASSERT_TRUE(written.has_value()) << written.error().code << ' ' << written.error().detail;
  }

  std::vector<std::string> ids(query q) {
    auto found = run(items_->find(ctx_, std::move(q)));
    if (!found) return {found.error().code};
    std::vector<std::string> out;
    for (const auto& d : *found) out.push_back(d.value.id);
    return out;
  }

  std::vector<events::envelope> pending(std::size_t limit = 100) {
    return run(items_->outbox().pending(ctx_, limit)).value();
  }

  static events::raised fact(std::string type) {
    return {.type = std::move(type), .data = {{"a", 1}}, .concerns = {"somebody"}};
  }

  std::filesystem::path folder_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
  runtime::blocking_pool pool_{"test", 3, 10'000};
  wall_clock clock_;
  context ctx_{
      .who = {}, .deadline = std::chrono::steady_clock::now() + 60s, .trace = {}, .request_id = {}};
  std::unique_ptr<database> database_;
  std::unique_ptr<collection<item>> items_;
};

}  // namespace oficio::documents::conformance
