#include "drivers/embedded/events/broker.hpp"

#include <algorithm>

#include "drivers/embedded/events/broker_parts.hpp"
#include "drivers/embedded/events/bus.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::embedded {

time_point forward_clock::now() {
  std::lock_guard lock(guard_);
  auto steady = std::chrono::steady_clock::now();
  auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(steady - read_at_);
  read_at_ += passed;
  last_ = std::max(last_ + passed, clock_.now());
  return last_;
}

broker::broker(std::string path, boost::asio::any_io_executor io, runtime::blocking_pool& pool,
               const wall_clock& clock, telemetry::logger log)
    : file_(std::move(path), pool),
      clock_(clock),
      log_(log),
      tasks_(std::move(io), [log](const std::string& task, const std::string& what) {
        log.error("A task of the event bus ended.",
                  {{"oficio.task", task}, {"error.message", what}});
      }) {
  file_.set_up(journal::schema());
  connection c(file_.path(), open_mode::read_only);
  next_seq_ = journal::next_seq(c);
  for (auto& declared : journal::queues(c)) {
    auto q = std::make_shared<broker_queue>();
    q->declared = std::move(declared);
    queues_.push_back(std::move(q));
  }
}

void broker::start() {
  tasks_.spawn("settle", settle());
}

queue_ptr broker::find_queue(std::string_view name) {
  auto found =
      std::ranges::find_if(queues_, [&](const queue_ptr& q) { return q->declared.name == name; });
  return found == queues_.end() ? nullptr : *found;
}

awaitable<result<void>> broker::subscribe(events::queue options, events::handler h) {
  if (options.name.empty() || options.prefetch == 0) {
    co_return error{errc::bad_request, "bad_queue", "A queue needs a name and a prefetch."};
  }
  {
    std::lock_guard lock(guard_);
    auto known = find_queue(options.name);
    if (known && known->durable() != options.durable) {
      co_return error{errc::conflict, "queue_differs",
                      "The queue " + options.name + " is there, but not as durable as asked."};
    }
  }
  journal::declared_queue declared{0, options.name, options.patterns};
  if (options.durable) {
    CO_TRY(declared,
           co_await file_.write(context::for_system(),
                                [name = options.name, patterns = options.patterns](connection& c) {
                                  return result<journal::declared_queue>(
                                      journal::declare(c, name, patterns));
                                }));
  }
  queue_ptr q;
  {
    std::lock_guard lock(guard_);
    q = find_queue(options.name);
    if (q && q->subscribed) {
      co_return error{errc::conflict, "already_subscribed",
                      "The queue " + options.name + " has its handler already."};
    }
    if (!q) queues_.push_back(q = std::make_shared<broker_queue>());
    q->declared = std::move(declared);
    q->options = std::move(options);
    q->handle = std::move(h);
    q->subscribed = true;
    // There may be some from before; the keeper looks.
    if (q->durable()) q->next_due = time_point{};
  }
  tasks_.spawn(q->declared.name + " keeper", keep(q));
  co_return result<void>{};
}

awaitable<result<std::vector<events::dead_letter>>> broker::dead_letters(const context& ctx,
                                                                         std::size_t limit) {
  CO_TRY(auto rows, co_await file_.read(ctx, [limit](connection& c) {
    return result<std::vector<journal::dead_row>>(journal::dead(c, limit));
  }));
  std::vector<events::dead_letter> out;
  for (auto& r : rows) {
    CO_TRY(auto parsed, json::parse(r.body, 64));
    CO_TRY(auto event, events::from_json(parsed));
    out.push_back(
        {std::move(event), std::move(r.queue), std::move(r.reason), r.attempts, r.died_at});
  }
  co_return out;
}

awaitable<result<void>> broker::replay(const context& ctx, std::string event_id,
                                       std::string queue_name) {
  auto now = clock_.now();
  CO_TRY(auto revived, co_await file_.write(ctx, [event_id, queue_name, now](connection& c) {
    return result<std::optional<std::int64_t>>(journal::revive(c, event_id, queue_name, now));
  }));
  if (!revived) co_return not_found("A dead letter with that event in that queue");
  queue_ptr q;
  {
    std::lock_guard lock(guard_);
    q = find_queue(queue_name);
    if (q) q->next_due = q->next_due ? std::min(*q->next_due, now) : now;
  }
  if (q) q->wake.notify();
  co_return result<void>{};
}

awaitable<result<std::vector<events::queue_status>>> broker::status(const context& ctx) {
  CO_TRY(auto out, co_await file_.read(ctx, [](connection& c) {
    return result<std::vector<events::queue_status>>(journal::status(c));
  }));
  std::lock_guard lock(guard_);
  for (const auto& q : queues_) {
    if (q->durable()) continue;
    out.push_back({q->declared.name, q->ready.size() + q->resting.size() + q->active, 0});
  }
  co_return out;
}

awaitable<void> broker::stop(std::chrono::milliseconds at_most) {
  auto self = shared_from_this();
  auto until = std::chrono::steady_clock::now() + at_most;
  {
    std::lock_guard lock(guard_);
    stopping_ = true;
  }
  settle_wake_.notify();
  while (!quiet() && std::chrono::steady_clock::now() < until) {
    co_await runtime::sleep_for(std::chrono::milliseconds(5));
  }
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  // Handlers that are still at work are interrupted, and their events come again.
  co_await tasks_.stop(std::max(left, std::chrono::milliseconds(100)));
  {
    // A handler may hold the bus; without this they would keep each other for ever.
    std::lock_guard lock(guard_);
    for (const auto& q : queues_) {
      if (q->active == 0) q->handle = nullptr;
    }
  }
}

std::shared_ptr<events::bus> make_bus(std::string path, boost::asio::any_io_executor io,
                                      runtime::blocking_pool& pool, const wall_clock& clock,
                                      telemetry::logger log) {
  auto made = std::make_shared<broker>(std::move(path), std::move(io), pool, clock, std::move(log));
  made->start();
  return made;
}

}  // namespace oficio::embedded
