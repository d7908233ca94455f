#include "drivers/rabbitmq/broker.hpp"

#include <algorithm>

#include "drivers/rabbitmq/topology.hpp"
#include "platform/base/random.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::rabbitmq {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds reach_within{10};

access read_access(const config::server_address& address) {
  address.allow_options(
      {"exchange", "heartbeat", "max_length", "tls", "ca", "certificate", "key", "verify"});
  if (address.scheme != "amqp" && address.scheme != "amqps") {
    address.refuse("\"" + address.scheme + "\" is not amqp or amqps");
  }
  access to;
  to.address = address;
  to.tls = config::read_server_tls(address, address.scheme == "amqps");
  to.vhost = address.path.empty() ? "/" : address.path;
  to.exchange = address.option("exchange", "oficio.events");
  if (to.exchange.empty() || to.exchange.size() > longest_name) {
    address.refuse("exchange must have 1 to 200 characters");
  }
  to.heartbeat = seconds(address.number("heartbeat", 10, 1, 300));
  to.max_length = address.number("max_length", 1'000'000, 1, 1'000'000'000);
  if (to.address.user.empty()) to.address.user = to.address.password = "guest";
  return to;
}

}  // namespace

broker::broker(access to, boost::asio::any_io_executor io, const wall_clock& clock,
               telemetry::logger log)
    : to_(std::move(to)),
      clock_(clock),
      log_(log),
      process_(random_hex(6)),
      tasks_(std::move(io),
             [log](const std::string& task, const std::string& what) {
               log.error("An event task failed.", {{"oficio.task", task}, {"error.message", what}});
             }),
      publisher_(to_, "oficio publisher " + process_, log),
      consumer_(to_, "oficio consumer " + process_, *this, log),
      asking_("rabbitmq", 2, 64) {}

broker::~broker() {
  consumer_.end(seconds(1));
  publisher_.end(seconds(1));
}

void broker::start() {
  auto until = steady_clock::now() + reach_within;
  publisher_.start();
  consumer_.start();
  try {
    if (publisher_.wait_up(until) && consumer_.wait_up(until)) return;
  } catch (const not_admitted& e) {
    to_.address.refuse(e.what());
  }
  to_.address.refuse(to_.address.shown() + " cannot be reached");
}

awaitable<result<void>> broker::subscribe(events::queue q, events::handler h) {
  auto self = shared_from_this();
  if (q.name.empty() || q.name.size() > longest_name) {
    co_return error{errc::bad_request, "bad_queue_name", "A queue's name has 1 to 200 bytes."};
  }
  auto own = std::make_shared<subscription>();
  own->queue = q.durable ? q.name : q.name + "." + process_;
  own->handle = std::move(h);
  own->options = std::move(q);
  {
    std::lock_guard lock(guard_);
    auto same = [&](const auto& other) { return other->options.name == own->options.name; };
    if (std::ranges::any_of(queues_, same)) {
      co_return error{errc::conflict, "already_subscribed",
                      "The queue " + own->options.name + " has its handler already."};
    }
    queues_.push_back(own);
  }
  auto listening = co_await consumer_.listen(context::for_system(seconds(30)), own);
  if (!listening) {
    std::lock_guard lock(guard_);
    std::erase(queues_, own);
  }
  co_return listening;
}

awaitable<result<void>> broker::publish(const context& ctx, std::vector<events::envelope> what) {
  auto self = shared_from_this();
  std::vector<outgoing> out;
  out.reserve(what.size());
  for (const auto& e : what) out.push_back({to_.exchange, e.type, false, to_message(e)});
  co_return co_await publisher_.publish(ctx, std::move(out));
}

std::vector<asked_queue> broker::asked() {
  std::vector<asked_queue> out;
  std::lock_guard lock(guard_);
  for (const auto& q : queues_) {
    auto pauses = q->options.retry_pauses;
    std::ranges::sort(pauses);
    pauses.erase(std::ranges::unique(pauses).begin(), pauses.end());
    out.push_back({q->options.name, q->queue, q->options.durable, std::move(pauses), q->in_hand});
  }
  return out;
}

awaitable<result<std::vector<events::dead_letter>>> broker::dead_letters(const context& ctx,
                                                                         std::size_t limit) {
  auto self = shared_from_this();
  co_return co_await asking_.run(ctx, [self, until = ctx.deadline, queues = asked(), limit] {
    return list_dead(self->to_, until, queues, limit);
  });
}

awaitable<result<void>> broker::replay(const context& ctx, std::string event_id,
                                       std::string queue_name) {
  auto self = shared_from_this();
  if (queue_name.size() > longest_name) co_return not_found("The queue");
  co_return co_await asking_.run(
      ctx, [self, until = ctx.deadline, id = std::move(event_id), queue = std::move(queue_name)] {
        return revive(self->to_, until, id, queue);
      });
}

awaitable<result<std::vector<events::queue_status>>> broker::status(const context& ctx) {
  auto self = shared_from_this();
  co_return co_await asking_.run(ctx, [self, until = ctx.deadline, queues = asked()] {
    return look(self->to_, until, queues);
  });
}

bool broker::quiet() {
  std::lock_guard lock(guard_);
  return std::ranges::all_of(queues_, [](const auto& q) { return q->active == 0; });
}

awaitable<void> broker::stop(milliseconds at_most) {
  auto self = shared_from_this();
  auto until = steady_clock::now() + at_most;
  {
    std::lock_guard lock(guard_);
    stopping_ = true;
  }
  while (!quiet() && steady_clock::now() < until) co_await runtime::sleep_for(milliseconds(5));
  // Handlers that are still at work are interrupted, and their events come again.
  auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
  co_await tasks_.stop(std::max(left, milliseconds(100)));
  // What was not acknowledged goes back to its queue with the connection.
  auto ended = co_await asking_.run(context::for_system(seconds(30)), [self]() -> result<void> {
    self->consumer_.end(seconds(2));
    return {};
  });
  if (!ended) log_.warn("The consumer did not end.", {{"error.message", ended.error().detail}});
  std::lock_guard lock(guard_);
  // A handler may hold the bus; without this they would keep each other for ever.
  for (const auto& q : queues_) {
    if (q->active == 0) q->handle = nullptr;
  }
}

std::shared_ptr<events::bus> make_bus(const config::server_address& address,
                                      boost::asio::any_io_executor io, const wall_clock& clock,
                                      telemetry::logger log) {
  auto made = std::make_shared<broker>(read_access(address), std::move(io), clock, std::move(log));
  made->start();
  return made;
}

}  // namespace oficio::rabbitmq
