#include "platform/telemetry/tracer.hpp"

#include <charconv>
#include <random>

namespace oficio::telemetry {
namespace {

using std::chrono::steady_clock;

std::uint64_t number_of(std::string_view hex) {
  std::uint64_t out = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), out, 16);
  return out;
}

std::int64_t since(steady_clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began).count();
}

std::uint64_t random_id() {
  thread_local std::mt19937_64 dice{[] {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32U) | device();
  }()};
  return dice() | 1U;
}

std::string hex(std::uint64_t bits) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = out.size(); i-- > 0; bits >>= 4U) out[i] = digits[bits & 15U];
  return out;
}

span_facts facts_of(span_notes&& s, const trace_context& in) {
  span_facts out;
  out.name = std::move(s.name);
  out.type = s.type;
  out.subtype = s.subtype;
  out.action = s.action;
  out.target = s.target;
  out.statement = std::move(s.statement);
  out.outcome = s.failed ? "failure" : "success";
  out.trace = {in.trace_id, hex(s.id), in.span_id, true};
  out.transaction_id = in.span_id;
  out.time_us = s.time_us;
  out.duration_us = s.duration_us;
  out.status = s.status;
  out.method = s.method;
  return out;
}

}  // namespace

std::string span_id() {
  return hex(random_id());
}

transaction::~transaction() {
  if (!ended_) of_.forget(trace_);
}

void transaction::add(span_notes s) {
  if (s.action != "query") wrote_ = true;
  if (s.type == "external" && s.status >= 500) blames_another_ = true;
  std::lock_guard lock(guard_);
  if (ended_) return;
  ++spans_seen_;
  if (spans_.size() < most_spans) spans_.push_back(std::move(s));
}

// Nobody adds to what has ended.
void transaction::close() {
  std::lock_guard lock(guard_);
  ended_ = true;
  of_.forget(trace_);
}

void work::error(std::string type, std::string message, std::vector<std::string> frames,
                 const transaction_story& in) {
  error_facts e;
  e.service = service_;
  e.type = std::move(type);
  e.message = std::move(message);
  e.frames = std::move(frames);
  e.trace = *trace_;
  e.transaction_name = in.name;
  e.transaction_type = type_;
  e.sampled = recorded_ != nullptr;
  e.user_id = in.user_id;
  e.http = in.http;
  of_->tell(std::move(e));
}

// Failures and slow ones count one by one as long as that many are allowed, so that their number is
// right however little is kept of the rest.
bool work::weigh() {
  bool slow = !waits_ && duration_us_ > std::chrono::microseconds(of_->options_.slow).count();
  if ((outcome_ == "failure" || slow) && of_->failures_.take(steady_clock::now())) {
    weight_ = 1;
    return true;
  }
  weight_ = share_;
  // A job that looks whether something is due finds nothing, most of the time.
  bool idle = (type_ == "scheduled" || only_looked_) && recorded_ && !recorded_->wrote_;
  return recorded_ && !idle;
}

bool work::end(std::string_view outcome) {
  if (std::exchange(ended_, true)) return false;
  if (recorded_) recorded_->close();
  duration_us_ = since(began_);
  outcome_ = outcome;
  return weigh();
}

void work::tell(transaction_story story) {
  transaction_facts t;
  t.service = service_;
  t.name = std::move(story.name);
  t.type = type_;
  t.result = std::move(story.result);
  t.outcome = outcome_;
  t.trace = *trace_;
  t.time_us = now_us() - since(began_);
  t.duration_us = duration_us_;
  t.weight = weight_;
  t.user_id = std::move(story.user_id);
  t.http = std::move(story.http);
  t.labels = std::move(story.labels);
  if (recorded_) {
    t.spans = recorded_->spans_seen_;
    t.spans_dropped = t.spans - recorded_->spans_.size();
    for (auto& notes : recorded_->spans_) {
      auto s = facts_of(std::move(notes), *trace_);
      s.service = service_;
      s.weight = share_;
      of_->keep(s);
    }
  }
  of_->to_.offer(transaction_record(of_->from_, t));
}

tracer::tracer(intake& to, origin from, options o)
    : to_(to),
      from_(std::move(from)),
      options_(o),
      sampler_(o.share, o.per_second),
      failures_(o.more_per_second),
      errors_(o.more_per_second) {}

work tracer::begin(std::string_view service, std::string_view type, const trace_context& trace,
                   caller by) {
  work out(*this, service, type, trace);
  out.share_ = sampler_.keep(trace.trace_id, out.began_);
  bool wanted = by == caller::known && trace.sampled;
  if (out.share_ <= 0 && !wanted) return out;
  out.recorded_.reset(new transaction(*this, trace));
  auto id = number_of(trace.span_id);
  auto& at = shard_of(id);
  std::lock_guard lock(at.guard);
  at.live.insert_or_assign(id, out.recorded_);
  return out;
}

std::shared_ptr<transaction> tracer::find(const context& ctx) const {
  if (!ctx.trace.sampled || ctx.trace.span_id.empty()) return nullptr;
  auto id = number_of(ctx.trace.span_id);
  const auto& at = shard_of(id);
  std::lock_guard lock(at.guard);
  auto found = at.live.find(id);
  return found == at.live.end() ? nullptr : found->second.lock();
}

void tracer::forget(const trace_context& trace) {
  auto id = number_of(trace.span_id);
  auto& at = shard_of(id);
  std::lock_guard lock(at.guard);
  at.live.erase(id);
}

void tracer::tell(span_facts s) {
  s.weight = sampler_.weight_of(s.trace.trace_id);
  keep(s);
}

void tracer::keep(const span_facts& s) {
  if (options_.adds_up) sums_.add(s);
  to_.offer(span_record(from_, s));
}

void tracer::tell_sums(std::int64_t time_us) {
  for (const auto& facts : sums_.take(time_us)) to_.offer(destination_record(from_, facts));
}

void tracer::tell(error_facts e) {
  if (!errors_.take(steady_clock::now())) return;
  if (e.time_us == 0) e.time_us = now_us();
  to_.offer(error_record(from_, e));
}

span::span(std::shared_ptr<transaction> within, span_notes what) : within_(std::move(within)) {
  if (!within_) return;
  notes_ = std::move(what);
  notes_.id = random_id();
  notes_.time_us = now_us();
  began_ = steady_clock::now();
}

span::~span() {
  if (!within_) return;
  notes_.duration_us = since(began_);
  within_->add(std::move(notes_));
}

trace_context span::below() const {
  if (!within_) return {};
  return {within_->trace_.trace_id, hex(notes_.id), within_->trace_.span_id, true};
}

void span::answered(std::string_view method, int status) {
  notes_.method = method;
  notes_.status = status;
  if (status >= 400) fail();
}

}  // namespace oficio::telemetry
