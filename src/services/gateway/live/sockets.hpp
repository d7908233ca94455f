#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "platform/realtime/server.hpp"
#include "platform/runtime/task_group.hpp"
#include "services/gateway/live/entry.hpp"
#include "services/gateway/live/follower.hpp"
#include "services/gateway/live/news.hpp"
#include "services/gateway/live/presence.hpp"
#include "services/gateway/live/talking.hpp"

namespace oficio::gateway {

// Socket.IO for people: who may come in, in which rooms they are, and when they must go.
// Thread-safe.
class sockets final : public listener {
 public:
  // All outlive it; env.metrics may be null.
  sockets(const hosting::environment& env, forwarder& by, const origins& allowed, const options& o);

  void mount(http::router& routes) { server_.mount(routes); }
  // What goes on all the time, until cancelled.
  void start(runtime::task_group& tasks);
  // All are closed, orderly.
  awaitable<void> stop(std::chrono::milliseconds patience);

  void heard(const events::envelope& e) override;
  void missed() override;
  void end_session(const std::string& session_id);

 private:
  // Ends those whose time is over.
  awaitable<void> watch_time();
  std::vector<realtime::socket_ptr> take_late();
  awaitable<realtime::decision> decide(realtime::visitor v);
  void came(const realtime::socket_ptr& s);
  void went(const realtime::socket_ptr& s);
  void tell(const news& what);
  // The same as a step of the trace that `e` belongs to, if anybody is there to be told.
  void tell_in_trace(const events::envelope& e, const news& what);

  const wall_clock& clock_;
  sessions& known_;
  telemetry::tracer* const tracer_;  // may be null
  const socket_options options_;
  entry entry_;
  realtime::server server_;
  presence presence_;
  talking talking_;
  std::mutex guard_;
  // Under guard_: a socket that is back has the id of the one before.
  std::unordered_map<const realtime::socket*, std::weak_ptr<realtime::socket>> here_;
  // Under guard_: those sent away, oldest first. Clients close by themselves when they hear it.
  std::deque<std::pair<steady_time, realtime::socket_ptr>> dismissed_;
  telemetry::metrics::handle told_;
};

}  // namespace oficio::gateway
