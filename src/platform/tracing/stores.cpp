#include "platform/tracing/calls.hpp"
#include "platform/tracing/parts.hpp"

namespace oficio::tracing {
namespace {

using detail::calls;

class watched_collection final : public documents::driver {
 public:
  watched_collection(calls c, std::unique_ptr<documents::driver> of, std::string name)
      : calls_(std::move(c)), of_(std::move(of)), name_(std::move(name)) {}

  awaitable<result<std::optional<documents::record>>> get(const context& ctx,
                                                          std::string id) override {
    return calls_.over(ctx, "query", "get", name_, of_->get(ctx, std::move(id)));
  }
  awaitable<result<std::vector<documents::record>>> find(const context& ctx,
                                                         documents::query q) override {
    return calls_.over(ctx, "query", "find", name_, of_->find(ctx, std::move(q)));
  }
  awaitable<result<std::int64_t>> count(const context& ctx,
                                        std::vector<documents::condition> where) override {
    return calls_.over(ctx, "query", "count", name_, of_->count(ctx, std::move(where)));
  }
  awaitable<result<void>> insert(const context& ctx, documents::record r) override {
    return calls_.over(ctx, "write", "insert", name_, of_->insert(ctx, std::move(r)));
  }
  awaitable<result<void>> replace(const context& ctx, documents::record r,
                                  std::int64_t expected) override {
    return calls_.over(ctx, "write", "replace", name_, of_->replace(ctx, std::move(r), expected));
  }

  // The relay's own, in nobody's name.
  awaitable<result<std::vector<documents::record>>> with_outbox(const context& ctx,
                                                                std::size_t limit) override {
    return of_->with_outbox(ctx, limit);
  }
  awaitable<result<void>> confirm(const context& ctx, std::string id,
                                  std::vector<std::string> event_ids) override {
    return of_->confirm(ctx, std::move(id), std::move(event_ids));
  }

 private:
  const calls calls_;
  std::unique_ptr<documents::driver> of_;
  const std::string name_;
};

class watched_documents final : public documents::database {
 public:
  watched_documents(part p, std::unique_ptr<documents::database> of)
      : calls_(std::move(p), "db"), of_(std::move(of)) {}

  std::unique_ptr<documents::driver> open(documents::collection_spec spec) override {
    auto name = spec.name;
    return std::make_unique<watched_collection>(calls_, of_->open(std::move(spec)), name);
  }
  awaitable<result<void>> ping(const context& ctx) override { return of_->ping(ctx); }

 private:
  const calls calls_;
  std::unique_ptr<documents::database> of_;
};

class watched_cache final : public cache::store {
 public:
  watched_cache(part p, std::unique_ptr<cache::store> of)
      : calls_(std::move(p), "cache"), of_(std::move(of)) {}

  awaitable<result<std::optional<std::string>>> get(const context& ctx, std::string key) override {
    return calls_.over(ctx, "query", "get", {}, of_->get(ctx, std::move(key)));
  }
  awaitable<result<void>> put(const context& ctx, std::string key, std::string value,
                              std::chrono::milliseconds ttl) override {
    return calls_.over(ctx, "write", "put", {},
                       of_->put(ctx, std::move(key), std::move(value), ttl));
  }
  awaitable<result<void>> erase(const context& ctx, std::string key) override {
    return calls_.over(ctx, "write", "erase", {}, of_->erase(ctx, std::move(key)));
  }
  awaitable<result<std::int64_t>> add(const context& ctx, std::string key, std::int64_t amount,
                                      std::chrono::milliseconds ttl) override {
    return calls_.over(ctx, "write", "add", {}, of_->add(ctx, std::move(key), amount, ttl));
  }
  awaitable<result<void>> publish(const context& ctx, std::string channel,
                                  std::string message) override {
    return calls_.over(ctx, "send", "publish", {},
                       of_->publish(ctx, std::move(channel), std::move(message)));
  }
  std::unique_ptr<cache::subscription> subscribe(std::string channel,
                                                 cache::listener hear) override {
    return of_->subscribe(std::move(channel), std::move(hear));
  }
  awaitable<result<void>> ping(const context& ctx) override { return of_->ping(ctx); }

 private:
  const calls calls_;
  std::unique_ptr<cache::store> of_;
};

}  // namespace

std::unique_ptr<documents::database> watch(part p, std::unique_ptr<documents::database> of) {
  return std::make_unique<watched_documents>(std::move(p), std::move(of));
}

std::unique_ptr<cache::store> watch(part p, std::unique_ptr<cache::store> of) {
  return std::make_unique<watched_cache>(std::move(p), std::move(of));
}

}  // namespace oficio::tracing
