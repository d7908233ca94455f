#include "services/gateway/live/sockets.hpp"

#include <algorithm>

#include "platform/runtime/timing.hpp"
#include "platform/tracing/after.hpp"
#include "services/gateway/live/rooms.hpp"

namespace oficio::gateway {
namespace {

// Codes, links and texts of at most 5,000 characters, each of which JSON may write in 12 bytes.
constexpr std::size_t largest_packet = 100'000;
constexpr std::size_t most_queued = 1'000'000;  // bytes for one slow reader
constexpr std::chrono::milliseconds look_every{1'000};
constexpr std::chrono::seconds time_to_go{5};  // for who is sent away

realtime::rate per_second(double events) {
  return {.per_second = events, .burst = 3 * events};
}

realtime::server_options server_options_of(const socket_options& o, const origins& allowed,
                                           telemetry::metrics* metrics) {
  realtime::server_options out;
  out.engine.max_payload = largest_packet;
  out.engine.max_queued_bytes = most_queued;
  out.engine.max_sessions = o.max;
  out.engine.max_sessions_per_address = o.per_address;
  out.engine.per_connection.events = per_second(o.events_per_second);
  out.engine.cors = {.origins = allowed.listed(), .credentials = true};
  out.engine.metrics = metrics;
  out.max_attachments = 0;
  out.max_spaces = 1;
  out.per_account.events = per_second(2 * o.events_per_second);
  out.recovery.on = true;
  return out;
}

}  // namespace

sockets::sockets(const hosting::environment& env, forwarder& by, const origins& allowed,
                 const options& o)
    : clock_(env.clock),
      known_(by.known_sessions()),
      tracer_(o.tracer),
      options_(o.sockets),
      entry_(known_, allowed, o.secure_cookies),
      server_(env.app.io(), server_options_of(o.sockets, allowed, env.metrics), env.log),
      presence_(env.clock, server_.of("/"), o.cache, o.sockets.presence),
      talking_(env.clock, by, server_.of("/"), presence_, o.cache) {
  known_.on_heard([this](const std::string& session_id) { end_session(session_id); });
  auto& all = server_.of("/");
  all.authorise([this](realtime::visitor v) { return decide(std::move(v)); });
  all.on_connect([this](const realtime::socket_ptr& s) { came(s); });
  all.on_disconnect([this](const realtime::socket_ptr& s, auto) { went(s); });
  talking_.listen();
  if (!env.metrics) return;
  told_ = env.metrics->on_read([this](auto& to) {
    to.level("oficio_gateway_sockets", "People's sockets at this gateway", {},
             static_cast<double>(server_.of("/").size()));
    to.level("oficio_gateway_people", "Accounts with sockets at this gateway", {},
             static_cast<double>(presence_.here()));
  });
}

void sockets::start(runtime::task_group& tasks) {
  tasks.spawn("ending sockets", watch_time());
  tasks.spawn("presence", presence_.run());
  tasks.spawn("telling presence", presence_.run_channel());
  tasks.spawn("telling who types", talking_.run_channel());
}

awaitable<void> sockets::stop(std::chrono::milliseconds patience) {
  auto until = std::chrono::steady_clock::now() + patience;
  co_await presence_.leave();
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  co_await server_.stop(std::max(left, std::chrono::milliseconds(0)));
}

awaitable<realtime::decision> sockets::decide(realtime::visitor v) {
  auto admitted = co_await entry_.admit(std::move(v));
  if (admitted.has_error()) co_return refusal_of(admitted.error());
  auto owner = std::move(*admitted);
  auto account = owner->who.sub;
  bool full = options_.per_account > 0 &&
              server_.of("/").size_of(room_of_account(account)) >= options_.per_account;
  if (full) {
    co_return refusal_of({errc::too_many, "too_many_connections",
                          "This account has as many connections as it may."});
  }
  co_return realtime::grant{std::move(account), std::move(owner)};
}

void sockets::came(const realtime::socket_ptr& s) {
  auto owner = owner_of(*s);
  auto own = room_of_session(owner->who.sid);
  // One that is back may come with another session.
  for (const auto& room : s->rooms()) {
    if (room.starts_with("s:") && room != own) s->leave(room);
  }
  s->join(room_of_account(s->account()));
  s->join(own);
  {
    std::lock_guard lock(guard_);
    here_.emplace(s.get(), s);
  }
  presence_.came(s->account());
  if (!s->connected()) return went(s);  // meanwhile, when nobody knew it
  // Meanwhile, before it could be found.
  auto holds = known_.still_holds(owner->who.sid, owner->until);
  if (holds.has_error()) end_session(owner->who.sid);
}

void sockets::went(const realtime::socket_ptr& s) {
  {
    std::lock_guard lock(guard_);
    if (here_.erase(s.get()) == 0) return;
  }
  presence_.went(s->account());
}

void sockets::heard(const events::envelope& e) {
  for (const auto& id : ended_by(e)) known_.hear_of_end(id);
  auto what = news_of(e);
  if (!what) return;
  if (tracer_) {
    tell_in_trace(e, *what);
  } else {
    tell(*what);
  }
}

void sockets::tell_in_trace(const events::envelope& e, const news& what) {
  auto is_here = [this](const std::string& account) {
    return server_.of("/").size_of(room_of_account(account)) > 0;
  };
  auto step = std::ranges::any_of(what.accounts, is_here) ? tracing::step_after(e) : std::nullopt;
  auto time_us = telemetry::now_us();
  auto began = std::chrono::steady_clock::now();
  tell(what);
  if (!step) return;
  step->service = "gateway";
  step->name = "push " + what.event;
  step->subtype = "socket.io";
  step->target = "socket.io";
  step->time_us = time_us;
  step->duration_us = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - began)
                          .count();
  tracer_->tell(std::move(*step));
}

void sockets::tell(const news& what) {
  auto to = server_.of("/").all();
  for (const auto& account : what.accounts) to.to(room_of_account(account));
  to.emit(what.event, what.body);
}

void sockets::missed() {
  server_.of("/").all().emit("resync", json::value(json::object()));
}

void sockets::end_session(const std::string& session_id) {
  auto all = server_.of("/").in_room(room_of_session(session_id));
  for (const auto& s : all) s->disconnect();
  auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(guard_);
  for (auto& s : all) dismissed_.emplace_back(now, std::move(s));
}

// Those whose token has expired, and those who stay though they were sent away.
std::vector<realtime::socket_ptr> sockets::take_late() {
  std::vector<realtime::socket_ptr> late;
  auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(guard_);
  for (const auto& [unused, one] : here_) {
    auto s = one.lock();
    if (s && owner_of(*s)->until <= clock_.now()) late.push_back(std::move(s));
  }
  while (!dismissed_.empty() && dismissed_.front().first + time_to_go <= now) {
    late.push_back(std::move(dismissed_.front().second));
    dismissed_.pop_front();
  }
  return late;
}

awaitable<void> sockets::watch_time() {
  for (;;) {
    co_await runtime::sleep_for(look_every);
    // Whose token has expired comes back by itself, with a newer one if there is one, and misses
    // nothing.
    for (const auto& s : take_late()) s->close();
  }
}

}  // namespace oficio::gateway
