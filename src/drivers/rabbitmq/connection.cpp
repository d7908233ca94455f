#include "drivers/rabbitmq/connection.hpp"

#include <algorithm>
#include <utility>

#include <sys/time.h>

namespace oficio::rabbitmq {
namespace {

using std::chrono::milliseconds;

timeval to_timeval(milliseconds time) {
  auto ms = std::max<milliseconds::rep>(time.count(), 0);
  return {ms / 1'000, (ms % 1'000) * 1'000};
}

std::string text_of(int code, const amqp_bytes_t& text) {
  return std::to_string(code) + " " + std::string(view(text));
}

}  // namespace

connection::connection(const access& to, std::size_t host, const std::string& name,
                       steady_time deadline)
    : state_(amqp_new_connection()) {
  if (!state_) throw lost("no memory for a connection");
  open_socket(to, host, deadline);
  log_in(to, name);
  answer_within(std::chrono::seconds(10));
}

connection::~connection() = default;

int connection::socket() const {
  return amqp_get_sockfd(state_.get());
}

void connection::answer_within(milliseconds at_most) {
  auto time = to_timeval(std::max(at_most, milliseconds(1)));
  check(amqp_set_rpc_timeout(state_.get(), &time), "setting a timeout");
}

void connection::close(milliseconds at_most) {
  answer_within(at_most);
  amqp_connection_close(state_.get(), AMQP_REPLY_SUCCESS);
}

void connection::check(int status, const char* doing) const {
  if (status != AMQP_STATUS_OK) throw lost(std::string(doing) + ": " + amqp_error_string2(status));
}

// Of the call before.
void connection::check_reply(amqp_channel_t c, const char* doing) {
  auto reply = amqp_get_rpc_reply(state_.get());
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) check(reply.library_error, doing);
  throw_refused(c, reply, doing);
}

void connection::throw_refused(amqp_channel_t c, const amqp_rpc_reply_t& reply, const char* doing) {
  auto what = std::string(doing) + ": ";
  if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
    const auto* why = static_cast<amqp_channel_close_t*>(reply.reply.decoded);
    refused thrown(why->reply_code, what + text_of(why->reply_code, why->reply_text));
    end_of(c, {});
    throw thrown;
  }
  if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
    const auto* why = static_cast<amqp_connection_close_t*>(reply.reply.decoded);
    throw lost(what + text_of(why->reply_code, why->reply_text));
  }
  throw lost(what + "the server does not answer");
}

void connection::open_channel(amqp_channel_t c) {
  amqp_channel_open(state_.get(), c);
  check_reply(c, "opening a channel");
}

void connection::close_channel(amqp_channel_t c) {
  auto reply = amqp_channel_close(state_.get(), c, AMQP_REPLY_SUCCESS);
  coming_.erase(c);
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
    check(reply.library_error, "closing a channel");
  }
}

void connection::select_confirms(amqp_channel_t c) {
  amqp_confirm_select(state_.get(), c);
  check_reply(c, "asking for confirms");
}

void connection::limit_unacknowledged(amqp_channel_t c, std::uint16_t count) {
  amqp_basic_qos(state_.get(), c, 0, count, 0);
  check_reply(c, "limiting what is sent at once");
}

void connection::declare_exchange(amqp_channel_t c, const std::string& name) {
  amqp_exchange_declare(state_.get(), c, bytes(name), bytes("topic"), 0, 1, 0, 0, amqp_empty_table);
  check_reply(c, "declaring the exchange");
}

void connection::declare_queue(amqp_channel_t c, const std::string& name, kind_of_queue kind,
                               const table& arguments) {
  amqp_queue_declare(state_.get(), c, bytes(name), 0, kind.durable ? 1 : 0, kind.exclusive ? 1 : 0,
                     0, arguments.get());
  check_reply(c, "declaring a queue");
}

std::size_t connection::ready_in(amqp_channel_t c, const std::string& queue) {
  auto* ok = amqp_queue_declare(state_.get(), c, bytes(queue), 1, 0, 0, 0, amqp_empty_table);
  check_reply(c, "looking at a queue");
  return ok->message_count;
}

void connection::bind(amqp_channel_t c, const std::string& queue, const std::string& exchange,
                      const std::string& pattern) {
  amqp_queue_bind(state_.get(), c, bytes(queue), bytes(exchange), bytes(pattern), amqp_empty_table);
  check_reply(c, "binding a queue");
}

void connection::delete_queue(amqp_channel_t c, const std::string& name) {
  amqp_queue_delete(state_.get(), c, bytes(name), 0, 0);
  check_reply(c, "deleting a queue");
}

void connection::consume(amqp_channel_t c, const std::string& queue) {
  amqp_basic_consume(state_.get(), c, bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  check_reply(c, "listening to a queue");
}

void connection::publish(amqp_channel_t c, const std::string& exchange, const std::string& key,
                         bool mandatory, const message& m) {
  amqp_basic_properties_t with{};
  with._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG |
                AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TYPE_FLAG;
  with.content_type = bytes("application/cloudevents+json");
  with.delivery_mode = AMQP_DELIVERY_PERSISTENT;
  with.message_id = bytes(m.id);
  with.type = bytes(m.type);
  if (!m.correlation.empty()) {
    with._flags |= AMQP_BASIC_CORRELATION_ID_FLAG;
    with.correlation_id = bytes(m.correlation);
  }
  table headers;
  if (m.attempts > 0) headers.number(header::attempts, m.attempts);
  if (!m.reason.empty()) headers.text(header::reason, m.reason);
  if (m.died_at) headers.number(header::died_at, m.died_at->time_since_epoch().count());
  if (!headers.empty()) {
    with._flags |= AMQP_BASIC_HEADERS_FLAG;
    with.headers = headers.get();
  }
  check(amqp_basic_publish(state_.get(), c, bytes(exchange), bytes(key), mandatory ? 1 : 0, 0,
                           &with, bytes(m.body)),
        "publishing");
}

void connection::acknowledge(amqp_channel_t c, std::uint64_t tag, bool multiple) {
  check(amqp_basic_ack(state_.get(), c, tag, multiple ? 1 : 0), "acknowledging");
}

void connection::reject(amqp_channel_t c, std::uint64_t tag) {
  check(amqp_basic_reject(state_.get(), c, tag, 0), "rejecting");
}

std::optional<happening> connection::next(milliseconds at_most) {
  for (;;) {
    amqp_frame_t frame;
    auto time = to_timeval(at_most);
    auto status = amqp_simple_wait_frame_noblock(state_.get(), &frame, &time);
    if (status == AMQP_STATUS_TIMEOUT) {
      amqp_maybe_release_buffers(state_.get());
      return {};
    }
    check(status, "waiting for the server");
    auto happened = take(frame);
    // The frame's bytes are copied by now, and die here.
    amqp_maybe_release_buffers_on_channel(state_.get(), frame.channel);
    if (happened) return happened;
  }
}

std::optional<happening> connection::take(const amqp_frame_t& frame) {
  switch (frame.frame_type) {
    case AMQP_FRAME_METHOD:
      return take_method(frame.channel, frame.payload.method);
    case AMQP_FRAME_HEADER:
      return take_header(frame.channel, frame);
    case AMQP_FRAME_BODY:
      return take_body(frame.channel, view(frame.payload.body_fragment));
    default:
      return {};
  }
}

// Answers a channel's end, so that its number can be used again.
happening connection::end_of(amqp_channel_t c, std::string why) {
  coming_.erase(c);
  amqp_channel_close_ok_t ok{};
  check(amqp_send_method(state_.get(), c, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok), "closing a channel");
  return channel_ended{c, std::move(why)};
}

std::optional<happening> connection::take_method(amqp_channel_t c, const amqp_method_t& m) {
  switch (m.id) {
    case AMQP_BASIC_DELIVER_METHOD: {
      const auto* d = static_cast<amqp_basic_deliver_t*>(m.decoded);
      coming_[c] = {delivered{c, d->delivery_tag, {}, false}};
      return {};
    }
    case AMQP_BASIC_RETURN_METHOD: {
      const auto* r = static_cast<amqp_basic_return_t*>(m.decoded);
      coming_[c] = {returned{{}, text_of(r->reply_code, r->reply_text)}};
      return {};
    }
    case AMQP_BASIC_ACK_METHOD: {
      const auto* a = static_cast<amqp_basic_ack_t*>(m.decoded);
      return confirmed{a->delivery_tag, a->multiple != 0, true};
    }
    case AMQP_BASIC_NACK_METHOD: {
      const auto* n = static_cast<amqp_basic_nack_t*>(m.decoded);
      return confirmed{n->delivery_tag, n->multiple != 0, false};
    }
    case AMQP_BASIC_CANCEL_METHOD:
      close_channel(c);
      return channel_ended{c, "the queue was deleted or moved"};
    case AMQP_CHANNEL_CLOSE_METHOD: {
      const auto* why = static_cast<amqp_channel_close_t*>(m.decoded);
      return end_of(c, text_of(why->reply_code, why->reply_text));
    }
    case AMQP_CONNECTION_CLOSE_METHOD: {
      const auto* why = static_cast<amqp_connection_close_t*>(m.decoded);
      throw lost("the server closed the connection: " + text_of(why->reply_code, why->reply_text));
    }
    case AMQP_CONNECTION_BLOCKED_METHOD: {
      const auto* why = static_cast<amqp_connection_blocked_t*>(m.decoded);
      return throttled{true, std::string(view(why->reason))};
    }
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
      return throttled{false, {}};
    default:
      return {};
  }
}

std::optional<happening> connection::take_header(amqp_channel_t c, const amqp_frame_t& frame) {
  auto at = coming_.find(c);
  if (at == coming_.end()) return {};
  auto& now = at->second;
  now.has_header = true;
  now.missing = frame.payload.properties.body_size;
  const auto* with = static_cast<amqp_basic_properties_t*>(frame.payload.properties.decoded);
  message read;
  read_properties(*with, read);
  if (auto* d = std::get_if<delivered>(&now.what)) {
    d->what = std::move(read);
    d->too_large = now.missing > largest_body;
    if (!d->too_large) d->what.body.reserve(now.missing);
  } else {
    std::get<returned>(now.what).correlation = std::move(read.correlation);
  }
  return now.missing == 0 ? complete(c) : std::nullopt;
}

std::optional<happening> connection::take_body(amqp_channel_t c, std::string_view part) {
  auto at = coming_.find(c);
  if (at == coming_.end() || !at->second.has_header) return {};
  auto& now = at->second;
  if (part.size() > now.missing) throw lost("the server sent more of a message than it said");
  now.missing -= part.size();
  auto* d = std::get_if<delivered>(&now.what);
  if (d && !d->too_large) d->what.body.append(part);
  return now.missing == 0 ? complete(c) : std::nullopt;
}

std::optional<happening> connection::complete(amqp_channel_t c) {
  auto at = coming_.find(c);
  auto what = std::move(at->second.what);
  coming_.erase(at);
  return std::visit([](auto&& whole) -> happening { return std::move(whole); }, std::move(what));
}

}  // namespace oficio::rabbitmq
