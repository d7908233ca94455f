#include "platform/cache/counting.hpp"

#include <utility>

namespace oficio::cache {
namespace {

class counting final : public store {
 public:
  counting(std::unique_ptr<store> of, telemetry::metrics& to)
      : of_(std::move(of)),
        hits_(reads(to, "hit")),
        misses_(reads(to, "miss")),
        failures_(reads(to, "failed")) {}

  awaitable<result<std::optional<std::string>>> get(const context& ctx, std::string key) override {
    auto found = co_await of_->get(ctx, std::move(key));
    auto& counted = found.has_error() ? failures_ : found->has_value() ? hits_ : misses_;
    counted.add();
    co_return found;
  }
  awaitable<result<void>> put(const context& ctx, std::string key, std::string value,
                              std::chrono::milliseconds ttl) override {
    return of_->put(ctx, std::move(key), std::move(value), ttl);
  }
  awaitable<result<void>> erase(const context& ctx, std::string key) override {
    return of_->erase(ctx, std::move(key));
  }
  awaitable<result<std::int64_t>> add(const context& ctx, std::string key, std::int64_t amount,
                                      std::chrono::milliseconds ttl) override {
    return of_->add(ctx, std::move(key), amount, ttl);
  }
  awaitable<result<void>> publish(const context& ctx, std::string channel,
                                  std::string message) override {
    return of_->publish(ctx, std::move(channel), std::move(message));
  }
  std::unique_ptr<subscription> subscribe(std::string channel, listener hear) override {
    return of_->subscribe(std::move(channel), std::move(hear));
  }
  awaitable<result<void>> ping(const context& ctx) override { return of_->ping(ctx); }

 private:
  static telemetry::counter& reads(telemetry::metrics& to, const char* result) {
    return to.count("oficio_cache_reads_total", "What was looked for in the cache",
                    {{"result", result}});
  }

  std::unique_ptr<store> of_;
  telemetry::counter& hits_;
  telemetry::counter& misses_;
  telemetry::counter& failures_;
};

}  // namespace

std::unique_ptr<store> count(std::unique_ptr<store> of, telemetry::metrics& to) {
  return std::make_unique<counting>(std::move(of), to);
}

}  // namespace oficio::cache
