#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

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

// False if it is not so after five seconds.
bool eventually(const std::function<bool()>& so);

// Keeps what a listener hears.
class ear {
 public:
  listener hearing() {
    return [this](const std::string& message) {
      std::lock_guard lock(guard_);
      heard_.push_back(message);
    };
  }
  std::vector<std::string> heard() const {
    std::lock_guard lock(guard_);
    return heard_;
  }
  bool has(const std::string& message) const;
  std::size_t count(const std::string& message) const;

 private:
  mutable std::mutex guard_;
  std::vector<std::string> heard_;
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
  void publish(const std::string& channel, const std::string& message) {
    run(store_->publish(ctx_, channel, message)).value();
  }
  // Publishes until the ear has heard it; false if it has not after five seconds.
  bool reaches(const std::string& channel, const ear& who);

  context ctx_ = context::for_system(std::chrono::minutes(1));
  std::unique_ptr<store> store_;
};

}  // namespace oficio::cache::conformance
