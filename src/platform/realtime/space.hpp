#pragma once

#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "platform/realtime/broadcast.hpp"
#include "platform/realtime/handlers.hpp"
#include "platform/realtime/socket.hpp"

namespace oficio::realtime {

class history;
class server_core;

// Who wants to come into a namespace.
struct visitor {
  std::shared_ptr<const handshake> from;
  std::string space;
  std::string auth;  // the CONNECT packet's payload; JSON, {} if there was none
};

// What the client is told that may not come in.
struct refusal {
  std::string message;
  json::value data = nullptr;
};

using decision = std::variant<grant, refusal>;

// A namespace: its clients, its rooms and what is done at their events. Handlers are set before the
// first client comes; everything else is safe from any thread.
class space {
 public:
  space(server_core& core, std::string name);
  ~space();

  const std::string& name() const { return name_; }

  // Asked for each client before it comes in; without one, all may.
  void authorise(std::function<awaitable<decision>(visitor)> by) { authorise_ = std::move(by); }
  // A plain function of (const socket_ptr&), or a coroutine of (socket_ptr), whose end the client's
  // events wait for.
  template <class F>
  void on_connect(F f) {
    auto h = handler::from([f = std::move(f)](const socket_ptr& s, const args&) { return f(s); });
    on_connect_ = std::make_shared<const handler>(std::move(h));
  }
  // Plain; the socket is in no room any more.
  void on_disconnect(std::function<void(const socket_ptr&, leave_reason)> f) {
    on_disconnect_ = std::move(f);
  }
  template <class F>
  void on(std::string event, F f) {
    handlers_.set(std::move(event), handler::from(std::move(f)));
  }
  template <class T, class F>
  void on(std::string event, F f) {
    handlers_.set(std::move(event), handler::typed<T>(std::move(f)));
  }

  broadcast to(std::string room) { return {*this, {.rooms = {std::move(room)}}}; }
  broadcast all() { return {*this, {}}; }
  std::shared_ptr<socket> find(const std::string& id) const;
  std::size_t size() const;
  std::size_t size_of(const std::string& room) const;
  std::vector<std::shared_ptr<socket>> in_room(const std::string& room) const;

  // --- for the sockets of this namespace
  void join(socket& who, const std::string& room);
  void leave(socket& who, const std::string& room);
  std::vector<std::string> rooms_of(const socket& who) const;
  void emit(const audience& to, std::string_view event, const items& with);
  // Tells the client that it is in, and everybody that it is there. With what it missed, if it
  // comes back in time.
  std::shared_ptr<socket> let_in(const std::shared_ptr<connection>& on,
                                 const std::shared_ptr<session>& by, std::string auth, grant who);
  void remove(const std::shared_ptr<socket>& who, leave_reason why);

 private:
  friend class socket;
  friend class connection;
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using members = std::unordered_set<socket*>;

  void deliver(const audience& to, std::span<const frame::pointer> frames) const;
  bool is_excepted(const audience& to, socket* who) const;  // under guard_
  void join_locked(socket& who, const std::string& room);
  void leave_all_locked(socket& who);
  std::shared_ptr<socket> come_back(const std::shared_ptr<connection>& on,
                                    const std::shared_ptr<session>& by, const std::string& auth,
                                    const grant& who);

  server_core& core_;
  const std::string name_;
  handlers handlers_;
  std::shared_ptr<const handler> on_connect_;
  std::function<void(const socket_ptr&, leave_reason)> on_disconnect_;
  std::function<awaitable<decision>(visitor)> authorise_;
  std::unique_ptr<history> history_;  // none without recovery

  mutable std::shared_mutex guard_;
  std::unordered_map<std::string, std::shared_ptr<socket>, hash, std::equal_to<>> sockets_;
  std::unordered_map<std::string, members, hash, std::equal_to<>> rooms_;
};

// The frames of an event. `offset`: where it stands in the history, or empty.
std::vector<frame::pointer> encode_event(std::string_view space_name, std::string_view event,
                                         const items& with, std::optional<std::uint64_t> id,
                                         std::string_view offset);
std::vector<frame::pointer> encode_ack(std::string_view space_name, std::uint64_t id,
                                       const items& with);

}  // namespace oficio::realtime
