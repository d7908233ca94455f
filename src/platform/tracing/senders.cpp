#include "platform/tracing/calls.hpp"
#include "platform/tracing/parts.hpp"

namespace oficio::tracing {
namespace {

using detail::calls;

class watched_mail final : public mail::transport {
 public:
  watched_mail(part p, std::unique_ptr<mail::transport> of)
      : calls_(std::move(p), "mail"), of_(std::move(of)) {}

  awaitable<result<void>> send(const context& ctx, mail::message m) override {
    return calls_.over(ctx, "send", "mail", {}, of_->send(ctx, std::move(m)));
  }
  awaitable<result<void>> ping(const context& ctx) override { return of_->ping(ctx); }

 private:
  const calls calls_;
  std::unique_ptr<mail::transport> of_;
};

class watched_payments final : public payments::provider {
 public:
  watched_payments(part p, std::unique_ptr<payments::provider> of)
      : calls_(std::move(p), "external"), of_(std::move(of)) {}

  awaitable<result<payments::charge>> start(const context& ctx, std::string attempt_id,
                                            money amount, payments::card with) override {
    return calls_.over(ctx, "send", "charge", {},
                       of_->start(ctx, std::move(attempt_id), std::move(amount), std::move(with)));
  }
  awaitable<result<payments::charge>> confirm(const context& ctx, std::string attempt_id,
                                              std::string token) override {
    return calls_.over(ctx, "send", "confirm", {},
                       of_->confirm(ctx, std::move(attempt_id), std::move(token)));
  }
  awaitable<result<std::optional<payments::charge>>> lookup(const context& ctx,
                                                            std::string attempt_id) override {
    return calls_.over(ctx, "query", "lookup", {}, of_->lookup(ctx, std::move(attempt_id)));
  }
  awaitable<result<void>> refund(const context& ctx, std::string attempt_id) override {
    return calls_.over(ctx, "send", "refund", {}, of_->refund(ctx, std::move(attempt_id)));
  }
  std::string_view signature_header() const override { return of_->signature_header(); }
  result<payments::notice> read_notice(std::string_view signature,
                                       std::string_view body) const override {
    return of_->read_notice(signature, body);
  }

 private:
  const calls calls_;
  std::unique_ptr<payments::provider> of_;
};

class watched_bus final : public events::bus {
 public:
  watched_bus(part p, std::shared_ptr<events::bus> of,
              std::function<void(const events::envelope&)> published)
      : calls_(std::move(p), "messaging"), of_(std::move(of)), published_(std::move(published)) {}

  awaitable<result<void>> subscribe(events::queue q, events::handler h) override {
    return of_->subscribe(std::move(q), std::move(h));
  }

  awaitable<result<void>> publish(const context& ctx, std::vector<events::envelope> all) override {
    auto time_us = telemetry::now_us();
    auto began = std::chrono::steady_clock::now();
    auto done = co_await of_->publish(ctx, all);
    auto took = std::chrono::duration_cast<std::chrono::microseconds>(
                    std::chrono::steady_clock::now() - began)
                    .count();
    for (const auto& e : all) {
      tell(e, time_us, took, done.has_value());
      if (done.has_value() && !e.republished && published_) published_(e);
    }
    co_return done;
  }

  awaitable<result<std::vector<events::dead_letter>>> dead_letters(const context& ctx,
                                                                   std::size_t limit) override {
    return of_->dead_letters(ctx, limit);
  }
  awaitable<result<void>> replay(const context& ctx, std::string event_id,
                                 std::string queue_name) override {
    return of_->replay(ctx, std::move(event_id), std::move(queue_name));
  }
  awaitable<result<std::vector<events::queue_status>>> status(const context& ctx) override {
    return of_->status(ctx);
  }
  awaitable<result<bool>> lead(const context& ctx, std::string name,
                               std::function<void()> poked) override {
    return of_->lead(ctx, std::move(name), std::move(poked));
  }
  void poke(const std::string& name) override { of_->poke(name); }
  awaitable<void> stop(std::chrono::milliseconds at_most) override { return of_->stop(at_most); }

 private:
  // The event names the work that raised it, which is over: its span stands alone.
  void tell(const events::envelope& e, std::int64_t time_us, std::int64_t took, bool done) const {
    if (e.traceparent.size() < 55) return;
    if (!calls_.tracer().would_keep(std::string_view(e.traceparent).substr(3, 32))) return;
    telemetry::span_facts s;
    s.trace = {e.traceparent.substr(3, 32), telemetry::span_id(), e.traceparent.substr(36, 16)};
    s.transaction_id = s.trace.parent_id;
    s.service = e.source.substr(e.source.rfind('/') + 1);
    s.name = "publish " + e.type;
    s.type = "messaging";
    s.subtype = calls_.kind();
    s.action = "send";
    s.target = calls_.target();
    s.time_us = time_us;
    s.duration_us = took;
    if (!done) s.outcome = "failure";
    calls_.tracer().tell(std::move(s));
  }

  const calls calls_;
  std::shared_ptr<events::bus> of_;
  const std::function<void(const events::envelope&)> published_;
};

}  // namespace

std::unique_ptr<mail::transport> watch(part p, std::unique_ptr<mail::transport> of) {
  return std::make_unique<watched_mail>(std::move(p), std::move(of));
}

std::unique_ptr<payments::provider> watch(part p, std::unique_ptr<payments::provider> of) {
  return std::make_unique<watched_payments>(std::move(p), std::move(of));
}

std::shared_ptr<events::bus> watch(part p, std::shared_ptr<events::bus> of,
                                   std::function<void(const events::envelope&)> published) {
  return std::make_shared<watched_bus>(std::move(p), std::move(of), std::move(published));
}

}  // namespace oficio::tracing
