#include "drivers/rabbitmq/topology.hpp"

namespace oficio::rabbitmq {
namespace {

// Of redeliveries without an answer: an event that ends each process that handles it must not do so
// for ever. High, since each restart of a process counts for all events that it had in hand.
constexpr std::int64_t redeliveries = 100;
constexpr std::int64_t most_dead = 100'000;
constexpr std::int64_t most_passing = 10'000;
constexpr std::int64_t passing_expires = 60'000;  // ms without a consumer

// A full queue refuses what is published, rather than losing the oldest.
table lasting(std::int64_t max_length) {
  table t;
  t.text("x-queue-type", "quorum").text("x-overflow", "reject-publish");
  t.number("x-max-length", max_length);
  return t;
}

// Without a loss, and without asking the exchange, which would tell other queues again.
table& dying_into(table& t, const std::string& queue) {
  return t.text("x-dead-letter-exchange", "")
      .text("x-dead-letter-routing-key", queue)
      .text("x-dead-letter-strategy", "at-least-once");
}

}  // namespace

std::string retry_queue(const std::string& name, std::chrono::milliseconds pause) {
  return name + ".retry." + std::to_string(pause.count());
}

std::string dead_queue(const std::string& name) {
  return name + ".dead";
}

std::string dead_lock(const std::string& name) {
  return name + ".dead.lock";
}

void declare_durable(connection& c, amqp_channel_t on, const access& to, const events::queue& q) {
  auto dead = dead_queue(q.name);
  c.declare_queue(on, dead, {}, lasting(most_dead));
  auto main = lasting(to.max_length);
  dying_into(main, dead).number("x-delivery-limit", redeliveries);
  // One process at a time has the queue, the next takes over: so a subject's events are handled one
  // after another over all processes.
  main.flag("x-single-active-consumer", true);
  c.declare_queue(on, q.name, {}, main);
  for (auto pause : q.retry_pauses) {
    auto resting = lasting(to.max_length);
    dying_into(resting, q.name).number("x-message-ttl", pause.count());
    c.declare_queue(on, retry_queue(q.name, pause), {}, resting);
  }
  for (const auto& pattern : q.patterns) c.bind(on, q.name, to.exchange, pattern);
}

void declare_passing(connection& c, amqp_channel_t on, const access& to, const events::queue& q,
                     const std::string& name) {
  table t;
  t.text("x-queue-type", "classic").text("x-overflow", "drop-head");
  t.number("x-max-length", most_passing).number("x-expires", passing_expires);
  c.declare_queue(on, name, {}, t);
  for (const auto& pattern : q.patterns) c.bind(on, name, to.exchange, pattern);
}

}  // namespace oficio::rabbitmq
