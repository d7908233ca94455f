#include <algorithm>

#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <openssl/ssl.h>
#include <sys/time.h>

#include "drivers/rabbitmq/connection.hpp"

namespace oficio::rabbitmq {
namespace {

using std::chrono::milliseconds;
constexpr int frame_max = 131'072;  // bytes; larger messages travel in several frames
constexpr int channel_max = 2'047;
constexpr milliseconds longest_try{3'000};  // of one host

void need(int status, const config::server_address& of, const std::string& what) {
  if (status != AMQP_STATUS_OK) {
    throw not_admitted(of.shown() + ": " + what + ": " + amqp_error_string2(status));
  }
}

amqp_socket_t* tls_socket(amqp_connection_state_t state, const access& to) {
  auto* socket = amqp_ssl_socket_new(state);
  if (!socket) throw lost("no memory for a TLS socket");
  const auto& tls = to.tls;
  amqp_ssl_socket_set_verify_peer(socket, tls.verify ? 1 : 0);
  amqp_ssl_socket_set_verify_hostname(socket, tls.verify ? 1 : 0);
  need(amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST), to.address,
       "TLS 1.2");
  if (!tls.ca_file.empty()) {
    need(amqp_ssl_socket_set_cacert(socket, tls.ca_file.c_str()), to.address, "ca");
  } else if (tls.verify) {
    auto* context = static_cast<SSL_CTX*>(amqp_ssl_socket_get_context(socket));
    if (SSL_CTX_set_default_verify_paths(context) != 1) throw lost("no system certificates");
  }
  if (!tls.certificate_file.empty()) {
    need(amqp_ssl_socket_set_key(socket, tls.certificate_file.c_str(), tls.key_file.c_str()),
         to.address, "certificate and key");
  }
  return socket;
}

std::string reason(const amqp_rpc_reply_t& reply) {
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
    return amqp_error_string2(reply.library_error);
  }
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION &&
      reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
    const auto* why = static_cast<amqp_connection_close_t*>(reply.reply.decoded);
    return std::string(view(why->reply_text));
  }
  return "the server does not answer";
}

}  // namespace

void connection::open_socket(const access& to, std::size_t host, steady_time deadline) {
  auto* socket = to.tls.on ? tls_socket(state_.get(), to) : amqp_tcp_socket_new(state_.get());
  if (!socket) throw lost("no memory for a socket");
  auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
  left = std::clamp(left, milliseconds(1), longest_try);
  timeval time{left.count() / 1'000, (left.count() % 1'000) * 1'000};
  const auto& at = to.address.hosts[host];
  int port = at.port ? at.port : (to.tls.on ? 5671 : 5672);
  auto where = at.host + ":" + std::to_string(port);
  auto status = amqp_socket_open_noblock(socket, at.host.c_str(), port, &time);
  if (status != AMQP_STATUS_OK) throw lost(where + ": " + amqp_error_string2(status));
  check(amqp_set_handshake_timeout(state_.get(), &time), "setting a timeout");
}

void connection::log_in(const access& to, const std::string& name) {
  table abilities;
  abilities.flag("consumer_cancel_notify", true)
      .flag("connection.blocked", true)
      .flag("authentication_failure_close", true);
  table about;
  about.text("product", "oficio")
      .text("connection_name", name)
      .inner("capabilities", abilities.get());
  auto properties = about.get();
  const auto& a = to.address;
  auto reply =
      amqp_login_with_properties(state_.get(), to.vhost.c_str(), channel_max, frame_max,
                                 static_cast<int>(to.heartbeat.count()), &properties,
                                 AMQP_SASL_METHOD_PLAIN, a.user.c_str(), a.password.c_str());
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
  auto why = a.shown() + ": " + reason(reply);
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) throw not_admitted(why);
  throw lost(why);
}

std::unique_ptr<connection> connect_any(const access& to, std::size_t& first,
                                        const std::string& name, steady_time deadline) {
  std::string why;
  bool everywhere_refused = true;
  auto hosts = to.address.hosts.size();
  for (std::size_t i = 0; i < hosts; ++i) {
    auto host = (first + i) % hosts;
    try {
      auto made = std::make_unique<connection>(to, host, name, deadline);
      first = host;
      return made;
    } catch (const not_admitted& e) {
      why += (why.empty() ? "" : "; ") + std::string(e.what());
    } catch (const lost& e) {
      everywhere_refused = false;
      why += (why.empty() ? "" : "; ") + std::string(e.what());
    }
  }
  if (everywhere_refused) throw not_admitted(why);
  throw lost(why);
}

}  // namespace oficio::rabbitmq
