#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "drivers/rabbitmq/connection.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::rabbitmq {

// A thread of its own that keeps one connection: the library blocks, sends heartbeats only when it
// is called, and is not thread-safe. Connects again with growing pauses. What others want done they
// leave in the derived class's own list and wake() it.
class link {
 public:
  // `name` is the connection's, as the server's own tools show it.
  link(const access& to, std::string name, telemetry::logger log);
  virtual ~link();  // end() must have been called

  void start();
  void wake();
  bool up() const { return up_; }
  // Waits until it is up; false if it is not by then. Throws not_admitted, once it was refused.
  bool wait_up(steady_time until);
  // Ends the thread, after what is left to do, at most about so long. Blocks.
  void end(std::chrono::milliseconds at_most);

 protected:
  // All on the thread. Whatever throws `lost` or anything else ends the connection.
  virtual void on_up(connection& c) = 0;
  virtual void on_wake(connection& c) = 0;  // after each wake(), and at least twice a second
  virtual void on_event(connection& c, happening what) = 0;
  virtual void on_down(const std::string& why) = 0;
  virtual void on_end(connection& c) = 0;

  const access& to() const { return to_; }
  const telemetry::logger& log() const { return log_; }

 private:
  void run();
  void serve(connection& c);
  void wait(int socket, std::chrono::milliseconds at_most);
  void tell_down(const std::string& why, bool admitted);
  void show(connection* c);

  const access& to_;
  std::string name_;
  telemetry::logger log_;
  int bell_;  // an eventfd
  std::atomic<bool> rung_{false};
  std::atomic<bool> up_{false};
  std::atomic<bool> ending_{false};

  std::mutex guard_;  // what follows
  std::condition_variable changed_;
  std::string refusal_;
  int socket_ = -1;
  bool ended_ = false;
  bool told_ = false;  // the thread's own: that the server is away

  std::thread thread_;
};

}  // namespace oficio::rabbitmq
