#include <algorithm>

#include "drivers/embedded/events/broker_parts.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::embedded {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t due_batch = 64;
constexpr std::size_t settle_batch = 512;
// How soon a moved clock is noticed while events rest between attempts.
constexpr milliseconds clock_look{250};
constexpr milliseconds failure_pause{200};
constexpr std::size_t max_depth = 64;

}  // namespace

// Feeds one queue from the file: events that found no room, and those that are due again.
awaitable<void> broker::keep(queue_ptr q) {
  auto self = shared_from_this();
  while (!tasks_.stopping()) {
    bool fine = true;
    if (q->durable()) {
      auto filled = co_await refill(q);
      auto collected = co_await collect_due(q);
      fine = filled && collected;
      if (!fine) {
        log_.warn("Events cannot be read just now.",
                  {{"oficio.queue", q->declared.name},
                   {"error.message", filled ? collected.error().detail : filled.error().detail}});
      }
    } else {
      collect_resting(q);
    }
    pump(q);
    if (fine) {
      co_await q->wake.wait(patience_of(*q));
    } else {
      co_await runtime::sleep_for(failure_pause);
    }
  }
}

milliseconds broker::patience_of(broker_queue& q) {
  std::lock_guard lock(guard_);
  if (q.durable() && q.behind && q.spilling == 0 && q.ready.size() <= window / 2) {
    return milliseconds(0);
  }
  if (!q.next_due) return seconds(60);
  if (q.ready.size() >= window) return clock_look;  // due or not, there is no room
  auto left = std::chrono::duration_cast<milliseconds>(*q.next_due - clock_.now());
  return std::clamp(left, milliseconds(1), clock_look);
}

std::optional<delivery> broker::read_row(const broker_queue& q, const journal::row& r) const {
  auto parsed = json::parse(r.body, max_depth);
  auto event = parsed ? events::from_json(*parsed) : result<events::envelope>(parsed.error());
  if (!event) {
    log_.error("A kept event cannot be read and is passed over.",
               {{"oficio.queue", q.declared.name},
                {"oficio.seq", r.seq},
                {"error.message", event.error().detail}});
    return std::nullopt;
  }
  return delivery{r.seq, std::make_shared<events::envelope>(std::move(*event)), r.attempts};
}

awaitable<result<void>> broker::refill(queue_ptr q) {
  std::size_t room = 0;
  std::int64_t after = 0;
  std::uint64_t spills = 0;
  bool settled = false;
  {
    std::lock_guard lock(guard_);
    if (!q->behind || q->ready.size() > window / 2) co_return result<void>{};
    room = window - q->ready.size();
    after = q->read_up_to;
    spills = q->spills;
    settled = q->spilling == 0;
  }
  auto id = q->declared.id;
  CO_TRY(auto rows, co_await file_.read(context::for_system(), [id, after, room](connection& c) {
    return result<std::vector<journal::row>>(journal::fresh(c, id, after, room));
  }));
  std::lock_guard lock(guard_);
  for (const auto& r : rows) {
    q->read_up_to = r.seq;
    if (auto d = read_row(*q, r)) q->ready.add(std::move(*d), true);
  }
  // Caught up only if nothing was left to the file since before we read, nor is about to be.
  if (rows.size() < room && settled && spills == q->spills) q->behind = false;
  co_return result<void>{};
}

awaitable<result<void>> broker::collect_due(queue_ptr q) {
  auto now = clock_.now();
  std::size_t room = 0;
  std::unordered_set<std::int64_t> known;
  {
    std::lock_guard lock(guard_);
    if (!q->next_due || *q->next_due > now || q->ready.size() >= window) co_return result<void>{};
    room = std::min(due_batch, window - q->ready.size());
    // Those in hand are still due in the file. One that is settled while we read is in here too, so
    // that an old picture of the file does not bring it back.
    known = q->retried;
    q->next_due.reset();
  }
  struct found {
    std::vector<journal::row> rows;
    std::optional<time_point> next;
  };
  auto id = q->declared.id;
  auto limit = room + known.size();
  auto read =
      co_await file_.read(context::for_system(), [id, now, limit](connection& c) -> result<found> {
        return found{journal::due(c, id, now, limit), journal::next_due(c, id, now)};
      });
  std::lock_guard lock(guard_);
  auto sooner = [&](time_point t) { q->next_due = q->next_due ? std::min(*q->next_due, t) : t; };
  if (!read) {
    sooner(now);
    co_return read.error();
  }
  if (read->next) sooner(*read->next);
  if (read->rows.size() == limit) sooner(now);
  for (const auto& r : read->rows) {
    if (known.contains(r.seq)) continue;
    auto d = read_row(*q, r);
    if (!d) continue;
    q->retried.insert(r.seq);
    q->ready.add(std::move(*d), true);
  }
  co_return result<void>{};
}

void broker::collect_resting(const queue_ptr& q) {
  auto now = clock_.now();
  std::lock_guard lock(guard_);
  while (!q->resting.empty() && q->resting.begin()->first <= now) {
    q->ready.add(std::move(q->resting.begin()->second), true);
    q->resting.erase(q->resting.begin());
  }
  q->next_due.reset();
  if (!q->resting.empty()) q->next_due = q->resting.begin()->first;
}

// Writes down what became of deliveries, in groups; until then they may come again after a crash.
awaitable<void> broker::settle() {
  auto self = shared_from_this();
  for (;;) {
    if (co_await settle_some()) {
      co_await settle_wake_.wait(seconds(1));
    } else {
      co_await runtime::sleep_for(failure_pause);
    }
  }
}

// False if the file could not be written.
awaitable<bool> broker::settle_some() {
  for (;;) {
    auto some = std::make_shared<std::vector<journal::settlement>>();
    {
      std::lock_guard lock(guard_);
      while (!unsettled_.empty() && some->size() < settle_batch) {
        some->push_back(std::move(unsettled_.front()));
        unsettled_.pop_front();
      }
      settling_ = some->size();
    }
    if (some->empty()) co_return true;
    auto written = co_await file_.write(context::for_system(seconds(30)),
                                        [some](connection& c) -> result<void> {
                                          for (const auto& s : *some) journal::settle(c, s);
                                          return {};
                                        });
    if (!written) {
      {
        std::lock_guard lock(guard_);
        settling_ = 0;
        unsettled_.insert(unsettled_.begin(), some->begin(), some->end());
      }
      log_.warn("Acknowledgements cannot be written just now.",
                {{"error.message", written.error().detail}});
      co_return false;
    }
    settled(*some);
  }
}

// The file says so now: those that rest have their due time, and handlers may go on.
void broker::settled(const std::vector<journal::settlement>& some) {
  std::vector<queue_ptr> all;
  std::vector<queue_ptr> resting;
  {
    std::lock_guard lock(guard_);
    settling_ = 0;
    all = queues_;
    for (const auto& q : all) {
      bool any = false;
      for (const auto& s : some) {
        if (s.queue_id != q->declared.id) continue;
        q->retried.erase(s.seq);
        if (s.outcome != journal::outcome::retry) continue;
        q->next_due = q->next_due ? std::min(*q->next_due, s.at) : s.at;
        any = true;
      }
      if (any) resting.push_back(q);
    }
  }
  for (const auto& q : all) pump(q);
  for (const auto& q : resting) q->wake.notify();
}

bool broker::quiet() {
  std::lock_guard lock(guard_);
  bool idle = std::ranges::all_of(queues_, [](const queue_ptr& q) { return q->active == 0; });
  return idle && unsettled_.empty() && settling_ == 0;
}

}  // namespace oficio::embedded
