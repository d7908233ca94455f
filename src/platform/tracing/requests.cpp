#include "platform/tracing/requests.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "platform/http/problem.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::tracing {
namespace {

using telemetry::caller;
using telemetry::tracer;
using telemetry::transaction;
using telemetry::work;

// Asked every few seconds by whoever looks after the process.
bool asks_for_health(const http::request& r) {
  constexpr std::array<std::string_view, 3> quiet{"/healthz", "/readyz", "/metrics"};
  return std::ranges::find(quiet, r.target) != quiet.end();
}

// The program itself, which looks for news every few seconds, outside of anything that is recorded.
bool only_looks(const http::request& r, bool within_recorded) {
  bool reads = r.method == http::method::get || r.method == http::method::head;
  return reads && !within_recorded && (r.ctx.who.has_role("gateway") || r.ctx.who.is_system());
}

telemetry::transaction_story story_of(const http::request& r, std::size_t request_bytes, int status,
                                      std::size_t response_bytes) {
  telemetry::transaction_story out;
  out.name.append(to_string(r.method)).append(" ");
  out.name.append(r.route.empty() ? "unknown route" : r.route);
  out.result = "HTTP " + std::to_string(status / 100) + "xx";
  if (!r.ctx.who.is_visitor()) out.user_id = r.ctx.who.sub;
  out.http = telemetry::http_facts{.method = std::string(to_string(r.method)),
                                   .path = r.target.substr(0, r.target.find('?')),
                                   .route = r.route,
                                   .status = status,
                                   .client_ip = r.remote_address,
                                   .user_agent = std::string(r.headers.get("User-Agent")),
                                   .request_id = r.ctx.request_id,
                                   .request_bytes = request_bytes,
                                   .response_bytes = response_bytes};
  return out;
}

// Errors of our own kind say what went wrong in a word and a sentence: "code: detail".
void tell_failure(work& in, std::string_view failure, const telemetry::transaction_story& story) {
  auto told = telemetry::untold(failure);
  auto type = told.type;
  if (type.empty()) type = told.message.substr(0, told.message.find(':'));
  in.error(std::move(type), std::move(told.message), std::move(told.frames), story);
}

class recorder final : public http::observer {
 public:
  recorder(tracer& by, std::string service, caller who)
      : by_(by), service_(std::move(service)), who_(who) {}

  visit came(http::request& r) override {
    if (asks_for_health(r)) return {};
    bool within_recorded = r.ctx.trace.sampled;
    auto w = by_.begin(service_, "request", r.ctx.trace, who_);
    r.ctx.trace.sampled = w.is_recorded();
    return {std::move(w), r.body.size(), within_recorded};
  }

  void answered(visit& v, const http::request& r, http::response& answer) override {
    auto& w = v.work;
    if (answer.status == 101 || r.when_gone) w.waits();
    if (only_looks(r, v.within_recorded)) w.only_looked();
    bool failed = answer.status >= 500;
    bool kept = w.end(failed ? "failure" : "success");
    // What a service of this process has recorded, or one elsewhere of itself, is told once.
    bool unexpected = failed && !answer.failure.empty() && !w.blames_another() &&
                      !telemetry::is_recorded(answer.failure);
    if (!kept && !unexpected) return;
    auto story = story_of(r, v.request_bytes, answer.status, answer.body.size());
    if (unexpected) {
      tell_failure(w, answer.failure, story);
      answer.failure = telemetry::as_recorded(std::move(answer.failure));
    }
    if (kept) w.tell(std::move(story));
  }

  void broken(visit& v, const http::request& r, const std::exception& e) override {
    auto story = story_of(r, v.request_bytes, 500, 0);
    v.work.error(telemetry::type_of(e), e.what(), telemetry::thrown_at(e), story);
    if (v.work.end("failure")) v.work.tell(std::move(story));
  }

 private:
  tracer& by_;
  const std::string service_;
  const caller who_;
};

// --- events and jobs

// That a part is away is known from its own calls; what nobody expected is told as an error. Of
// most nothing is told, and no story is made up.
template <class Story>
void finish_work(work& t, const result<void>& done, const Story& make_story) {
  bool unexpected = done.has_error() && done.error().kind == errc::internal;
  bool kept = t.end(done.has_value() ? "success" : "failure");
  if (!kept && !unexpected) return;
  telemetry::transaction_story story = make_story();
  if (unexpected) tell_failure(t, done.error().code + ": " + done.error().detail, story);
  if (!kept) return;
  story.result = done.has_value() ? "success" : done.error().code;
  t.tell(std::move(story));
}

void finish_work(work& t, const std::exception& thrown, telemetry::transaction_story story) {
  story.result = "exception";
  t.error(telemetry::type_of(thrown), thrown.what(), telemetry::thrown_at(thrown), story);
  if (t.end("failure")) t.tell(std::move(story));
}

struct consumer {
  tracer& by;
  std::string service;
  std::string queue;
  events::handler handle;

  telemetry::transaction_story story_of(const events::envelope& e) const {
    telemetry::transaction_story out;
    out.name = e.type;
    out.labels = {{"queue", queue}, {"event_id", e.id}, {"subject", e.subject}};
    return out;
  }
};

// The same context, if it says already whether its work is recorded; else a copy that does. Most
// are right: nothing is recorded of them.
class told_context {
 public:
  told_context(const context& of, const work& w) : of_(&of) {
    if (of.trace.sampled == w.is_recorded()) return;
    own_ = of;
    own_->trace.sampled = w.is_recorded();
  }
  const context& get() const { return own_ ? *own_ : *of_; }

 private:
  const context* of_;
  std::optional<context> own_;
};

awaitable<result<void>> consume(std::shared_ptr<const consumer> c, const events::envelope& e,
                                const context& ctx) {
  auto w = c->by.begin(c->service, "messaging", ctx.trace, caller::known);
  const told_context own(ctx, w);
  try {
    auto done = co_await c->handle(e, own.get());
    finish_work(w, done, [&] { return c->story_of(e); });
    co_return done;
  } catch (const std::exception& thrown) {
    finish_work(w, thrown, c->story_of(e));
    throw;
  }
}

struct job {
  tracer& by;
  std::string service;
  hosting::timer_job of;

  telemetry::transaction_story story() const {
    telemetry::transaction_story out;
    out.name = of.name;
    return out;
  }
};

awaitable<result<void>> run_job(std::shared_ptr<const job> j, const context& ctx) {
  auto w = j->by.begin(j->service, "scheduled", ctx.trace, caller::outside);
  const told_context own(ctx, w);
  try {
    auto done = co_await j->of.run(own.get());
    finish_work(w, done, [&] { return j->story(); });
    co_return done;
  } catch (const std::exception& thrown) {
    finish_work(w, thrown, j->story());
    throw;
  }
}

class watched_upstream final : public http::upstream {
 public:
  watched_upstream(tracer& by, std::unique_ptr<http::upstream> to, std::string service)
      : by_(by), to_(std::move(to)), service_(std::move(service)), target_("http/" + service_) {}

  awaitable<result<http::response>> send(http::request& r) override {
    auto within = by_.find(r.ctx);
    return within ? traced(std::move(within), r) : to_->send(r);
  }

  // Goes on for as long as its reader wants: there is no time to tell.
  awaitable<result<http::response>> follow(http::request& r) override { return to_->follow(r); }

  std::string address() const override { return to_->address(); }

 private:
  awaitable<result<http::response>> traced(std::shared_ptr<transaction> within, http::request& r) {
    auto method = to_string(r.method);
    telemetry::span s(std::move(within),
                      {.name = std::string(method) + " " + service_,
                       .type = "external",
                       .subtype = "http",
                       .action = r.method == http::method::get ? "query" : "send",
                       .target = target_});
    auto own = std::exchange(r.ctx.trace, s.below());
    auto answer = co_await to_->send(r);
    r.ctx.trace = std::move(own);
    if (answer.has_value()) {
      s.answered(method, answer->status);
    } else {
      s.fail();
    }
    co_return answer;
  }

  tracer& by_;
  std::unique_ptr<http::upstream> to_;
  const std::string service_;
  const std::string target_;
};

}  // namespace

std::unique_ptr<http::observer> record_requests(tracer& by, std::string service, caller who) {
  return std::make_unique<recorder>(by, std::move(service), who);
}

void watch(tracer& by, hosting::service& of) {
  of.routes.observe(record_requests(by, of.name, caller::known));
  for (auto& s : of.subscriptions) {
    auto c = std::make_shared<const consumer>(by, of.name, s.queue.name, std::move(s.handle));
    s.handle = [c](const events::envelope& e, const context& ctx) { return consume(c, e, ctx); };
  }
  for (auto& t : of.timers) {
    auto j = std::make_shared<const job>(by, of.name, t);
    t.run = [j](const context& ctx) { return run_job(j, ctx); };
  }
}

std::unique_ptr<http::upstream> watch(tracer& by, std::unique_ptr<http::upstream> to,
                                      std::string service) {
  return std::make_unique<watched_upstream>(by, std::move(to), std::move(service));
}

}  // namespace oficio::tracing
