#include "platform/tracing/parts.hpp"

#include "drivers/embedded/cache/cache.hpp"
#include "platform/tracing/tests/traced.hpp"

namespace oficio::tracing {
namespace {

// Answers everything with what the test wants.
class pretended_collection final : public documents::driver {
 public:
  explicit pretended_collection(const std::optional<error>& failure) : failure_(failure) {}

  awaitable<result<std::optional<documents::record>>> get(const context&, std::string) override {
    if (failure_) co_return *failure_;
    co_return std::optional<documents::record>();
  }
  awaitable<result<std::vector<documents::record>>> find(const context&,
                                                         documents::query) override {
    co_return std::vector<documents::record>();
  }
  awaitable<result<std::int64_t>> count(const context&,
                                        std::vector<documents::condition>) override {
    co_return 0;
  }
  awaitable<result<void>> insert(const context&, documents::record) override {
    if (failure_) co_return *failure_;
    co_return result<void>{};
  }
  awaitable<result<void>> replace(const context&, documents::record, std::int64_t) override {
    co_return result<void>{};
  }
  awaitable<result<std::vector<documents::record>>> with_outbox(const context&,
                                                                std::size_t) override {
    co_return std::vector<documents::record>();
  }
  awaitable<result<void>> confirm(const context&, std::string, std::vector<std::string>) override {
    co_return result<void>{};
  }

 private:
  const std::optional<error>& failure_;
};

class pretended_documents final : public documents::database {
 public:
  explicit pretended_documents(const std::optional<error>& failure) : failure_(failure) {}
  std::unique_ptr<documents::driver> open(documents::collection_spec) override {
    return std::make_unique<pretended_collection>(failure_);
  }
  awaitable<result<void>> ping(const context&) override { co_return result<void>{}; }

 private:
  const std::optional<error>& failure_;
};

class pretended_bus final : public events::bus {
 public:
  awaitable<result<void>> subscribe(events::queue, events::handler) override {
    co_return result<void>{};
  }
  awaitable<result<void>> publish(const context&, std::vector<events::envelope>) override {
    if (away) co_return error{errc::unavailable, "events_unavailable", "away"};
    co_return result<void>{};
  }
  awaitable<result<std::vector<events::dead_letter>>> dead_letters(const context&,
                                                                   std::size_t) override {
    co_return std::vector<events::dead_letter>();
  }
  awaitable<result<void>> replay(const context&, std::string, std::string) override {
    co_return result<void>{};
  }
  awaitable<result<std::vector<events::queue_status>>> status(const context&) override {
    co_return std::vector<events::queue_status>();
  }
  awaitable<void> stop(std::chrono::milliseconds) override { co_return; }

  bool away = false;
};

class parts_test : public traced_test {
 protected:
  std::unique_ptr<documents::driver> a_collection() {
    database_ = watch({&by_, "mongodb", "orders"}, std::make_unique<pretended_documents>(failure_));
    return database_->open({"orders", {}});
  }

  std::optional<error> failure_;
  std::unique_ptr<documents::database> database_;
};

TEST_F(parts_test, calls_of_a_database_are_spans) {
  auto orders = a_collection();
  auto t = by_.begin("orders", "request", ctx_.trace, telemetry::caller::outside);
  ctx_.trace.sampled = t.is_recorded();
  run(orders->get(ctx_, "a"));
  run(orders->insert(ctx_, {}));
  if (t.end("success")) t.tell({});
  auto spans = kept_.of(kind::span);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(at(spans[0], "span.name"), "get orders");
  EXPECT_EQ(at(spans[0], "span.action"), "query");
  EXPECT_EQ(at(spans[0], "span.type"), "db");
  EXPECT_EQ(at(spans[0], "span.destination.service.resource"), "mongodb/orders");
  EXPECT_EQ(at(spans[1], "span.name"), "insert orders");
  EXPECT_EQ(at(spans[1], "span.action"), "write");
}

TEST_F(parts_test, a_part_that_is_away_has_failed_one_that_says_no_has_not) {
  auto orders = a_collection();
  auto t = by_.begin("orders", "request", ctx_.trace, telemetry::caller::outside);
  ctx_.trace.sampled = t.is_recorded();
  failure_ = error{errc::conflict, "duplicate", "id"};
  EXPECT_FALSE(run(orders->insert(ctx_, {})).has_value());
  failure_ = error{errc::unavailable, "database_unavailable", "away"};
  EXPECT_FALSE(run(orders->insert(ctx_, {})).has_value());
  if (t.end("success")) t.tell({});
  auto spans = kept_.of(kind::span);
  EXPECT_EQ(at(spans[0], "event.outcome"), "success");
  EXPECT_EQ(at(spans[1], "event.outcome"), "failure");
}

TEST_F(parts_test, calls_are_counted_by_their_duration_recorded_or_not) {
  telemetry::metrics figures;
  for (auto* by : {&by_, static_cast<telemetry::tracer*>(nullptr)}) {
    auto cache = watch({by, "redis", "cache", &figures}, embedded::make_memory_cache());
    EXPECT_TRUE(run(cache->put(ctx_, "k", "v", std::chrono::seconds(9))).has_value());
    EXPECT_TRUE(run(cache->get(ctx_, "k")).has_value());
    EXPECT_TRUE(run(cache->get(ctx_, "k")).has_value());
  }
  auto text = figures.text();
  std::string name = "oficio_call_duration_seconds_count{part=\"redis/cache\",action=";
  EXPECT_NE(text.find(name + "\"query\"} 4\n"), std::string::npos) << text;
  EXPECT_NE(text.find(name + "\"change\"} 2\n"), std::string::npos) << text;
}

TEST_F(parts_test, without_a_transaction_the_part_works_just_as_well) {
  auto orders = a_collection();
  EXPECT_TRUE(run(orders->get(ctx_, "a")).has_value());
  auto cache = watch({&by_, "redis", "cache"}, embedded::make_memory_cache());
  EXPECT_TRUE(run(cache->put(ctx_, "k", "v", std::chrono::seconds(9))).has_value());
  EXPECT_EQ(run(cache->get(ctx_, "k"))->value(), "v");
  EXPECT_EQ(kept_.size(), 0U);
}

TEST_F(parts_test, an_events_way_belongs_to_the_work_that_raised_it) {
  std::vector<std::string> published;
  auto pretended = std::make_shared<pretended_bus>();
  auto bus =
      watch({&by_, "rabbitmq", "events"}, pretended, [&published](const events::envelope& e) {
        return [&published, type = e.type] { published.push_back(type); };
      });
  events::envelope e;
  e.type = "orders.order.paid";
  e.source = "/oficio/orders";
  e.traceparent = ctx_.trace.header();
  EXPECT_TRUE(run(bus->publish(context::for_system(), {e})).has_value());
  EXPECT_EQ(kept_.size(), 0U);  // nobody has recorded that work
  ctx_.trace.sampled = true;
  e.traceparent = ctx_.trace.header();
  auto again = e;
  again.republished = true;
  again.traceparent = "";
  EXPECT_TRUE(run(bus->publish(context::for_system(), {e, again})).has_value());
  pretended->away = true;
  EXPECT_FALSE(run(bus->publish(context::for_system(), {e})).has_value());
  auto spans = kept_.of(kind::span);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(at(spans[0], "span.name"), "publish orders.order.paid");
  EXPECT_EQ(at(spans[0], "service.name"), "orders");
  EXPECT_EQ(at(spans[0], "trace.id"), ctx_.trace.trace_id);
  EXPECT_EQ(at(spans[0], "parent.id"), ctx_.trace.span_id);
  EXPECT_EQ(at(spans[0], "span.destination.service.resource"), "rabbitmq/events");
  EXPECT_EQ(at(spans[0], "event.outcome"), "success");
  EXPECT_EQ(at(spans[1], "event.outcome"), "failure");
  EXPECT_EQ(published, (std::vector<std::string>{"orders.order.paid", "orders.order.paid"}));
}

}  // namespace
}  // namespace oficio::tracing
