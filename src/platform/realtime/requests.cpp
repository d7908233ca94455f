#include "platform/realtime/requests.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/base/random.hpp"
#include "platform/json/json.hpp"
#include "platform/realtime/web_line.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::realtime {

namespace asio = boost::asio;
using http::method;
using http::request;
using http::response;

namespace {

// Why a handshake fails, by the numbers that clients know.
enum class fault {
  unknown_transport = 0,
  unknown_session = 1,
  bad_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5
};

response plain(std::string body) {
  response out;
  out.headers.set("Content-Type", "text/plain; charset=UTF-8");
  out.headers.set("Cache-Control", "no-store");
  out.body = std::move(body);
  return out;
}

response refuse(engine_core& core, fault why, std::string_view message, int status = 400) {
  core.figures.refused().add();
  auto out =
      http::json_response(status, json::to_text(json::value(json::object{
                                      {"code", static_cast<int>(why)}, {"message", message}})));
  out.headers.set("Cache-Control", "no-store");
  return out;
}

// Lets pages of other origins see the answer, if they may.
void add_cors(const cors& allowed, const request& r, response& out) {
  auto origin = r.headers.get("Origin");
  if (origin.empty()) return;
  bool known =
      allowed.any_origin || std::ranges::find(allowed.origins, origin) != allowed.origins.end();
  if (!known) return;
  bool any = allowed.any_origin && !allowed.credentials;
  out.headers.set("Access-Control-Allow-Origin", any ? "*" : std::string(origin));
  if (!any) out.headers.set("Vary", "Origin");
  if (allowed.credentials) out.headers.set("Access-Control-Allow-Credentials", "true");
}

response preflight(const request& r) {
  response out;
  out.status = 204;
  out.headers.set("Access-Control-Allow-Methods", "GET, POST");
  auto wanted = r.headers.get("Access-Control-Request-Headers");
  if (!wanted.empty()) out.headers.set("Access-Control-Allow-Headers", std::string(wanted));
  out.headers.set("Access-Control-Max-Age", "600");
  return out;
}

bool lists(std::string_view field, std::string_view word) {
  while (!field.empty()) {
    auto end = std::min(field.find(','), field.size());
    auto one = field.substr(0, end);
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (http::equal_ignoring_case(one, word)) return true;
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return false;
}

bool wants_websocket(const request& r) {
  return lists(r.headers.get("Upgrade"), "websocket") &&
         lists(r.headers.get("Connection"), "upgrade");
}

std::string new_id() {
  return security::base64url(random_bytes(15));
}

std::shared_ptr<handshake> handshake_of(const request& r) {
  auto out = std::make_shared<handshake>();
  out->headers = r.headers;
  out->query = r.query;
  out->remote_address = r.remote_address;
  return out;
}

// What a refused handshake is answered, or the place that the session takes.
struct admission {
  std::optional<response> refusal;
  std::shared_ptr<void> place;
};

awaitable<admission> admit(std::shared_ptr<engine_core> core, std::shared_ptr<handshake> from) {
  admission out;
  if (core->stopping || core->open >= core->options.max_sessions) {
    out.refusal = refuse(*core, fault::forbidden, "No more sessions just now", 503);
    out.refusal->headers.set("Retry-After", "2");
    co_return out;
  }
  out.place = core->place_for(from->remote_address);
  if (!out.place) {
    out.refusal = refuse(*core, fault::forbidden, "Too many sessions of this address", 429);
    out.refusal->headers.set("Retry-After", "10");
    co_return out;
  }
  if (core->options.authorise) {
    auto allowed = co_await core->options.authorise(*from);
    if (allowed.has_error()) {
      out.refusal = refuse(*core, fault::forbidden, allowed.error().detail, 403);
    }
  }
  co_return out;
}

awaitable<response> open_polling(std::shared_ptr<engine_core> core, request& r) {
  auto from = handshake_of(r);
  auto admitted = co_await admit(core, from);
  if (admitted.refusal) co_return std::move(*admitted.refusal);
  auto s = std::make_shared<session>(core, asio::make_strand(core->io), new_id(), std::move(from),
                                     std::move(admitted.place));
  s->begin(core->make_user(s), nullptr);
  core->add(s);
  if (core->stopping) s->close(end_reason::server_stops);  // which may not have seen it
  co_return plain(s->open_packet(false));
}

// --- GET and POST of a session

awaitable<response> receive(std::shared_ptr<engine_core> core, std::shared_ptr<session> s,
                            request& r) {
  if (r.body.size() > core->options.max_payload) {
    co_return refuse(*core, fault::bad_request, "Payload too large", 413);
  }
  auto refused = s->begin_post();
  if (refused != session::refusal::none) {
    co_return refuse(*core, fault::bad_request, "Bad request");
  }
  bool well_formed = false;
  try {
    well_formed = read_payload(r.body, [&](const engine_packet& p) { return s->receive(p); }) &&
                  !s->has_failed();
  } catch (...) {
    s->end_post(false);
    throw;
  }
  s->end_post(well_formed);
  if (!well_formed) co_return refuse(*core, fault::bad_request, "Bad request");
  auto out = plain("ok");
  out.headers.set("Content-Type", "text/html");  // as clients know it
  co_return out;
}

awaitable<response> wait_for_packets(std::shared_ptr<engine_core> core, std::shared_ptr<session> s,
                                     request& r) {
  const auto& o = core->options;
  r.ctx.deadline =
      std::chrono::steady_clock::now() + o.ping_interval + o.ping_timeout + std::chrono::seconds(5);
  auto executor = co_await asio::this_coro::executor;
  auto timer = std::make_shared<asio::steady_timer>(executor, r.ctx.deadline);
  auto waiting = std::make_shared<poll>();
  waiting->ready = [timer, executor] {
    asio::post(executor, [timer] { timer->expires_at(asio::steady_timer::time_point::min()); });
  };
  auto refused = s->begin_poll(waiting);
  if (refused != session::refusal::none) {
    co_return refuse(*core, fault::bad_request, "Bad request");
  }
  r.when_gone = [s, waiting, timer] {
    s->poll_lost(waiting);
    timer->expires_at(asio::steady_timer::time_point::min());
  };
  std::string body;
  while (body.empty() && !r.ctx.expired()) {
    boost::system::error_code ignored;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    body = s->take(waiting);
    if (body.empty()) timer->expires_at(r.ctx.deadline);
  }
  if (body.empty()) s->poll_lost(waiting);
  r.when_gone = nullptr;
  co_return plain(std::move(body));
}

// --- WebSockets

response switch_protocols(const request& r, http::take_over next) {
  response out;
  out.status = 101;
  out.headers.set("Upgrade", "websocket");
  out.headers.set("Sec-WebSocket-Accept",
                  websocket::accept_key(r.headers.get("Sec-WebSocket-Key")));
  out.next = std::move(next);
  return out;
}

void begin_on(const std::shared_ptr<engine_core>& core, const std::shared_ptr<handshake>& from,
              const std::shared_ptr<void>& place, std::shared_ptr<http::line> on) {
  auto executor = on->executor();
  auto line = std::make_shared<web_line>(core, std::move(on));
  if (core->stopping) return line->refuse(websocket::close_code::going_away, "server stops");
  auto s = std::make_shared<session>(core, executor, new_id(), from, place);
  s->begin(core->make_user(s), line);
  core->add(s);
  line->carry(s);
  if (core->stopping) s->close(end_reason::server_stops);  // which may not have seen it
}

void probe_on(const std::shared_ptr<engine_core>& core, const std::shared_ptr<session>& s,
              std::shared_ptr<http::line> on) {
  auto line = std::make_shared<web_line>(core, std::move(on));
  if (s->begin_probe(line)) {
    line->probe_for(s);
  } else {
    line->refuse(websocket::close_code::protocol_error, "not expected");
  }
}

awaitable<response> open_websocket(std::shared_ptr<engine_core> core, request& r) {
  if (websocket::accept_key(r.headers.get("Sec-WebSocket-Key")).empty() ||
      r.headers.get("Sec-WebSocket-Version") != "13") {
    auto out = refuse(*core, fault::bad_request, "Bad request");
    out.headers.set("Sec-WebSocket-Version", "13");
    co_return out;
  }
  if (auto id = r.query_param("sid")) {
    auto s = core->find(*id);
    if (!s) co_return refuse(*core, fault::unknown_session, "Session ID unknown");
    co_return switch_protocols(
        r, [core, s](std::shared_ptr<http::line> on) { probe_on(core, s, std::move(on)); });
  }
  auto from = handshake_of(r);
  auto admitted = co_await admit(core, from);
  if (admitted.refusal) co_return std::move(*admitted.refusal);
  co_return switch_protocols(
      r, [core, from, place = std::move(admitted.place)](std::shared_ptr<http::line> on) {
        begin_on(core, from, place, std::move(on));
      });
}

awaitable<response> answer_any(std::shared_ptr<engine_core> core, request& r) {
  auto transport = r.query_param("transport").value_or("");
  bool by_websocket = transport == "websocket";
  if (!by_websocket && transport != "polling") {
    co_return refuse(*core, fault::unknown_transport, "Transport unknown");
  }
  auto id = r.query_param("sid");
  auto s = id ? core->find(*id) : nullptr;
  if (id && !s) co_return refuse(*core, fault::unknown_session, "Session ID unknown");
  if (!id && r.method != method::get) {
    co_return refuse(*core, fault::bad_method, "Bad handshake method");
  }
  if (by_websocket != wants_websocket(r) || (by_websocket && r.method != method::get)) {
    co_return refuse(*core, fault::bad_request, "Bad request");
  }
  if (r.query_param("EIO") != "4") {
    co_return refuse(*core, fault::unsupported_version, "Unsupported protocol version");
  }
  if (by_websocket) co_return co_await open_websocket(std::move(core), r);
  if (!s) co_return co_await open_polling(std::move(core), r);
  if (r.method == method::get) co_return co_await wait_for_packets(core, std::move(s), r);
  if (r.method == method::post) co_return co_await receive(core, std::move(s), r);
  co_return refuse(*core, fault::bad_request, "Bad request");
}

}  // namespace

awaitable<result<response>> answer(std::shared_ptr<engine_core> core, request& r) {
  response out;
  if (r.method == method::options) {
    out = preflight(r);
  } else {
    out = co_await answer_any(core, r);
  }
  add_cors(core->options.cors, r, out);
  co_return out;
}

}  // namespace oficio::realtime
