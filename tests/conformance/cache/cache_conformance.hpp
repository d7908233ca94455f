#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "conformance/support.hpp"
#include "platform/cache/cache.hpp"

namespace oficio::cache::conformance {

using oficio::conformance::run;
using oficio::conformance::run_all;

// How a driver under test is made, with nothing in it.
struct driver_under_test {
  std::string name;
  std::function<std::unique_ptr<store>()> make;
};

class cache_conformance : public testing::TestWithParam<driver_under_test> {
 protected:
  void SetUp() override { store_ = GetParam().make(); }

  std::optional<std::string> get(const std::string& key) {
    return run(store_->get(ctx_, key)).value();
  }
  void put(const std::string& key, const std::string& value,
           std::chrono::milliseconds ttl = std::chrono::minutes(5)) {
    run(store_->put(ctx_, key, value, ttl)).value();
  }
  std::int64_t add(const std::string& key, std::int64_t amount,
                   std::chrono::milliseconds ttl = std::chrono::minutes(5)) {
    return run(store_->add(ctx_, key, amount, ttl)).value();
  }
  // Waits until the key is gone; false if it is still there after five seconds.
  bool goes(const std::string& key);

  context ctx_ = context::for_system(std::chrono::minutes(1));
  std::unique_ptr<store> store_;
};

}  // namespace oficio::cache::conformance
