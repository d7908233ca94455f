#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "platform/sql/server.hpp"

namespace oficio::sql {

// Cuts connections whose time is over: client libraries wait for an answer without a limit, or with
// one of whole seconds that cannot be changed once they are connected.
class deadline_watch {
 public:
  deadline_watch();
  ~deadline_watch();

  // Cuts `c` at `at`, unless it has ended before.
  class guard {
   public:
    guard(deadline_watch& watch, connection& c, steady_time at);
    ~guard();
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;

    // Was it cut?
    bool over() const;

   private:
    friend class deadline_watch;
    deadline_watch& watch_;
    connection& connection_;
    std::multimap<steady_time, guard*>::iterator place_;
    bool over_ = false;
  };

 private:
  void run();

  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::multimap<steady_time, guard*> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace oficio::sql
