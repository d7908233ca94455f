#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "platform/telemetry/record.hpp"

namespace oficio::telemetry {

// Somebody who takes records: a store on this machine, or Elasticsearch. Thread-safe.
class intake {
 public:
  virtual ~intake() = default;

  // Never waits for anything but a short lock. False: there is no room, and the record is dropped
  // and counted.
  virtual bool offer(record r) = 0;

  struct figures {
    std::uint64_t taken = 0;
    std::uint64_t kept = 0;     // stored, or confirmed by the server
    std::uint64_t dropped = 0;  // no room for it
    std::uint64_t refused = 0;  // the server does not want it (a field of another type)
    std::size_t waiting = 0;    // in memory
    std::size_t spilled = 0;    // bytes that wait on disk for a server that is away
  };
  virtual figures now() const = 0;
};

// The records that wait for a thread which handles them in batches: bounded by number and memory.
class waiting_room {
 public:
  struct limits {
    std::size_t records = 20'000;
    std::size_t bytes = 32 * 1024 * 1024;
  };
  explicit waiting_room(limits most) : most_(most) {}

  // False if it is full or closed.
  bool put(record r);

  // Waits until `enough` records are there, or some have waited for `patience`, or it is closed;
  // gives at most `enough` and about `bytes` of them (one at least, if there is any). Empty: closed
  // and nothing left, or `patience` passed without any.
  std::vector<record> take(std::size_t enough, std::size_t bytes,
                           std::chrono::milliseconds patience);

  // Takes no more; those that wait are still given out.
  void close();
  bool closed() const;
  std::size_t size() const;
  std::uint64_t dropped() const;
  std::uint64_t taken() const;

 private:
  const limits most_;
  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::deque<record> waiting_;  // all under guard_
  std::size_t bytes_ = 0;
  std::size_t enough_ = 1;  // when the one who takes wants to be woken
  std::uint64_t taken_ = 0;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace oficio::telemetry
