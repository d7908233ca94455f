#include "drivers/rabbitmq/inspector.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <thread>

#include "drivers/rabbitmq/topology.hpp"

namespace oficio::rabbitmq {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr amqp_channel_t looking = 1;
constexpr amqp_channel_t publishing = 2;
constexpr milliseconds lock_pause{20};
constexpr milliseconds back_pause{5};
constexpr milliseconds early{5};        // by which the library may end its waiting too soon
constexpr milliseconds silence{2'000};  // after which no more come, whatever was counted

class too_late : public std::runtime_error {
 public:
  too_late() : std::runtime_error("The event server did not answer in time.") {}
};

// One connection for one call, within its deadline.
class visit {
 public:
  visit(const access& to, steady_time until)
      : until_(until), connection_(connect_any(to, host_, "oficio inspector", until)) {
    connection_->answer_within(left());
    connection_->open_channel(looking);
  }

  connection& server() { return *connection_; }

  milliseconds left() const {
    auto left = std::chrono::duration_cast<milliseconds>(until_ - steady_clock::now());
    if (left.count() <= 0) throw too_late();
    return left;
  }

  // How many are ready; none if there is no such queue.
  std::size_t count(const std::string& queue) {
    connection_->answer_within(left());
    try {
      return connection_->ready_in(looking, queue);
    } catch (const refused& e) {
      connection_->open_channel(looking);
      if (e.code != AMQP_NOT_FOUND) throw;
      return 0;
    }
  }

  void lock(const std::string& queue) {
    for (;;) {
      connection_->answer_within(left());
      try {
        connection_->declare_queue(looking, dead_lock(queue), {.durable = false, .exclusive = true},
                                   {});
        return;
      } catch (const refused& e) {
        connection_->open_channel(looking);
        if (e.code != AMQP_RESOURCE_LOCKED) throw;
      }
      std::this_thread::sleep_for(std::min(lock_pause, left()));
    }
  }
  void unlock(const std::string& queue) { connection_->delete_queue(looking, dead_lock(queue)); }

  // The first `count` messages, in order, until `enough` says so. They are in hand until they are
  // given back.
  template <class Enough>
  void take(const std::string& queue, std::size_t count, Enough enough) {
    constexpr std::size_t most = std::numeric_limits<std::uint16_t>::max();
    // 0 is no limit.
    connection_->limit_unacknowledged(
        looking, count > most ? std::uint16_t{0} : static_cast<std::uint16_t>(count));
    connection_->consume(looking, queue);
    while (count > 0) {
      auto happened = connection_->next(std::min(silence, left()));
      if (!happened) return;
      if (std::holds_alternative<channel_ended>(*happened)) throw lost("the queue was deleted");
      auto* d = std::get_if<delivered>(&*happened);
      if (!d) continue;
      --count;
      if (enough(*d)) return;
    }
  }

  // Gives back what was taken, before what is still in the queue, in order. The server does so some
  // time after the channel's end: whoever comes next is to find `at_least` so many ready again.
  void give_back(const std::string& queue, std::size_t at_least) {
    connection_->answer_within(left());
    connection_->close_channel(looking);
    connection_->open_channel(looking);
    auto until = steady_clock::now() + silence;  // somebody else may have emptied the queue
    while (count(queue) < at_least && steady_clock::now() < until) {
      std::this_thread::sleep_for(std::min(back_pause, left()));
    }
  }

  void publish(const std::string& queue, message m) {
    connection_->open_channel(publishing);
    connection_->select_confirms(publishing);
    m.correlation = "1";
    connection_->publish(publishing, "", queue, true, m);
    bool unwanted = false;
    for (;;) {
      auto happened = connection_->next(left());
      if (!happened) throw too_late();
      if (std::holds_alternative<returned>(*happened)) unwanted = true;
      auto* done = std::get_if<confirmed>(&*happened);
      if (!done) continue;
      if (unwanted || !done->kept) throw lost("the queue is full or gone");
      return;
    }
  }

 private:
  std::size_t host_ = 0;
  steady_time until_;
  std::unique_ptr<connection> connection_;
};

error unavailable(const std::string& why) {
  return {errc::unavailable,
          "events_unavailable",
          "The event server cannot be asked just now: " + why + ".",
          {},
          std::chrono::seconds(1)};
}

template <class Ask>
auto asking(const access& to, steady_time until, Ask ask) -> decltype(ask(std::declval<visit&>())) {
  try {
    visit v(to, until);
    auto answer = ask(v);
    v.server().close(milliseconds(500));
    return answer;
  } catch (const too_late& e) {
    return error{errc::timeout, "deadline_exceeded", e.what()};
  } catch (const std::exception& e) {
    if (steady_clock::now() + early >= until)
      return error{errc::timeout, "deadline_exceeded", e.what()};
    return unavailable(e.what());
  }
}

events::queue_status status_of(visit& v, const asked_queue& q) {
  events::queue_status s{q.name, v.count(q.queue) + q.in_hand, 0};
  if (!q.durable) return s;
  for (auto pause : q.pauses) s.waiting += v.count(retry_queue(q.queue, pause));
  s.dead = v.count(dead_queue(q.queue));
  return s;
}

// Those of one moment in the order in which they came.
using letters_by_time = std::multimap<time_point, events::dead_letter>;

void list_one(visit& v, const std::string& queue, std::size_t limit, letters_by_time& out) {
  v.lock(queue);
  auto dead = dead_queue(queue);
  auto ready = v.count(dead);
  if (auto count = std::min(ready, limit); count > 0) {
    v.take(dead, count, [&](const delivered& d) {
      auto letter = to_letter(d.what, queue);
      auto died_at = letter.died_at;
      out.emplace(died_at, std::move(letter));
      if (out.size() > limit) out.erase(std::prev(out.end()));
      return false;
    });
    v.give_back(dead, ready);
  }
  v.unlock(queue);
}

}  // namespace

result<std::vector<events::queue_status>> look(const access& to, steady_time until,
                                               std::vector<asked_queue> queues) {
  return asking(to, until, [&](visit& v) -> result<std::vector<events::queue_status>> {
    std::vector<events::queue_status> out;
    out.reserve(queues.size());
    for (const auto& q : queues) out.push_back(status_of(v, q));
    return out;
  });
}

result<std::vector<events::dead_letter>> list_dead(const access& to, steady_time until,
                                                   const std::vector<asked_queue>& queues,
                                                   std::size_t limit) {
  return asking(to, until, [&](visit& v) -> result<std::vector<events::dead_letter>> {
    letters_by_time found;
    for (const auto& q : queues) {
      if (q.durable && limit > 0) list_one(v, q.queue, limit, found);
    }
    std::vector<events::dead_letter> out;
    for (auto& [at, letter] : found) out.push_back(std::move(letter));
    return out;
  });
}

result<void> revive(const access& to, steady_time until, const std::string& event_id,
                    const std::string& queue) {
  return asking(to, until, [&](visit& v) -> result<void> {
    auto missing = not_found("A dead letter with that event in that queue");
    auto dead = dead_queue(queue);
    // Before the lock: a queue that never was needs none.
    try {
      v.server().ready_in(looking, dead);
    } catch (const refused& e) {
      if (e.code != AMQP_NOT_FOUND) throw;
      return missing;
    }
    v.lock(queue);
    std::optional<delivered> found;
    auto ready = v.count(dead);
    if (ready > 0) {
      v.take(dead, ready, [&](delivered& d) {
        if (id_in(d.what) != event_id) return false;
        found = std::move(d);
        return true;
      });
    }
    if (!found) {
      v.give_back(dead, ready);
      return missing;
    }
    message again;
    again.body = std::move(found->what.body);
    again.id = std::move(found->what.id);
    again.type = std::move(found->what.type);
    v.publish(queue, std::move(again));
    v.server().acknowledge(looking, found->tag, false);
    v.give_back(dead, ready - 1);
    return {};
  });
}

}  // namespace oficio::rabbitmq
