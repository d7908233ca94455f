#include "platform/tracing/after.hpp"
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
  watched_bus(part p, std::shared_ptr<events::bus> of, once_published published)
      : calls_(std::move(p), "messaging"), of_(std::move(of)), published_(std::move(published)) {}

  awaitable<result<void>> subscribe(events::queue q, events::handler h) override {
    return of_->subscribe(std::move(q), std::move(h));
  }

  awaitable<result<void>> publish(const context& ctx, std::vector<events::envelope> all) override {
    auto after = afterwards(all);
    auto time_us = telemetry::now_us();
    auto began = std::chrono::steady_clock::now();
    auto done = co_await of_->publish(ctx, std::move(all));
    auto took = std::chrono::duration_cast<std::chrono::microseconds>(
                    std::chrono::steady_clock::now() - began)
                    .count();
    if (auto* time = calls_.time_of("send")) time->observe(std::chrono::microseconds(took));
    for (auto& s : after.steps) {
      s.time_us = time_us;
      s.duration_us = took;
      if (done.has_error()) s.outcome = "failure";
      calls_.tracer()->tell(std::move(s));
    }
    for (const auto& confirmed : after.confirmed) {
      if (done.has_value()) confirmed();
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
  // What is to be told when events have gone: made before, since they are large, and given away.
  struct sequel {
    std::vector<telemetry::span_facts> steps;
    std::vector<std::function<void()>> confirmed;
  };

  sequel afterwards(const std::vector<events::envelope>& all) const {
    sequel out;
    for (const auto& e : all) {
      if (auto s = calls_.tracer() ? step_after(e) : std::nullopt)
        out.steps.push_back(step_of(e, std::move(*s)));
      if (!e.republished && published_) out.confirmed.push_back(published_(e));
    }
    return out;
  }

  telemetry::span_facts step_of(const events::envelope& e, telemetry::span_facts s) const {
    s.service = e.source.substr(e.source.rfind('/') + 1);
    s.name = "publish " + e.type;
    s.subtype = calls_.kind();
    s.target = calls_.target();
    return s;
  }

  const calls calls_;
  std::shared_ptr<events::bus> of_;
  const once_published published_;
};

// The last of its flags' bits, looked at before anything is made of the rest: most say no.
bool says_recorded(std::string_view traceparent) {
  constexpr std::size_t last_flag = 54;
  constexpr std::string_view odd = "13579bdf";
  return traceparent.size() > last_flag && odd.find(traceparent[last_flag]) != odd.npos;
}

}  // namespace

std::optional<telemetry::span_facts> step_after(const events::envelope& e) {
  if (!says_recorded(e.traceparent)) return std::nullopt;
  auto below = trace_context::from_header(e.traceparent);
  if (!below || !below->sampled) return std::nullopt;
  telemetry::span_facts s;
  s.trace = std::move(*below);
  s.transaction_id = s.trace.parent_id;
  s.type = "messaging";
  s.action = "send";
  return s;
}

std::unique_ptr<mail::transport> watch(part p, std::unique_ptr<mail::transport> of) {
  return std::make_unique<watched_mail>(std::move(p), std::move(of));
}

std::unique_ptr<payments::provider> watch(part p, std::unique_ptr<payments::provider> of) {
  return std::make_unique<watched_payments>(std::move(p), std::move(of));
}

std::shared_ptr<events::bus> watch(part p, std::shared_ptr<events::bus> of,
                                   once_published published) {
  return std::make_shared<watched_bus>(std::move(p), std::move(of), std::move(published));
}

}  // namespace oficio::tracing
