#include <algorithm>

#include "drivers/embedded/events/broker_parts.hpp"
#include "platform/events/topic.hpp"
#include "platform/json/json.hpp"

namespace oficio::embedded {
namespace {

bool wants(const broker_queue& q, const std::string& type) {
  return std::ranges::any_of(q.declared.patterns, [&](const std::string& pattern) {
    return events::topic_matches(pattern, type);
  });
}

error unavailable(const error& why) {
  if (why.kind == errc::timeout) return why;
  return {errc::unavailable,
          "events_unavailable",
          "Events cannot be kept just now: " + why.detail,
          {},
          std::chrono::seconds(1)};
}

}  // namespace

awaitable<result<void>> broker::publish(const context& ctx, std::vector<events::envelope> what) {
  auto p = std::make_shared<publication>();
  for (auto& e : what) {
    auto body = json::to_text(json::value(events::to_json(e)));
    p->entries.push_back({std::make_shared<events::envelope>(std::move(e)), std::move(body)});
  }
  if (!needs_journal(*p)) {
    assign(*p);
    settle_publication(*p, true);
    co_return result<void>{};
  }
  // The work is run once, on the thread that writes: what it places in memory is in the order of
  // commits.
  auto self = shared_from_this();
  auto kept = co_await file_.write(
      ctx, [self, p](connection& c) -> result<void> { return self->write(c, *p); });
  settle_publication(*p, kept.has_value());
  if (!kept) co_return unavailable(kept.error());
  co_return result<void>{};
}

bool broker::needs_journal(const publication& p) {
  std::lock_guard lock(guard_);
  return std::ranges::any_of(queues_, [&](const queue_ptr& q) {
    return q->durable() && std::ranges::any_of(p.entries, [&](const auto& entry) {
             return wants(*q, entry.event->type);
           });
  });
}

// On the writing thread, inside the transaction.
result<void> broker::write(connection& c, publication& p) {
  {
    std::lock_guard lock(guard_);
    for (auto& entry : p.entries) {
      entry.seq = next_seq_++;
      std::ranges::copy_if(queues_, std::back_inserter(entry.queues),
                           [&](const queue_ptr& q) { return wants(*q, entry.event->type); });
    }
  }
  for (const auto& entry : p.entries) {
    std::vector<std::int64_t> ids;
    for (const auto& q : entry.queues) {
      if (q->durable()) ids.push_back(q->declared.id);
    }
    if (!ids.empty()) journal::insert(c, entry.seq, entry.event->id, entry.body, ids);
  }
  // Last, so that an exception above leaves nothing in memory.
  std::lock_guard lock(guard_);
  for (std::size_t i = 0; i < p.entries.size(); ++i) {
    for (const auto& q : p.entries[i].queues) put(p, i, q, false);
  }
  return {};
}

// For events that only queues in memory want.
void broker::assign(publication& p) {
  std::lock_guard lock(guard_);
  for (std::size_t i = 0; i < p.entries.size(); ++i) {
    auto& entry = p.entries[i];
    entry.seq = next_seq_++;
    for (const auto& q : queues_) {
      if (!q->durable() && wants(*q, entry.event->type)) put(p, i, q, false);
    }
  }
}

// One event to one queue; guard_ held.
void broker::put(publication& p, std::size_t index, const queue_ptr& to, bool ready) {
  const auto& entry = p.entries[index];
  auto& q = *to;
  place at{to, entry.seq, entry.event->subject, false};
  if (q.durable()) {
    at.in_memory = q.subscribed && !q.behind && q.ready.size() < window;
    if (at.in_memory) {
      q.read_up_to = entry.seq;
    } else {
      q.behind = true;
      ++q.spilling;
      ++q.spills;
    }
  } else {
    at.in_memory = q.ready.size() + q.resting.size() < memory_limit;
    if (!at.in_memory && q.dropped++ % 1'000 == 0) {
      log_.warn("A queue in memory is full and loses events.",
                {{"oficio.queue", q.declared.name}, {"oficio.dropped", q.dropped}});
    }
    if (!at.in_memory && q.options.missed) q.options.missed();
  }
  if (at.in_memory) q.ready.add({entry.seq, entry.event, 0}, ready);
  p.places.push_back(std::move(at));
}

// After the commit, or its failure: lets the placed events go, or takes them back.
void broker::settle_publication(publication& p, bool kept) {
  std::vector<queue_ptr> touched;
  std::vector<queue_ptr> spilled;
  {
    std::lock_guard lock(guard_);
    for (const auto& at : p.places) {
      auto& q = *at.queue;
      if (at.in_memory && kept) q.ready.mark_ready(at.seq, at.subject);
      if (at.in_memory && !kept) q.ready.remove(at.seq, at.subject);
      if (!at.in_memory && q.durable()) {
        --q.spilling;
        spilled.push_back(at.queue);
      }
      if (std::ranges::find(touched, at.queue) == touched.end()) touched.push_back(at.queue);
    }
  }
  for (const auto& q : touched) pump(q);
  for (const auto& q : spilled) q->wake.notify();
}

}  // namespace oficio::embedded
