#include "platform/realtime/session.hpp"

#include <boost/asio/post.hpp>

#include "platform/json/json.hpp"
#include "platform/realtime/engine_core.hpp"

namespace oficio::realtime {

namespace {

// Packets that always look the same.
const frame::pointer& ping_packet() {
  static const auto packet = frame::text({"2"});
  return packet;
}
const std::string close_packet = "1";
const std::string noop_packet = "6";

}  // namespace

session::session(std::shared_ptr<engine_core> core, boost::asio::any_io_executor executor,
                 std::string id, std::shared_ptr<const handshake> from, std::shared_ptr<void> place)
    : core_(std::move(core)),
      executor_(std::move(executor)),
      id_(std::move(id)),
      from_(std::move(from)),
      place_(std::move(place)) {
  core_->open.fetch_add(1);
}

session::~session() {
  unschedule();
  core_->open.fetch_sub(1);
}

void session::begin(std::shared_ptr<session_user> user, std::shared_ptr<outlet> websocket) {
  core_->figures.opened(websocket != nullptr).add();
  std::lock_guard lock(guard_);
  user_ = std::move(user);
  if (websocket) {
    main_ = std::move(websocket);
    queue_.push_back(frame::text({open_packet(true)}));
    queued_bytes_ += queue_.back()->packet().size();
  }
  schedule(core_->pings, std::chrono::steady_clock::now());
}

std::string session::open_packet(bool websocket) const {
  const auto& o = core_->options;
  json::object out{{"sid", id_},
                   {"upgrades", websocket ? json::array{} : json::array{"websocket"}},
                   {"pingInterval", o.ping_interval.count()},
                   {"pingTimeout", o.ping_timeout.count()},
                   {"maxPayload", o.max_payload}};
  return "0" + json::to_text(json::value(std::move(out)));
}

void session::calls::make() {
  if (ready) ready->ready();
  if (wake) wake->wake();
}

// Under the lock: somebody must come and take what is queued.
void session::wake(calls& out) {
  if (main_) {
    if (corked_ || woken_) return;
    woken_ = true;
    out.wake = main_;
  } else if (poll_ && !poll_->woken) {
    poll_->woken = true;
    out.ready = poll_;
  }
}

void session::push(frame::pointer packet, calls& out) {
  queued_bytes_ += packet->packet().size();
  queue_.push_back(std::move(packet));
  wake(out);
}

bool session::send(std::span<const frame::pointer> packets) {
  calls to_make;
  {
    std::lock_guard lock(guard_);
    if (phase_ != phase::open) return false;
    if (queued_bytes_ <= core_->options.max_queued_bytes) {
      for (const auto& p : packets) push(p, to_make);
    } else {
      // The caller may hold locks of its own, which the user wants when it hears of the end.
      phase_ = phase::closing;
      std::vector<frame::pointer>().swap(queue_);
      boost::asio::post(executor_,
                        [self = shared_from_this()] { self->end(end_reason::slow_reader, false); });
      return false;
    }
  }
  to_make.make();
  return true;
}

void session::close(end_reason why) {
  end(why, true);
}

void session::drop(end_reason why) {
  end(why, false);
}

// Orderly: a WebSocket, or the next GET, takes what is queued; otherwise that is lost.
void session::end(end_reason why, bool orderly) {
  calls to_make;
  std::shared_ptr<outlet> websocket;
  std::shared_ptr<outlet> probe;
  bool waits = false;
  {
    std::lock_guard lock(guard_);
    if (std::exchange(ended_, true)) return;
    phase_ = phase::closed;
    failed_ = why == end_reason::protocol_error;
    unschedule();
    websocket = main_;
    probe = std::move(probe_);
    bool by_client = why == end_reason::client_closed;
    bool has_more_to_say = orderly && !by_client && why != end_reason::protocol_error;
    if (!websocket && has_more_to_say && !poll_) {
      waits = true;  // for a GET, which learns of the end
      phase_ = phase::closing;
      schedule(core_->closings, std::chrono::steady_clock::now());
    } else if (poll_) {
      auto last = orderly && !by_client ? drain() : std::string();
      if (!last.empty()) last += '\x1e';
      end_poll(last + (by_client ? noop_packet : close_packet), to_make);
    }
    if (!websocket && !waits) std::vector<frame::pointer>().swap(queue_);
  }
  if (!waits) core_->remove(id_);
  to_make.make();
  if (probe) probe->drop();
  if (websocket) {
    if (why == end_reason::line_lost || (!orderly && why == end_reason::server_closed)) {
      websocket->drop();
    } else {
      websocket->shut(why);
    }
  }
  core_->figures.ended(why).add();
  if (user_) user_->closed(why);
}

void session::end_poll(std::string last, calls& out) {
  poll_->ended = true;
  poll_->last = std::move(last);
  if (!std::exchange(poll_->woken, true)) out.ready = poll_;
  poll_ = nullptr;
}

// Under the lock, but in the destructor.
void session::schedule(deadlines& in, steady_time start) {
  unschedule();
  scheduled_ = &in;
  in.add(*this, start);
}

void session::unschedule() {
  if (auto* in = std::exchange(scheduled_, nullptr)) in->remove(*this);
}

void session::resume() {
  std::shared_ptr<outlet> websocket;
  {
    std::lock_guard lock(guard_);
    websocket = main_;
  }
  if (websocket) websocket->resume();
}

// A ping is due, or its pong is late, or nobody came to hear of the end.
void session::expired(steady_time due) {
  calls to_make;
  bool late = false;
  {
    std::lock_guard lock(guard_);
    if (phase_ == phase::closing) {
      phase_ = phase::closed;
    } else if (phase_ == phase::open) {
      late = awaits_pong_;
      if (!late) {
        awaits_pong_ = true;
        push(ping_packet(), to_make);
        schedule(core_->pongs, due);
      }
    }
  }
  to_make.make();
  if (late) end(end_reason::ping_timeout, false);
  if (phase_ == phase::closed) core_->remove(id_);
}

session::refusal session::begin_poll(const std::shared_ptr<poll>& p) {
  calls to_make;
  bool overlap = false;
  {
    std::lock_guard lock(guard_);
    if (main_ || phase_ == phase::closed) return refusal::not_here;
    overlap = poll_ != nullptr;
    if (!overlap) {
      poll_ = p;
      if (!queue_.empty() || probed_ || phase_ == phase::closing) wake(to_make);
    }
  }
  if (overlap) end(end_reason::protocol_error, true);
  to_make.make();
  return overlap ? refusal::overlap : refusal::none;
}

// As much as fits into one answer, and one packet at least. Under the lock.
std::string session::drain() {
  std::string body;
  std::size_t taken = 0;
  for (const auto& packet : queue_) {
    if (taken > 0 && body.size() + size_in_payload(*packet) > core_->options.max_payload) break;
    append_to_payload(body, *packet);
    core_->figures.packets_out().add();
    queued_bytes_ -= packet->packet().size();
    ++taken;
  }
  core_->figures.bytes_out().add(body.size());
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (queue_.empty()) std::vector<frame::pointer>().swap(queue_);
  return body;
}

std::string session::take(const std::shared_ptr<poll>& p) {
  std::string body;
  bool last = false;
  {
    std::lock_guard lock(guard_);
    if (p->ended || poll_ != p) return p->last;
    body = drain();
    last = phase_ != phase::open && queue_.empty();
    if (last) {
      phase_ = phase::closed;
      unschedule();
      if (!body.empty()) body += '\x1e';
      body += close_packet;
    }
    if (body.empty() && probed_) body = noop_packet;
    if (body.empty()) {
      p->woken = false;
    } else {
      poll_ = nullptr;
    }
  }
  if (last) core_->remove(id_);
  return body;
}

void session::poll_lost(const std::shared_ptr<poll>& p) {
  {
    std::lock_guard lock(guard_);
    if (poll_ != p) return;
    poll_ = nullptr;
    p->ended = true;
    p->last = close_packet;
  }
  end(end_reason::line_lost, false);
}

session::refusal session::begin_post() {
  bool overlap = false;
  {
    std::lock_guard lock(guard_);
    if (main_ || phase_ == phase::closed) return refusal::not_here;
    overlap = std::exchange(posting_, true);
  }
  if (overlap) end(end_reason::protocol_error, true);
  return overlap ? refusal::overlap : refusal::none;
}

void session::end_post(bool well_formed) {
  {
    std::lock_guard lock(guard_);
    posting_ = false;
  }
  if (!well_formed) end(end_reason::protocol_error, true);
}

bool session::begin_probe(const std::shared_ptr<outlet>& by) {
  std::lock_guard lock(guard_);
  if (phase_ != phase::open || main_ || probe_) return false;
  probe_ = by;
  return true;
}

session::probe_step session::probe(const std::shared_ptr<outlet>& by, const engine_packet& p) {
  calls to_make;
  {
    std::lock_guard lock(guard_);
    if (phase_ != phase::open || probe_ != by || p.binary) return probe_step::failed;
    if (p.type == packet_type::ping && p.data == "probe") {
      probed_ = true;
      wake(to_make);  // a GET that waits must end
    } else if (p.type == packet_type::upgrade && probed_ && !posting_) {
      if (poll_) end_poll(noop_packet, to_make);
      main_ = std::move(probe_);
      probe_ = nullptr;
      probed_ = false;
    } else {
      return probe_step::failed;
    }
  }
  to_make.make();
  if (p.type == packet_type::ping) return probe_step::pong;
  core_->figures.upgraded().add();
  return probe_step::upgraded;
}

void session::probe_lost(const outlet& by) {
  std::lock_guard lock(guard_);
  if (probe_.get() != &by) return;
  probe_ = nullptr;
  probed_ = false;
}

void session::cork(bool on) {
  std::lock_guard lock(guard_);
  corked_ = on;
}

bool session::take(const outlet& by, std::size_t bytes, std::vector<frame::pointer>& into) {
  std::lock_guard lock(guard_);
  if (main_.get() != &by) return false;
  woken_ = false;
  if (queue_.empty()) return false;
  if (queued_bytes_ <= bytes && into.empty()) {
    into.swap(queue_);
    queued_bytes_ = 0;
    return false;
  }
  std::size_t taken = 0;
  std::size_t size = 0;
  while (taken < queue_.size() && size < bytes) size += queue_[taken++]->packet().size();
  auto end = queue_.begin() + static_cast<std::ptrdiff_t>(taken);
  into.insert(into.end(), queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  queued_bytes_ -= size;
  return !queue_.empty();
}

bool session::is_main(const outlet& by) const {
  std::lock_guard lock(guard_);
  return main_.get() == &by;
}

bool session::within_limits(const engine_packet& p) {
  const auto& of = core_->options.per_connection;
  if (of.events.per_second <= 0 && of.bytes.per_second <= 0) return true;
  auto now = std::chrono::steady_clock::now();
  if (!left_.bytes(of, p.data.size(), now)) {
    end(end_reason::too_many_bytes, true);
  } else if (p.type == packet_type::message && !p.binary && !left_.event(of, now)) {
    end(end_reason::too_many_events, true);
  }
  return !has_ended();
}

bool session::receive(const engine_packet& p) {
  if (has_ended()) return false;
  core_->figures.packets_in().add();
  core_->figures.bytes_in().add(p.data.size());
  if (!within_limits(p)) return false;
  switch (p.type) {
    case packet_type::message:
      if (user_) user_->received(p.data, p.binary);
      return !has_ended();
    case packet_type::pong: {
      std::lock_guard lock(guard_);
      if (!awaits_pong_ || phase_ != phase::open) return true;
      awaits_pong_ = false;
      schedule(core_->pings, std::chrono::steady_clock::now());
      return true;
    }
    case packet_type::close:
      end(end_reason::client_closed, true);
      return false;
    case packet_type::noop:
    case packet_type::upgrade:  // a second one changes nothing
      return true;
    case packet_type::open:
    case packet_type::ping:
      break;
  }
  end(end_reason::protocol_error, true);
  return false;
}

}  // namespace oficio::realtime
