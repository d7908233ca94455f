#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/base/context.hpp"
#include "platform/telemetry/destinations.hpp"
#include "platform/telemetry/documents.hpp"
#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/sampler.hpp"

namespace oficio::telemetry {

class tracer;

// A call that left the process, while it is not known yet whether anybody wants to know.
struct span_notes {
  std::string name;
  std::string_view type;     // db, cache, messaging, external, mail; all views live as long as the
  std::string_view subtype;  // part that was called
  std::string_view action;   // "query" changes nothing
  std::string_view target;   // "mongodb/orders"
  std::string_view method;   // HTTP
  std::string statement;
  std::uint64_t id = 0;
  std::int64_t time_us = 0;
  std::int64_t duration_us = 0;
  int status = 0;  // HTTP
  bool failed = false;
};

// What is told of a piece of work that is kept.
struct transaction_story {
  std::string name;
  std::string result;  // "HTTP 2xx"
  std::string user_id;
  std::optional<http_facts> http;
  std::vector<std::pair<std::string, std::string>> labels;
};

// A piece of work that is recorded with its calls. Its id is the span of the context that it was
// begun with. Thread-safe.
class transaction {
 public:
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

 private:
  friend class tracer;
  friend class work;
  friend class span;
  static constexpr std::size_t most_spans = 100;

  transaction(tracer& of, const trace_context& trace) : of_(of), trace_(trace) {}
  void add(span_notes s);
  void close();

  tracer& of_;
  const trace_context trace_;
  std::atomic<bool> wrote_{false};
  std::atomic<bool> blames_another_{false};
  std::mutex guard_;
  std::vector<span_notes> spans_;  // all under guard_
  std::size_t spans_seen_ = 0;
  bool ended_ = false;
};

// A piece of work that a service does: a request, an event, a job. Whether it is recorded with its
// calls is known when it begins; of the others only failures and slow ones are kept, without their
// calls, and until then they cost next to nothing. Used by one thread at a time. Default-made it is
// none, and not to be ended.
class work {
 public:
  work() = default;
  work(work&&) noexcept = default;
  work& operator=(work&&) noexcept = default;

  explicit operator bool() const { return of_ != nullptr; }
  // It and its calls are, whatever comes of it.
  bool is_recorded() const { return recorded_ != nullptr; }

  // It waits for something to happen (a long poll, a stream): no longer slow, however long it
  // takes.
  void waits() { waits_ = true; }
  // It only looked whether there is something, as is done all the time: kept if it was slow or
  // failed, as jobs are that found nothing to do.
  void only_looked() { only_looked_ = true; }
  // An upstream has answered with an error of its own, which it has told of itself.
  bool blames_another() const { return recorded_ && recorded_->blames_another_; }
  // Something went wrong in it that nobody expected: makes an error document, now.
  void error(std::string type, std::string message, std::vector<std::string> frames,
             const transaction_story& in);

  // Ends it. True: it is to be kept, and tell() wants to hear of it. Most are not, where there are
  // many: for them no story needs to be made up. A second end is none.
  bool end(std::string_view outcome);
  void tell(transaction_story story);

 private:
  friend class tracer;
  work(tracer& of, std::string_view service, std::string_view type, const trace_context& trace)
      : of_(&of),
        service_(service),
        type_(type),
        trace_(&trace),
        began_(std::chrono::steady_clock::now()) {}
  // Sets weight_. True: it is to be kept.
  bool weigh();

  tracer* of_ = nullptr;
  std::string_view service_;
  std::string_view type_;
  const trace_context* trace_ = nullptr;
  std::chrono::steady_clock::time_point began_;
  std::shared_ptr<transaction> recorded_;  // null: without its calls, if at all
  double share_ = 0;   // for how many it stands as one of the share; 0: it is not
  double weight_ = 0;  // for how many it is counted
  std::int64_t duration_us_ = 0;
  std::string_view outcome_ = "unknown";
  bool waits_ = false;
  bool only_looked_ = false;
  bool ended_ = false;
};

// Whose word about a trace counts when a piece of work begins.
enum class caller {
  outside,  // nobody's: whoever asks may say anything
  known,  // another part of the market: what it records is recorded here, too, so that it is whole
};

// Makes transactions and spans, and gives what is kept of them to an intake. Thread-safe. Must
// outlive what it makes.
class tracer {
 public:
  struct options {
    double share = 1;                       // of all traces
    double per_second = 100;                // pieces of work of this process; 0: no limit
    std::chrono::milliseconds slow{1'000};  // what takes longer is always kept, as failures are
    std::uint64_t more_per_second = 50;  // failures and slow ones that the share leaves out, which
                                         // have no spans
    bool adds_up = false;  // calls, by minute and by where they went: tell_sums() tells of them
  };

  tracer(intake& to, origin from, options o);

  // Begins a piece of work; `type` is request, messaging or scheduled, `trace` its own, in which is
  // to be said whether it is recorded (trace_context::sampled), so that those who are called for it
  // know. `service` and `trace` live longer than the work.
  work begin(std::string_view service, std::string_view type, const trace_context& trace,
             caller by);
  // The one that `ctx` belongs to, if it is recorded with its calls; null otherwise.
  std::shared_ptr<transaction> find(const context& ctx) const;

  // A span of work that ended, and was recorded, elsewhere: an event's way to the bus. `s.trace`
  // has its parent.
  void tell(span_facts s);
  // What went wrong outside of any piece of work.
  void tell(error_facts e);
  // How many calls of what is recorded went where, in the minutes that had ended at `time_us`.
  void tell_sums(std::int64_t time_us);

 private:
  friend class transaction;
  friend class work;
  struct shard {
    mutable std::mutex guard;
    std::unordered_map<std::uint64_t, std::weak_ptr<transaction>> live;  // under guard
  };
  shard& shard_of(std::uint64_t id) { return shards_[id % shards_.size()]; }
  const shard& shard_of(std::uint64_t id) const { return shards_[id % shards_.size()]; }
  void forget(const trace_context& trace);
  void keep(const span_facts& s);

  intake& to_;
  const origin from_;
  const options options_;
  sampler sampler_;
  allowance failures_;
  allowance errors_;
  std::array<shard, 32> shards_;
  destinations sums_;
};

// A call that leaves the process, for as long as it lives, within a transaction:
//
//   telemetry::span s(tracer.find(ctx), {.name = "find orders", .type = "db", .subtype =
//   "mongodb"}); … if (failed) s.fail();
//
// Without a transaction it does nothing and costs nothing. Used by one thread at a time.
class span {
 public:
  span() = default;
  span(std::shared_ptr<transaction> within, span_notes what);
  ~span();
  span(span&&) noexcept = default;
  span& operator=(span&&) = delete;

  explicit operator bool() const { return within_ != nullptr; }

  // What the one who is called is to take for its parent.
  trace_context below() const;
  void statement(std::string text) { notes_.statement = std::move(text); }
  void name(std::string text) { notes_.name = std::move(text); }
  // `method` is a literal.
  void answered(std::string_view method, int status);
  void fail() { notes_.failed = true; }

 private:
  std::shared_ptr<transaction> within_;
  span_notes notes_;
  std::chrono::steady_clock::time_point began_;
};

// 16 hex digits, for spans: quick, and never used as a secret.
std::string span_id();

}  // namespace oficio::telemetry
