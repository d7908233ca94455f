#include "platform/realtime/web_line.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "platform/realtime/engine_core.hpp"

namespace oficio::realtime {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t read_size = 64 * 1024;
constexpr int reads_in_a_row = 4;       // then others have their turn
constexpr std::size_t most_parts = 64;  // of one write
constexpr std::size_t taken_at_once = 256 * 1024;

std::array<char, read_size>& shared_buffer() {
  static thread_local std::array<char, read_size> buffer;
  return buffer;
}

websocket::close_code code_for(end_reason why) {
  using websocket::close_code;
  switch (why) {
    case end_reason::protocol_error:
      return close_code::protocol_error;
    case end_reason::too_big:
      return close_code::too_big;
    case end_reason::slow_reader:
      return close_code::try_later;
    case end_reason::too_many_events:
    case end_reason::too_many_bytes:
    case end_reason::not_connected:
      return close_code::policy;
    case end_reason::server_stops:
      return close_code::going_away;
    default:
      return close_code::normal;
  }
}

}  // namespace

web_line::web_line(std::shared_ptr<engine_core> core, std::shared_ptr<http::line> on)
    : core_(std::move(core)), line_(std::move(on)), in_(core_->options.max_payload) {
  core_->lines.fetch_add(1);
}

web_line::~web_line() {
  if (scheduled_) scheduled_->remove(*this);
  core_->lines.fetch_sub(1);
}

void web_line::carry(std::shared_ptr<session> s) {
  session_ = std::move(s);
  state_ = state::carrying;
  flush();
  read_on();
}

void web_line::probe_for(std::shared_ptr<session> s) {
  session_ = std::move(s);
  scheduled_ = &core_->upgrades;
  scheduled_->add(*this);
  read_on();
}

void web_line::refuse(websocket::close_code code, std::string_view reason) {
  say_goodbye(code, reason);
  read_on();
}

// --- from other threads

void web_line::wake() {
  asio::post(line_->executor(), [self = shared_from_this()] {
    if (!self->in_batch_) self->flush();
  });
}

void web_line::resume() {
  asio::post(line_->executor(), [self = shared_from_this()] {
    if (std::exchange(self->paused_, false)) self->read_on();
  });
}

void web_line::shut(end_reason why) {
  asio::post(line_->executor(), [self = shared_from_this(), why] {
    if (self->state_ != state::carrying) return;
    self->flush();
    self->say_goodbye(code_for(why), to_string(why));
  });
}

void web_line::drop() {
  asio::post(line_->executor(), [self = shared_from_this()] { self->close_line(); });
}

void web_line::expired(steady_time) {
  asio::post(line_->executor(), [self = shared_from_this()] {
    // Too late for an upgrade or for the peer's goodbye; the session of a probe goes on without it.
    if (self->state_ == state::probing) {
      self->say_goodbye(websocket::close_code::normal, "upgrade timeout");
    } else if (self->state_ == state::closing) {
      self->close_line();
    }
  });
}

// --- in

void web_line::read_on() {
  if (reading_ || paused_ || state_ == state::closed) return;
  reading_ = true;
  line_->wait_readable(shared_from_this());
}

void web_line::readable(error_code failure) {
  reading_ = false;
  if (state_ == state::closed) return;
  if (failure) return lose(end_reason::line_lost);
  bool corked = state_ == state::carrying;
  if (corked) session_->cork(true);
  in_batch_ = true;
  bool on = true;
  for (int i = 0; on && !failure && i < reads_in_a_row; ++i) on = read_some(failure);
  in_batch_ = false;
  if (corked && session_) session_->cork(false);
  bool lost = failure && failure != asio::error::would_block && failure != asio::error::try_again;
  if (lost && state_ != state::closed) {
    return state_ == state::closing ? close_line() : lose(end_reason::line_lost);
  }
  // If it changes its mind meanwhile, its resume() comes behind this.
  if (state_ == state::carrying && session_->wants_pause()) paused_ = true;
  flush();
  read_on();
}

// One read; false if there is no point in another.
bool web_line::read_some(error_code& failure) {
  auto& buffer = shared_buffer();
  auto size = line_->read(asio::buffer(buffer), failure);
  if (size == 0) {
    if (!failure) failure = asio::error::eof;
    return false;
  }
  if (in_.failure()) return size == buffer.size();  // only its end matters now
  in_.give({buffer.data(), size});
  bool on = take_messages();
  in_.settle();
  return on && size == buffer.size();
}

bool web_line::take_messages() {
  while (auto m = in_.next()) {
    if (state_ == state::closing && m->kind != websocket::opcode::close) continue;
    if (!take(*m)) return false;
  }
  auto failed = in_.failure();
  if (!failed || state_ == state::closing) return !failed;
  bool too_big = *failed == websocket::close_code::too_big;
  say_goodbye(*failed, too_big ? "message too big" : "protocol error");
  lose(too_big ? end_reason::too_big : end_reason::protocol_error);
  return false;
}

bool web_line::take(const websocket::message& m) {
  using websocket::opcode;
  if (m.kind == opcode::ping) {
    // One answer waits at most, which may be on its way: who pings without reading gets fewer.
    if (control_.empty()) control_ = websocket::control_frame(opcode::pong, m.data);
    return true;
  }
  if (m.kind == opcode::pong) return true;
  if (m.kind == opcode::close) {
    if (state_ == state::closing) {
      if (goodbye_sent_) close_line();
      return false;
    }
    say_goodbye(websocket::close_code::normal, "");
    lose(end_reason::client_closed);
    return false;
  }
  engine_packet p{packet_type::message, m.kind == opcode::binary, m.data};
  if (!p.binary && !read_packet(m.data, p)) {
    if (state_ == state::probing) {
      say_goodbye(websocket::close_code::protocol_error, "protocol error");
    } else {
      session_->close(end_reason::protocol_error);
    }
    return false;
  }
  if (state_ == state::probing) return take_probe(p);
  return session_->receive(p);
}

bool web_line::take_probe(const engine_packet& p) {
  switch (session_->probe(shared_from_this(), p)) {
    case session::probe_step::pong:
      control_.append(frame::text({"3probe"})->wire());
      return true;
    case session::probe_step::upgraded:
      state_ = state::carrying;
      if (auto* in = std::exchange(scheduled_, nullptr)) in->remove(*this);
      return true;
    case session::probe_step::failed:
      break;
  }
  say_goodbye(websocket::close_code::protocol_error, "bad upgrade");
  return false;
}

// --- out

void web_line::flush() {
  while (!writing_ && state_ != state::closed) {
    if (out_.empty() && state_ != state::probing && session_) {
      session_->take(*this, taken_at_once, out_);
    }
    if (out_.empty() && control_.empty()) break;
    if (!write_out()) return;
  }
  if (!writing_ && state_ == state::closing) finish_closing();
}

// What was taken, in as few writes as it takes. False if it has to wait, or the line is lost.
bool web_line::write_out() {
  std::size_t first = 0;
  while (first < out_.size() || !control_.empty()) {
    std::array<asio::const_buffer, most_parts> parts;
    std::size_t count = 0;
    // A control frame may not stand within another.
    bool with_control = !control_.empty() && sent_ == 0;
    if (with_control) parts[count++] = asio::buffer(control_);
    for (auto i = first; i < out_.size() && count < most_parts; ++i, ++count) {
      auto bytes = out_[i]->wire();
      if (i == first) bytes.remove_prefix(sent_);
      parts[count] = asio::buffer(bytes);
    }
    error_code failure;
    auto size = line_->write({parts.data(), count}, failure);
    core_->figures.bytes_out().add(size);
    if (with_control) {
      auto of_control = std::min(size, control_.size());
      control_.erase(0, of_control);
      size -= of_control;
    }
    while (size > 0) {
      auto left = out_[first]->wire().size() - sent_;
      if (size < left) {
        sent_ += size;
        break;
      }
      size -= left;
      sent_ = 0;
      ++first;
      core_->figures.packets_out().add();
    }
    if (failure) {
      out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(first));
      if (failure == asio::error::would_block || failure == asio::error::try_again) {
        writing_ = true;
        line_->wait_writable(shared_from_this());
      } else {
        lose(end_reason::line_lost);
      }
      return false;
    }
  }
  if (out_.capacity() > 16) {
    std::vector<frame::pointer>().swap(out_);
  } else {
    out_.clear();
  }
  return true;
}

void web_line::writable(error_code failure) {
  writing_ = false;
  if (state_ == state::closed) return;
  if (failure) return lose(end_reason::line_lost);
  flush();
}

// --- the end

void web_line::say_goodbye(websocket::close_code code, std::string_view reason) {
  if (state_ == state::closing || state_ == state::closed) return;
  state_ = state::closing;
  goodbye_ = websocket::close_frame(code, reason);
  if (scheduled_) scheduled_->remove(*this);
  scheduled_ = &core_->closings;
  scheduled_->add(*this);
  if (!in_batch_) flush();
}

void web_line::finish_closing() {
  if (!goodbye_sent_) {
    goodbye_sent_ = true;
    leave_session();
    control_ = std::move(goodbye_);
    if (!write_out()) return;
  }
  if (control_.empty()) line_->end();
}

// The session ends with the line, unless this was only a try at a better one.
void web_line::lose(end_reason why) {
  auto s = session_;
  if (why == end_reason::line_lost) close_line();
  if (!s) return;
  if (s->is_main(*this)) {
    why == end_reason::line_lost ? s->drop(why) : s->close(why);
  } else {
    s->probe_lost(*this);
  }
}

void web_line::leave_session() {
  auto s = std::move(session_);
  session_ = nullptr;
  if (s) s->probe_lost(*this);
}

void web_line::close_line() {
  if (state_ == state::closed) return;
  state_ = state::closed;
  if (auto* in = std::exchange(scheduled_, nullptr)) in->remove(*this);
  leave_session();
  out_.clear();
  line_->close();
}

}  // namespace oficio::realtime
