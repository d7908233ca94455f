#include "drivers/rabbitmq/publisher.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/rabbitmq/answer.hpp"

namespace oficio::rabbitmq {
namespace {

constexpr amqp_channel_t leading = 3;
constexpr std::chrono::seconds longest_silence{20};  // of a confirm
constexpr const char* not_in_time = "Events were not published in time.";
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
  return {errc::timeout, "deadline_exceeded", not_in_time};
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

  answer<void> done;
};

struct publisher::claim {
  std::string name;
  std::function<void()> poked;
  answer<bool> done;
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
  co_return co_await j->done.wait(std::move(ctx), not_in_time);
}

awaitable<result<bool>> publisher::lead(context ctx, std::string name,
                                        std::function<void()> poked) {
  auto asked = std::make_shared<claim>();
  {
    std::lock_guard lock(waiting_guard_);
    if (!open_) co_return away(why_not_);
    if (ours_.contains(name)) co_return true;
    asked->name = std::move(name);
    asked->poked = std::move(poked);
    claims_.push_back(asked);
  }
  wake();
  co_return co_await asked->done.wait(std::move(ctx), "The event server did not answer in time.");
}

void publisher::poke(const std::string& name) {
  {
    std::lock_guard lock(waiting_guard_);
    if (!open_) return;
    pokes_.insert(name);
  }
  wake();
}

void publisher::send_pokes(connection& c) {
  std::set<std::string> pokes;
  {
    std::lock_guard lock(waiting_guard_);
    pokes.swap(pokes_);
  }
  message poke;
  for (const auto& name : pokes) {
    poke.type = name;
    c.publish(leading, "", name, false, poke);
  }
}

void publisher::on_poke(const std::string& name) {
  std::function<void()> poked;
  {
    std::lock_guard lock(waiting_guard_);
    if (auto at = ours_.find(name); at != ours_.end()) poked = at->second;
  }
  if (poked) poked();
}

bool publisher::take(connection& c, claim& wanted) {
  try {
    table one;
    one.number("x-max-length", 1);  // more pokes say no more
    c.declare_queue(leading, wanted.name, {.durable = false, .exclusive = true}, one);
    c.consume(leading, wanted.name, connection::answers::none);
    std::lock_guard lock(waiting_guard_);
    ours_.insert_or_assign(wanted.name, std::move(wanted.poked));
    return true;
  } catch (const refused& e) {
    c.open_channel(leading);
    if (e.code != AMQP_RESOURCE_LOCKED) throw;
    return false;
  }
}

void publisher::claim_all(connection& c) {
  std::vector<std::shared_ptr<claim>> claims;
  {
    std::lock_guard lock(waiting_guard_);
    claims.swap(claims_);
  }
  for (std::size_t i = 0; i < claims.size(); ++i) {
    try {
      claims[i]->done.give(take(c, *claims[i]));
    } catch (const std::exception& e) {
      for (; i < claims.size(); ++i) claims[i]->done.give(away(e.what()));
      throw;
    }
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

void publisher::open_lane(connection& c, lane& l) {
  c.open_channel(l.channel);
  c.select_confirms(l.channel);
  l.last_tag = 0;
}

void publisher::fail(lane& l, const std::string& why) {
  for (auto& [tag, one] : l.unconfirmed) one.of->done.give(away(why));
  l.unconfirmed.clear();
}

// A server may never confirm what went to a queue that has lost its leader; a fresh channel forgets
// about it.
void publisher::check(connection& c, lane& l) {
  if (l.unconfirmed.empty()) return;
  auto since = l.unconfirmed.begin()->second.since;
  if (std::chrono::steady_clock::now() - since < longest_silence) return;
  log().warn("The event server does not confirm what was published.");
  c.close_channel(l.channel);
  fail(l, "the server does not confirm");
  open_lane(c, l);
}

publisher::lane* publisher::on_channel(amqp_channel_t channel) {
  if (channel == to_exchange_.channel) return &to_exchange_;
  return channel == to_queues_.channel ? &to_queues_ : nullptr;
}

void publisher::on_up(connection& c) {
  open_lane(c, to_exchange_);
  open_lane(c, to_queues_);
  c.open_channel(leading);
  c.declare_exchange(leading, to().exchange);
  std::lock_guard lock(waiting_guard_);
  open_ = true;
}

void publisher::on_wake(connection& c) {
  check(c, to_exchange_);
  check(c, to_queues_);
  claim_all(c);
  send_pokes(c);
  send_some(c);
}

void publisher::send_some(connection& c) {
  while (to_exchange_.unconfirmed.size() < most_unconfirmed &&
         to_queues_.unconfirmed.size() < most_unconfirmed) {
    auto j = next();
    if (!j) return;
    if (std::chrono::steady_clock::now() >= j->deadline) {
      j->done.give(late());
    } else {
      send(c, j);
    }
  }
}

void publisher::send(connection& c, const std::shared_ptr<job>& j) {
  j->open = j->what.size();
  auto& l = j->what.front().mandatory ? to_queues_ : to_exchange_;
  // Noted before they are sent: a connection that is lost in the middle fails the whole job.
  auto tag = l.last_tag;
  auto now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < j->what.size(); ++i) {
    l.unconfirmed.emplace(++tag, in_flight{j, now, false});
  }
  for (auto& o : j->what) {
    ++l.last_tag;
    if (o.mandatory) o.what.correlation = std::to_string(l.last_tag);
    c.publish(l.channel, o.exchange, o.key, o.mandatory, o.what);
  }
  j->what.clear();
}

void publisher::settle(in_flight& one, bool kept) {
  auto& j = *one.of;
  if (!kept && !j.failure) j.failure = away("a queue is full");
  if (one.unwanted && !j.failure) j.failure = away("its queue is not there");
  if (--j.open > 0) return;
  if (j.failure) {
    j.done.give(std::move(*j.failure));
  } else {
    j.done.give({});
  }
}

void publisher::on_event(connection& c, happening what) {
  if (auto* a = std::get_if<confirmed>(&what)) {
    auto* l = on_channel(a->channel);
    if (!l) return;
    auto from = a->multiple ? l->unconfirmed.begin() : l->unconfirmed.lower_bound(a->tag);
    auto to = l->unconfirmed.upper_bound(a->tag);
    for (auto at = from; at != to; ++at) settle(at->second, a->kept);
    l->unconfirmed.erase(from, to);
    send_some(c);  // there is room for more
  } else if (auto* d = std::get_if<delivered>(&what)) {
    on_poke(d->what.type);
  } else if (auto* r = std::get_if<returned>(&what)) {
    auto* l = on_channel(r->channel);
    std::uint64_t tag = 0;
    std::from_chars(r->correlation.data(), r->correlation.data() + r->correlation.size(), tag);
    if (!l) return;
    if (auto at = l->unconfirmed.find(tag); at != l->unconfirmed.end()) at->second.unwanted = true;
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
  std::vector<std::shared_ptr<claim>> unanswered;
  {
    std::lock_guard lock(waiting_guard_);
    open_ = false;
    why_not_ = why;
    dropped.swap(waiting_);
    waiting_bytes_ = 0;
    unanswered.swap(claims_);
    ours_.clear();
    pokes_.clear();
  }
  for (auto& c : unanswered) c->done.give(away(why));
  fail(to_exchange_, why);
  fail(to_queues_, why);
  for (auto& j : dropped) j->done.give(away(why));
}

void publisher::on_end(connection&) {}

}  // namespace oficio::rabbitmq
