#include "drivers/mongodb/deadline.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace oficio::mongodb {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

thread_local steady_time current = steady_time::max();

// What is left of the deadline where there is one, whatever libmongoc would wait.
std::int32_t patience(std::int32_t otherwise) {
  if (current == steady_time::max()) return otherwise;
  auto left = std::chrono::ceil<milliseconds>(current - steady_clock::now()).count();
  // Zero would not be "at once" to all streams.
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(left, 1, 24 * 3'600'000));
}

struct stream_freed {
  void operator()(mongoc_stream_t* s) const { mongoc_stream_destroy(s); }
};
using stream_pointer = std::unique_ptr<mongoc_stream_t, stream_freed>;

// A stream around another one.
struct timed_stream : mongoc_stream_t {
  mongoc_stream_t* inner = nullptr;
};
constexpr int timed_type = 100;  // behind libmongoc's own

mongoc_stream_t* inner(mongoc_stream_t* s) {
  return static_cast<timed_stream*>(s)->inner;
}

ssize_t poll_inner(mongoc_stream_poll_t* streams, std::size_t count, std::int32_t timeout) {
  std::vector<mongoc_stream_poll_t> own(streams, streams + count);
  for (auto& s : own) s.stream = inner(s.stream);
  auto ready = mongoc_stream_poll(own.data(), count, patience(timeout));
  for (std::size_t i = 0; i < count; ++i) streams[i].revents = own[i].revents;
  return ready;
}

stream_pointer timed(stream_pointer around) {
  auto made = std::make_unique<timed_stream>();
  made->type = timed_type;
  made->inner = around.release();
  auto destroy = [](mongoc_stream_t* s) {
    mongoc_stream_destroy(inner(s));
    delete static_cast<timed_stream*>(s);
  };
  made->destroy = destroy;
  made->failed = destroy;
  made->close = [](mongoc_stream_t* s) { return mongoc_stream_close(inner(s)); };
  made->flush = [](mongoc_stream_t* s) { return mongoc_stream_flush(inner(s)); };
  made->writev = [](mongoc_stream_t* s, mongoc_iovec_t* parts, std::size_t count,
                    std::int32_t timeout) {
    return mongoc_stream_writev(inner(s), parts, count, patience(timeout));
  };
  made->readv = [](mongoc_stream_t* s, mongoc_iovec_t* parts, std::size_t count,
                   std::size_t at_least, std::int32_t timeout) {
    return mongoc_stream_readv(inner(s), parts, count, at_least, patience(timeout));
  };
  made->setsockopt = [](mongoc_stream_t* s, int level, int name, void* value,
                        mongoc_socklen_t size) {
    return mongoc_stream_setsockopt(inner(s), level, name, value, size);
  };
  made->get_base_stream = [](mongoc_stream_t* s) { return inner(s); };
  made->check_closed = [](mongoc_stream_t* s) { return mongoc_stream_check_closed(inner(s)); };
  made->poll = poll_inner;
  made->timed_out = [](mongoc_stream_t* s) { return mongoc_stream_timed_out(inner(s)); };
  made->should_retry = [](mongoc_stream_t* s) { return mongoc_stream_should_retry(inner(s)); };
  return stream_pointer(made.release());
}

struct socket_freed {
  void operator()(mongoc_socket_t* s) const { mongoc_socket_destroy(s); }
};
using socket_pointer = std::unique_ptr<mongoc_socket_t, socket_freed>;

socket_pointer connected(const addrinfo& to, std::int32_t timeout) {
  socket_pointer s(mongoc_socket_new(to.ai_family, to.ai_socktype, to.ai_protocol));
  if (!s) return nullptr;
  int yes = 1;
  mongoc_socket_setsockopt(s.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  mongoc_socket_setsockopt(s.get(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  auto until = bson_get_monotonic_time() + std::int64_t{timeout} * 1'000;
  if (mongoc_socket_connect(s.get(), to.ai_addr, to.ai_addrlen, until) != 0) return nullptr;
  return s;
}

socket_pointer connected(const mongoc_host_list_t& host, std::int32_t timeout,
                         bson_error_t* error) {
  addrinfo hints{};
  hints.ai_family = host.family == AF_UNSPEC ? AF_UNSPEC : host.family;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* all = nullptr;
  // The one step that the system's resolver bounds (resolv.conf), not the deadline.
  if (int failure = getaddrinfo(host.host, std::to_string(host.port).c_str(), &hints, &all)) {
    bson_set_error(error, MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_NAME_RESOLUTION,
                   "%s cannot be resolved: %s", host.host, gai_strerror(failure));
    return nullptr;
  }
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> freed(all, &freeaddrinfo);
  for (const auto* one = all; one; one = one->ai_next) {
    if (auto s = connected(*one, patience(timeout))) return s;
  }
  bson_set_error(error, MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_CONNECT,
                 "%s cannot be connected to", host.host_and_port);
  return nullptr;
}

stream_pointer encrypted(stream_pointer plain, const mongoc_host_list_t& host,
                         const tls_options& tls, std::int32_t timeout, bson_error_t* error) {
  auto options = tls.options();
  stream_pointer s(mongoc_stream_tls_new_with_hostname(plain.get(), host.host, &options, 1));
  if (!s) {
    bson_set_error(error, MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_SOCKET,
                   "TLS cannot be spoken with these certificates");
    return nullptr;
  }
  plain.release();  // the other's now
  if (!mongoc_stream_tls_handshake_block(s.get(), host.host, patience(timeout), error)) {
    return nullptr;
  }
  return s;
}

mongoc_stream_t* open_stream(const mongoc_uri_t* uri, const mongoc_host_list_t* host, void* data,
                             bson_error_t* error) {
  constexpr std::size_t buffer = 16 * 1024;
  const auto& tls = *static_cast<const tls_options*>(data);
  auto timeout = mongoc_uri_get_option_as_int32(uri, MONGOC_URI_CONNECTTIMEOUTMS, 3'000);
  auto socket = connected(*host, timeout, error);
  if (!socket) return nullptr;
  stream_pointer s(mongoc_stream_socket_new(socket.release()));
  if (tls.on()) s = encrypted(std::move(s), *host, tls, timeout, error);
  if (!s) return nullptr;
  stream_pointer buffered(mongoc_stream_buffered_new(s.release(), buffer));
  return timed(std::move(buffered)).release();
}

}  // namespace

call_deadline::call_deadline(steady_time until) : before_(current) {
  current = until;
}

call_deadline::~call_deadline() {
  current = before_;
}

void obey_deadlines(mongoc_client_t* client, const tls_options& tls) {
  mongoc_client_set_stream_initiator(client, open_stream, const_cast<tls_options*>(&tls));
}

}  // namespace oficio::mongodb
