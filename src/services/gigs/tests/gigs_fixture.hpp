#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/pictures/vips.hpp"
#include "platform/base/uuid.hpp"
#include "platform/json/json.hpp"
#include "services/gigs/gig.hpp"
#include "services/gigs/module.hpp"

namespace oficio::gigs {

// An index that can be away.
class fragile_index : public search::index {
 public:
  explicit fragile_index(std::unique_ptr<search::index> real) : real_(std::move(real)) {}
  std::atomic<bool> away = false;

  awaitable<result<void>> put(const context& ctx,
                              std::vector<search::versioned> documents) override;
  awaitable<result<std::optional<search::hit>>> get(const context& ctx, std::string id) override {
    return real_->get(ctx, std::move(id));
  }
  awaitable<result<std::vector<search::hit>>> get_many(const context& ctx,
                                                       std::vector<std::string> ids) override {
    return real_->get_many(ctx, std::move(ids));
  }
  awaitable<result<search::page>> search(const context& ctx, search::query q) override {
    return real_->search(ctx, std::move(q));
  }
  awaitable<result<search::completions>> complete(const context& ctx,
                                                  search::completion_query q) override {
    return real_->complete(ctx, std::move(q));
  }
  awaitable<result<std::vector<search::hit>>> similar(const context& ctx,
                                                      search::likeness_query q) override {
    return real_->similar(ctx, std::move(q));
  }
  awaitable<result<bool>> wants_all(const context& ctx) override { return real_->wants_all(ctx); }
  awaitable<result<void>> ping(const context& ctx) override { return real_->ping(ctx); }

 private:
  std::unique_ptr<search::index> real_;
};

// The service on databases of its own, talked to through its routes and its subscriptions.
class gigs_fixture : public testing::Test {
 protected:
  gigs_fixture();
  ~gigs_fixture() override;

  struct answer {
    int status = 0;
    json::value body;
    std::string etag;
    std::string code() const;
    std::string id() const { return std::string(body.at("id").as_string()); }
    std::vector<std::string> ids() const;
    // "pointer code" of each violation
    std::vector<std::string> errors() const;
  };

  using header_list = std::vector<std::pair<std::string, std::string>>;
  answer call(http::method m, const std::string& target, const identity& who,
              const json::value& body = {}, const header_list& headers = {});
  answer get(const std::string& target, const identity& who = {}) {
    return call(http::method::get, target, who);
  }

  static identity person(const std::string& name);
  // Somebody who has just signed up.
  identity new_account(const std::string& name) {
    auto who = person(name);
    who.sub = uuid_v7(clock_.now());
    return who;
  }
  static json::object draft(const std::string& title = "I will design a logo for you");
  // A gig by `who`, who is made a seller first.
  std::string offer(const identity& who, json::object body = draft());

  // Hands an event to those of our queues that want it.
  result<void> tell(const std::string& type, json::object data, std::int64_t version,
                    const std::string& subject = "subject");
  void become_seller(const identity& who, std::int64_t version = 1, json::object more = {});
  // The service once more, on an index in that file, as after a restart.
  void start(const std::string& index_file);
  // What waits to be published; forgotten once told here.
  std::vector<events::envelope> published();

  template <class T>
  T run(awaitable<T> work) {
    auto done = boost::asio::co_spawn(boost::asio::make_strand(io_), std::move(work),
                                      boost::asio::use_future);
    io_.restart();
    io_.run();
    return done.get();
  }

  wall_clock clock_;
  runtime::application app_{{.io_threads = 1, .blocking_threads = 2}};
  boost::asio::io_context io_;
  std::filesystem::path folder_;
  std::unique_ptr<documents::database> database_;
  std::unique_ptr<fragile_index> index_;
  std::unique_ptr<pictures::studio> studio_ = pictures::make_vips_studio();
  std::unique_ptr<hosting::service> service_;
  identity ana_ = person("ana");
  identity bob_ = person("bob");
};

}  // namespace oficio::gigs
