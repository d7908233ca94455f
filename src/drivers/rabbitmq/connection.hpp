#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

#include <amqp.h>

#include "drivers/rabbitmq/message.hpp"
#include "drivers/rabbitmq/table.hpp"
#include "platform/base/context.hpp"
#include "platform/config/server_address.hpp"

namespace oficio::rabbitmq {

// The connection is gone or could not be made. What was asked last may have happened or not.
class lost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The server knows us and will not have us: wrong credentials, or no such virtual host.
class not_admitted : public lost {
 public:
  using lost::lost;
};

// The server closed the channel because of what was asked on it; the connection lives.
class refused : public std::runtime_error {
 public:
  refused(int code_, const std::string& what) : std::runtime_error(what), code(code_) {}
  int code;  // AMQP's: 404 not found, 405 locked, 406 other arguments than it has
};

// How to reach the server, read once from its address.
struct access {
  config::server_address address;
  config::server_tls tls;
  std::string vhost;
  std::string exchange;
  std::chrono::seconds heartbeat{10};
  std::int64_t max_length = 0;
};

// What the server sends by itself.
struct delivered {
  amqp_channel_t channel = 0;
  std::uint64_t tag = 0;
  message what;
  bool too_large = false;  // its body was left out
};
struct confirmed {
  std::uint64_t tag = 0;
  bool multiple = false;
  bool kept = true;
};
struct returned {
  std::string correlation;
  std::string why;
};
struct channel_ended {  // by the server: a failure, or its queue is gone
  amqp_channel_t channel = 0;
  std::string why;
};
struct throttled {  // the server is short of memory or disk space
  bool on = false;
  std::string why;
};
using happening = std::variant<delivered, confirmed, returned, channel_ended, throttled>;

// One connection, used by one thread. Everything throws `lost` when the connection is gone, and
// what asks the server throws `refused`.
class connection {
 public:
  // Connects, logs in. `name` is what the server's own tools show.
  connection(const access& to, std::size_t host, const std::string& name, steady_time deadline);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  int socket() const;
  // How long an answer of the server may take from now on; past it the connection counts as lost.
  void answer_within(std::chrono::milliseconds at_most);

  void open_channel(amqp_channel_t c);
  void close_channel(amqp_channel_t c);  // what was not acknowledged goes back to its queue
  void select_confirms(amqp_channel_t c);
  void limit_unacknowledged(amqp_channel_t c, std::uint16_t count);

  void declare_exchange(amqp_channel_t c, const std::string& name);
  struct kind_of_queue {
    bool durable = true;
    bool exclusive = false;
  };
  void declare_queue(amqp_channel_t c, const std::string& name, kind_of_queue kind,
                     const table& arguments);
  // How many are ready in it. Throws refused(404) if there is no such queue.
  std::size_t ready_in(amqp_channel_t c, const std::string& queue);
  void bind(amqp_channel_t c, const std::string& queue, const std::string& exchange,
            const std::string& pattern);
  void delete_queue(amqp_channel_t c, const std::string& name);
  void consume(amqp_channel_t c, const std::string& queue);

  void publish(amqp_channel_t c, const std::string& exchange, const std::string& key,
               bool mandatory, const message& m);
  void acknowledge(amqp_channel_t c, std::uint64_t tag, bool multiple);
  void reject(amqp_channel_t c, std::uint64_t tag);  // not to its queue again

  // The next thing that happened, if there is one within that time.
  std::optional<happening> next(std::chrono::milliseconds at_most);

  // Says good-bye, at most so long; the destructor does not.
  void close(std::chrono::milliseconds at_most);

 private:
  // A message whose frames have not all come.
  struct coming {
    std::variant<delivered, returned> what;
    std::uint64_t missing = 0;
    bool has_header = false;
  };

  void open_socket(const access& to, std::size_t host, steady_time deadline);
  void log_in(const access& to, const std::string& name);
  void check(int status, const char* doing) const;
  void check_reply(amqp_channel_t c, const char* doing);
  [[noreturn]] void throw_refused(amqp_channel_t c, const amqp_rpc_reply_t& reply,
                                  const char* doing);
  std::optional<happening> take(const amqp_frame_t& frame);
  std::optional<happening> take_method(amqp_channel_t c, const amqp_method_t& m);
  std::optional<happening> take_header(amqp_channel_t c, const amqp_frame_t& frame);
  std::optional<happening> take_body(amqp_channel_t c, std::string_view part);
  std::optional<happening> complete(amqp_channel_t c);
  happening end_of(amqp_channel_t c, std::string why);

  struct destroy {
    void operator()(amqp_connection_state_t_* state) const { amqp_destroy_connection(state); }
  };
  std::unique_ptr<amqp_connection_state_t_, destroy> state_;
  std::map<amqp_channel_t, coming> coming_;
};

// The hosts of the address in turn, from `first` on, until one takes us. Moves `first` on.
std::unique_ptr<connection> connect_any(const access& to, std::size_t& first,
                                        const std::string& name, steady_time deadline);

}  // namespace oficio::rabbitmq
