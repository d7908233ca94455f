#pragma once

#include <atomic>
#include <memory>

#include "platform/http/body_stream.hpp"

namespace oficio::gateway {

// Downloads that are passed on while they come. Each holds one of the connections to its service
// for as long as the client takes its time, so only so many are; others are read as a whole first,
// which the room for large bodies bounds. Thread-safe.
class downloads {
 public:
  static constexpr int most = 24;  // of the 64 connections to an address

  // The right to one, given back with the last copy; nothing if all are taken.
  std::shared_ptr<void> begin();

  // The same stream, which holds the place until it goes.
  static std::shared_ptr<http::body_stream> holding(std::shared_ptr<void> place,
                                                    std::shared_ptr<http::body_stream> body);

 private:
  std::shared_ptr<std::atomic<int>> under_way_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace oficio::gateway
