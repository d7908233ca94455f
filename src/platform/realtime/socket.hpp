#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/realtime/broadcast.hpp"
#include "platform/realtime/handlers.hpp"
#include "platform/realtime/session.hpp"

namespace oficio::realtime {

class connection;
class server_core;
class space;

// Why a client is no longer in a namespace.
enum class leave_reason : std::uint8_t { by_client, by_server, line };

// Who a client is, as the namespace's authoriser found out.
struct grant {
  std::string account = {};         // its limits are those of all connections with this name
  std::shared_ptr<void> data = {};  // the application's own
};

// One client in one namespace. Thread-safe; handlers are set before anything comes from it (in the
// namespace's on_connect), or in the namespace for all.
class socket final : public std::enable_shared_from_this<socket> {
 public:
  socket(space& in, std::shared_ptr<connection> on, std::shared_ptr<session> by, std::string id,
         std::string auth, grant who);
  ~socket();

  const std::string& id() const { return id_; }
  const handshake& from() const { return *session_->from(); }
  const std::string& auth() const { return auth_; }  // the CONNECT packet's payload; JSON
  const std::string& account() const { return who_.account; }
  template <class T>
  std::shared_ptr<T> data() const {
    return std::static_pointer_cast<T>(who_.data);
  }
  // It came back in time: it is in its rooms, and what it missed is on its way.
  bool recovered() const { return recovered_; }
  bool connected() const { return connected_.load(std::memory_order_acquire); }
  space& in() const { return space_; }

  template <class F>
  void on(std::string name, F f) {
    set(std::move(name), handler::from(std::move(f)));
  }
  template <class T, class F>
  void on(std::string name, F f) {
    set(std::move(name), handler::typed<T>(std::move(f)));
  }

  void emit(std::string_view name, const items& with);
  template <class... T>
  void emit(std::string_view name, const T&... values) {
    emit(name, items::of(values...));
  }
  // Errors: timeout `ack_timeout`; unavailable `disconnected` and `too_many_asked`.
  awaitable<result<args>> ask(std::string name, items with, std::chrono::milliseconds at_most);

  void join(const std::string& room);
  void leave(const std::string& room);
  std::vector<std::string> rooms() const;
  // To the others in a room.
  broadcast to(std::string room);

  void disconnect();  // from this namespace
  void close();       // the connection, orderly
  void drop();        // the connection, at once

  // --- for the connection and the namespace
  void begin();
  void event(std::string_view name, const args& with, std::optional<std::uint64_t> id);
  void acknowledged(std::uint64_t id, const args& with);
  void left();
  bool send(std::span<const frame::pointer> packets) { return session_->send(packets); }
  bool wants_pause() const { return queued_.load(std::memory_order_relaxed) >= pause_at; }
  const std::string& private_id() const { return private_id_; }
  const grant& who() const { return who_; }

 private:
  friend class space;
  struct waiting_event {
    std::string name;
    args with;
    std::optional<std::uint64_t> id;
  };
  struct question;
  static constexpr std::size_t pause_at = 64;        // events that wait: the line is not read
  static constexpr std::size_t max_waiting = 2'000;  // as one POST may bring: it ends beyond
  static constexpr std::size_t max_asked = 1'000;

  void set(std::string name, handler h);
  void start(std::string_view name, const args& with, std::optional<std::uint64_t> id);
  items run_plain(const handler& h, const args& with);
  static awaitable<void> run(socket_ptr self, std::shared_ptr<const handler> h, args with,
                             std::optional<std::uint64_t> id);
  static awaitable<void> run_connect(socket_ptr self, std::shared_ptr<const handler> h);
  void spawn(awaitable<void> task);
  void finished();
  void acknowledge(std::optional<std::uint64_t> id, const items& with);
  std::shared_ptr<const handler> handler_of(std::string_view name) const;
  std::shared_ptr<question> new_question(boost::asio::any_io_executor on, std::uint64_t& id);
  std::shared_ptr<question> take_question(std::uint64_t id);

  space& space_;
  const std::shared_ptr<connection> connection_;
  const std::shared_ptr<session> session_;
  const std::string id_;
  const std::string auth_;
  const grant who_;
  // For recovery; set before it is known to others.
  std::string private_id_;
  std::uint64_t since_ = 0;  // the events before were before its time
  bool recovered_ = false;
  std::atomic<bool> connected_{true};
  std::atomic<std::size_t> queued_{0};
  std::unique_ptr<handlers> own_;

  mutable std::mutex guard_;
  std::size_t running_ = 0;
  bool beginning_ = false;                              // on_connect has not ended
  bool catching_up_ = false;                            // with what waits
  std::unique_ptr<std::deque<waiting_event>> waiting_;  // none when nothing waits
  std::vector<std::pair<std::uint64_t, std::shared_ptr<question>>> asked_;
  std::uint64_t last_asked_ = 0;

  std::vector<std::string> rooms_;  // under the namespace's lock
};

}  // namespace oficio::realtime
