#include "drivers/rabbitmq/publisher.hpp"

#include <algorithm>
#include <charconv>

#include "platform/runtime/notifier.hpp"

namespace oficio::rabbitmq {
namespace {

constexpr amqp_channel_t channel = 1;
constexpr std::size_t most_unconfirmed = 2'048;
constexpr std::size_t most_waiting = 4'096;             // calls
constexpr std::size_t most_waiting_bytes = 64U << 20U;  // of their bodies

error away(const std::string& why) {
  return {errc::unavailable,
          "events_unavailable",
          "Events cannot be published just now: " + why + ".",
          {},
          std::chrono::seconds(1)};
}

error late() {
  return {errc::timeout, "deadline_exceeded", "Events were not published in time."};
}

// Names and ids are short texts on the wire.
std::optional<error> unsendable(const std::vector<outgoing>& what) {
  for (const auto& o : what) {
    if (o.key.size() > 255 || o.what.id.size() > 255 || o.what.type.size() > 255) {
      return error{errc::bad_request, "malformed_event", "An event's id or type is too long."};
    }
    if (o.what.body.size() > largest_body) {
      return error{errc::too_large, "event_too_large",
                   "An event has more than " + std::to_string(largest_body) + " bytes."};
    }
  }
  return {};
}

}  // namespace

struct publisher::job {
  std::vector<outgoing> what;
  std::size_t bytes = 0;
  steady_time deadline;

  std::size_t open = 0;  // not confirmed yet; the thread's own
  std::optional<error> failure;

  std::mutex guard;
  std::optional<result<void>> outcome;
  runtime::notifier done;

  void finish(result<void> with) {
    {
      std::lock_guard lock(guard);
      if (outcome) return;
      outcome = std::move(with);
    }
    done.notify();
  }
  std::optional<result<void>> finished() {
    std::lock_guard lock(guard);
    return outcome;
  }
};

publisher::publisher(const access& to, std::string name, telemetry::logger log)
    : link(to, std::move(name), std::move(log)) {}

awaitable<result<void>> publisher::publish(context ctx, std::vector<outgoing> what) {
  if (what.empty()) co_return result<void>{};
  if (ctx.expired()) co_return late();
  if (auto wrong = unsendable(what)) co_return *wrong;
  auto j = std::make_shared<job>();
  j->what = std::move(what);
  for (const auto& o : j->what) j->bytes += o.what.body.size();
  j->deadline = ctx.deadline;
  if (auto no = add(j)) co_return *no;
  wake();
  for (;;) {
    if (auto outcome = j->finished()) co_return *outcome;
    auto left = ctx.remaining();
    if (left.count() == 0) co_return late();
    co_await j->done.wait(left);
  }
}

std::optional<error> publisher::add(const std::shared_ptr<job>& j) {
  std::lock_guard lock(waiting_guard_);
  if (!open_) return away(why_not_);
  if (waiting_.size() >= most_waiting || waiting_bytes_ + j->bytes > most_waiting_bytes) {
    return away("too many wait to be published");
  }
  waiting_bytes_ += j->bytes;
  waiting_.push_back(j);
  return {};
}

std::shared_ptr<publisher::job> publisher::next() {
  std::lock_guard lock(waiting_guard_);
  if (waiting_.empty()) return nullptr;
  auto j = std::move(waiting_.front());
  waiting_.pop_front();
  waiting_bytes_ -= j->bytes;
  return j;
}

void publisher::on_up(connection& c) {
  c.open_channel(channel);
  c.select_confirms(channel);
  c.declare_exchange(channel, to().exchange);
  last_tag_ = 0;
  std::lock_guard lock(waiting_guard_);
  open_ = true;
}

void publisher::on_wake(connection& c) {
  while (unconfirmed_.size() < most_unconfirmed) {
    auto j = next();
    if (!j) return;
    if (std::chrono::steady_clock::now() >= j->deadline) {
      j->finish(late());
    } else {
      send(c, j);
    }
  }
}

void publisher::send(connection& c, const std::shared_ptr<job>& j) {
  j->open = j->what.size();
  // Noted before they are sent: a connection that is lost in the middle fails the whole job.
  auto tag = last_tag_;
  for (std::size_t i = 0; i < j->what.size(); ++i) unconfirmed_.emplace(++tag, in_flight{j, false});
  for (auto& o : j->what) {
    ++last_tag_;
    if (o.mandatory) o.what.correlation = std::to_string(last_tag_);
    c.publish(channel, o.exchange, o.key, o.mandatory, o.what);
  }
  j->what.clear();
}

void publisher::settle(in_flight& one, bool kept) {
  auto& j = *one.of;
  if (!kept && !j.failure) j.failure = away("a queue is full");
  if (one.unwanted && !j.failure) j.failure = away("its queue is not there");
  if (--j.open > 0) return;
  if (j.failure) {
    j.finish(std::move(*j.failure));
  } else {
    j.finish({});
  }
}

void publisher::on_event(connection& c, happening what) {
  if (auto* a = std::get_if<confirmed>(&what)) {
    auto from = a->multiple ? unconfirmed_.begin() : unconfirmed_.lower_bound(a->tag);
    auto to = unconfirmed_.upper_bound(a->tag);
    for (auto at = from; at != to; ++at) settle(at->second, a->kept);
    unconfirmed_.erase(from, to);
    on_wake(c);  // there is room for more
  } else if (auto* r = std::get_if<returned>(&what)) {
    std::uint64_t tag = 0;
    std::from_chars(r->correlation.data(), r->correlation.data() + r->correlation.size(), tag);
    if (auto at = unconfirmed_.find(tag); at != unconfirmed_.end()) at->second.unwanted = true;
  } else if (auto* t = std::get_if<throttled>(&what)) {
    if (t->on) log().warn("The event server takes no more events.", {{"error.message", t->why}});
    std::lock_guard lock(waiting_guard_);
    open_ = !t->on;
    why_not_ = t->on ? "the server takes no more (" + t->why + ")" : std::string();
  } else if (auto* e = std::get_if<channel_ended>(&what)) {
    throw lost("publishing: " + e->why);
  }
}

void publisher::on_down(const std::string& why) {
  std::deque<std::shared_ptr<job>> dropped;
  {
    std::lock_guard lock(waiting_guard_);
    open_ = false;
    why_not_ = why;
    dropped.swap(waiting_);
    waiting_bytes_ = 0;
  }
  for (auto& [tag, one] : unconfirmed_) one.of->finish(away(why));
  unconfirmed_.clear();
  for (auto& j : dropped) j->finish(away(why));
}

void publisher::on_end(connection&) {}

}  // namespace oficio::rabbitmq
