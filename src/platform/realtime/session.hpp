#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "platform/http/message.hpp"
#include "platform/realtime/deadlines.hpp"
#include "platform/realtime/engine_options.hpp"
#include "platform/realtime/figures.hpp"
#include "platform/realtime/frame.hpp"
#include "platform/realtime/payload.hpp"

namespace oficio::realtime {

class engine_core;

// What a session brings to whoever uses it, one message at a time and in order.
class session_user {
 public:
  virtual ~session_user() = default;
  // `data` is valid during the call.
  virtual void received(std::string_view data, bool binary) = 0;
  // Once, and possibly while received() still runs on another thread.
  virtual void closed(end_reason why) = 0;
  // True: the line is not read until resume() of the session.
  virtual bool wants_pause() = 0;
};

// A WebSocket, as its session sees it. Safe from any thread; never calls the session from within.
class outlet {
 public:
  virtual ~outlet() = default;
  virtual void wake() = 0;                // there is something to take
  virtual void resume() = 0;              // it may be read again
  virtual void shut(end_reason why) = 0;  // sends what there is, says why and closes
  virtual void drop() = 0;                // closes at once
};

// A GET that waits. `ready` is called once, from any thread.
struct poll {
  std::function<void()> ready;
  bool woken = false;  // under the session's lock
  bool ended = false;  // likewise; `last` is its whole answer
  std::string last = {};
};

// One Engine.IO session: which transport it is on, what waits to be sent, when it was last alive.
// It knows no sockets: requests and WebSockets come and take. Thread-safe.
class session final : public std::enable_shared_from_this<session>, private deadline {
 public:
  session(std::shared_ptr<engine_core> core, boost::asio::any_io_executor executor, std::string id,
          std::shared_ptr<const handshake> from, std::shared_ptr<void> place);
  ~session();

  const std::string& id() const { return id_; }
  const std::shared_ptr<const handshake>& from() const { return from_; }
  // A strand, on which the session's handlers run.
  const boost::asio::any_io_executor& executor() const { return executor_; }
  engine_core& core() const { return *core_; }

  // Begins with the open packet (which a GET answers, but a WebSocket sends) and the heartbeat.
  void begin(std::shared_ptr<session_user> user, std::shared_ptr<outlet> websocket);
  std::string open_packet(bool websocket) const;

  // --- for its user
  // All of them, in a row. False if the session has ended, or ends because too much is waiting.
  bool send(std::span<const frame::pointer> packets);
  // What is waiting is sent before.
  void close(end_reason why);
  void drop(end_reason why);
  void resume();

  // --- for HTTP requests
  enum class refusal { none, not_here, overlap };
  refusal begin_poll(const std::shared_ptr<poll>& p);
  // The answer, once `ready` was called; empty if it was for nothing, and waits on.
  std::string take(const std::shared_ptr<poll>& p);
  void poll_lost(const std::shared_ptr<poll>& p);
  refusal begin_post();
  // `well_formed`: otherwise the session ends.
  void end_post(bool well_formed);

  // --- for WebSockets
  bool begin_probe(const std::shared_ptr<outlet>& by);
  // What came on a WebSocket that is not the session's own yet.
  enum class probe_step { pong, upgraded, failed };
  probe_step probe(const std::shared_ptr<outlet>& by, const engine_packet& p);
  void probe_lost(const outlet& by);
  // While corked nobody is woken: whoever corks takes in the end.
  void cork(bool on);
  // Up to about `bytes`, as long as this is the session's own. False if nothing is left behind.
  bool take(const outlet& by, std::size_t bytes, std::vector<frame::pointer>& into);
  bool is_main(const outlet& by) const;

  // A packet that came in by the session's transport; one at a time. False if the session ended.
  bool receive(const engine_packet& p);
  bool wants_pause() const { return user_ && user_->wants_pause(); }
  // By something malformed, or at the wrong time.
  bool has_failed() const { return failed_.load(std::memory_order_acquire); }
  bool has_ended() const { return phase_.load(std::memory_order_acquire) != phase::open; }

 private:
  enum class phase : std::uint8_t { open, closing, closed };
  // Who must be told once the lock is released.
  struct calls {
    std::shared_ptr<poll> ready;
    std::shared_ptr<outlet> wake;
    void make();
  };

  std::shared_ptr<void> owner() override { return weak_from_this().lock(); }
  void expired(steady_time due) override;
  bool within_limits(const engine_packet& p);
  void wake(calls& out);
  void push(frame::pointer packet, calls& out);
  void end(end_reason why, bool orderly);
  void end_poll(std::string last, calls& out);
  std::string drain();
  void schedule(deadlines& in, steady_time start);
  void unschedule();

  const std::shared_ptr<engine_core> core_;
  const boost::asio::any_io_executor executor_;
  const std::string id_;
  const std::shared_ptr<const handshake> from_;
  const std::shared_ptr<void> place_;  // among those of its address
  std::shared_ptr<session_user> user_;
  std::atomic<phase> phase_{phase::open};  // changed under guard_
  std::atomic<bool> failed_{false};

  mutable std::mutex guard_;
  std::vector<frame::pointer> queue_;
  std::size_t queued_bytes_ = 0;
  std::shared_ptr<outlet> main_;   // none: the session is on polling
  std::shared_ptr<outlet> probe_;  // a WebSocket that wants to be
  std::shared_ptr<poll> poll_;
  bool probed_ = false;
  bool posting_ = false;
  bool corked_ = false;
  bool woken_ = false;
  bool awaits_pong_ = false;
  bool ended_ = false;              // its end was told
  deadlines* scheduled_ = nullptr;  // where it is due next
  allowance left_;                  // by the thread that receives
};

}  // namespace oficio::realtime
