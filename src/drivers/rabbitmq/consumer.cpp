#include "drivers/rabbitmq/consumer.hpp"

#include <algorithm>

#include "drivers/rabbitmq/answer.hpp"
#include "drivers/rabbitmq/topology.hpp"

namespace oficio::rabbitmq {
namespace {

using std::chrono::steady_clock;
constexpr std::chrono::seconds between_tries{2};  // of a queue that the server refuses
constexpr int no_such_queue = 404;

// How many are sent ahead: more than are handled at once, so that one slow subject does not hold
// up others.
std::uint16_t window(const events::queue& q) {
  if (!q.durable) return 1'024;
  return static_cast<std::uint16_t>(std::clamp<std::size_t>(q.prefetch * 8, 64, 1'024));
}

error unreachable(const std::string& why) {
  return {errc::unavailable, "events_unavailable", "The queue cannot be used just now: " + why};
}

}  // namespace

struct consumer::wish {
  listened_ptr queue;
  answer<void> done;
};

consumer::consumer(const access& to, std::string name, receiver& hand_to, telemetry::logger log)
    : link(to, std::move(name), std::move(log)), hand_to_(hand_to) {}

awaitable<result<void>> consumer::listen(context ctx, listened_ptr q) {
  auto w = std::make_shared<wish>();
  w->queue = std::move(q);
  if (!up()) co_return unreachable("the event server is away");
  {
    std::lock_guard lock(wishes_guard_);
    if (!accepts_) co_return unreachable("this process ends");
    wishes_.push_back(w);
  }
  wake();
  co_return co_await w->done.wait(std::move(ctx), "The queue was not declared in time.");
}

void consumer::acknowledge(const listened_ptr& q, std::int64_t number) {
  {
    std::lock_guard lock(wishes_guard_);
    settled_.emplace_back(q, number);
  }
  wake();
}

void consumer::on_up(connection& c) {
  auto first = static_cast<amqp_channel_t>(queues_.size() + 1);
  c.open_channel(first);
  c.declare_exchange(first, to().exchange);
  c.close_channel(first);
  for (const auto& q : queues_) establish_again(c, q);
}

void consumer::establish(connection& c, listened& q) {
  c.open_channel(q.channel);
  if (q.options.durable) {
    declare_durable(c, q.channel, to(), q.options);
  } else {
    declare_passing(c, q.channel, to(), q.options, q.queue);
  }
  c.limit_unacknowledged(q.channel, window(q.options));
  c.consume(q.channel, q.queue);
  q.open = true;
}

// On its channel, which is closed again.
bool consumer::is_there(connection& c, const listened& q) {
  c.open_channel(q.channel);
  try {
    c.ready_in(q.channel, q.queue);
  } catch (const refused& e) {
    if (e.code == no_such_queue) return false;
    throw;
  }
  c.close_channel(q.channel);
  return true;
}

void consumer::establish_again(connection& c, const listened_ptr& q) {
  try {
    bool forgotten = !q->options.durable && !is_there(c, *q);
    establish(c, *q);
    if (forgotten && q->options.missed) q->options.missed();
  } catch (const refused& e) {
    log().error("The event server refuses a queue.",
                {{"oficio.queue", q->queue}, {"error.message", e.what()}});
    q->try_at = steady_clock::now() + between_tries;
  }
}

void consumer::fulfil(connection& c) {
  std::vector<std::shared_ptr<wish>> wishes;
  {
    std::lock_guard lock(wishes_guard_);
    wishes.swap(wishes_);
  }
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    auto& w = *wishes[i];
    w.queue->channel = static_cast<amqp_channel_t>(queues_.size() + 1);
    try {
      establish(c, *w.queue);
      queues_.push_back(w.queue);
      w.done.give({});
    } catch (const refused& e) {
      w.done.give(error{e.code == 406 ? errc::conflict : errc::unavailable,
                        e.code == 406 ? "queue_differs" : "events_unavailable",
                        "The queue " + w.queue->queue + " cannot be used: " + e.what()});
    } catch (const std::exception& e) {
      for (; i < wishes.size(); ++i) wishes[i]->done.give(unreachable(e.what()));
      throw;
    }
  }
}

void consumer::on_wake(connection& c) {
  fulfil(c);
  acknowledge_all(c);
  for (const auto& q : queues_) {
    if (!q->open && steady_clock::now() >= q->try_at) establish_again(c, q);
  }
}

void consumer::acknowledge_all(connection& c) {
  std::vector<std::pair<listened_ptr, std::int64_t>> settled;
  {
    std::lock_guard lock(wishes_guard_);
    settled.swap(settled_);
  }
  if (settled.empty()) return;
  for (const auto& q : queues_) {
    std::vector<std::int64_t> numbers;
    for (const auto& [of, number] : settled) {
      if (of == q) numbers.push_back(number);
    }
    if (!numbers.empty() && q->open) acknowledge_some(c, *q, std::move(numbers));
  }
}

// Those before the first that is still in hand with one call, the others one by one.
void consumer::acknowledge_some(connection& c, listened& q, std::vector<std::int64_t> numbers) {
  std::erase_if(numbers, [&](auto n) { return q.unacknowledged.erase(n) == 0; });
  std::ranges::sort(numbers);
  auto rest = q.unacknowledged.empty()
                  ? numbers.end()
                  : std::ranges::lower_bound(numbers, *q.unacknowledged.begin());
  auto tag = [&](std::int64_t number) { return static_cast<std::uint64_t>(number - q.stale); };
  if (rest != numbers.begin()) c.acknowledge(q.channel, tag(*std::prev(rest)), true);
  for (auto at = rest; at != numbers.end(); ++at) c.acknowledge(q.channel, tag(*at), false);
  q.in_hand = q.unacknowledged.size();
}

listened_ptr consumer::on_channel(amqp_channel_t channel) const {
  return channel >= 1 && channel <= queues_.size() ? queues_[channel - 1U] : nullptr;
}

void consumer::on_event(connection& c, happening what) {
  if (auto* d = std::get_if<delivered>(&what)) {
    auto q = on_channel(d->channel);
    if (!q || !q->open) return;
    q->newest = q->stale + static_cast<std::int64_t>(d->tag);
    if (d->too_large) {
      log().error("A message is too large for an event.", {{"oficio.queue", q->queue}});
      c.reject(q->channel, d->tag);
      return;
    }
    q->unacknowledged.insert(q->newest);
    q->in_hand = q->unacknowledged.size();
    hand_to_.on_delivery(q, q->newest, std::move(d->what));
  } else if (auto* e = std::get_if<channel_ended>(&what)) {
    auto q = on_channel(e->channel);
    if (!q) return;
    log().warn("The event server ended a subscription; it is made again.",
               {{"oficio.queue", q->queue}, {"error.message", e->why}});
    closed(q);
    q->try_at = steady_clock::now() + between_tries;
  }
}

void consumer::closed(const listened_ptr& q) {
  q->open = false;
  q->stale = q->newest;
  q->unacknowledged.clear();
  q->in_hand = 0;
  hand_to_.on_restart(q);
}

void consumer::on_down(const std::string& why) {
  for (const auto& q : queues_) closed(q);
  std::vector<std::shared_ptr<wish>> wishes;
  {
    std::lock_guard lock(wishes_guard_);
    wishes.swap(wishes_);
    settled_.clear();
  }
  for (const auto& w : wishes) w->done.give(unreachable(why));
}

void consumer::on_end(connection& c) {
  {
    std::lock_guard lock(wishes_guard_);
    accepts_ = false;
  }
  // What was handled between the last look at it and the end.
  acknowledge_all(c);
  for (const auto& q : queues_) {
    if (!q->open || q->options.durable) continue;
    c.delete_queue(q->channel, q->queue);
    q->open = false;
  }
}

}  // namespace oficio::rabbitmq
