#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "platform/base/clock.hpp"
#include "platform/payments/provider.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::payments::conformance {

// How a driver under test is made. Two providers made one after the other with the same `folder`
// play one server before and after a restart of ours.
struct driver_under_test {
  std::string name;
  std::function<std::unique_ptr<provider>(const std::string& folder, runtime::blocking_pool& pool,
                                          const wall_clock& clock)>
      make;
};

class payments_conformance : public testing::TestWithParam<driver_under_test> {
 protected:
  void SetUp() override;
  void TearDown() override;

  void restart();

  result<charge> start(const std::string& attempt_id, const std::string& number,
                       std::int64_t amount = 12'500);
  result<charge> confirm(const std::string& attempt_id, const std::string& token);
  result<std::optional<charge>> lookup(const std::string& attempt_id);
  result<void> refund(const std::string& attempt_id);

  provider& driver() { return *provider_; }

  std::string folder_;
  wall_clock clock_;

 private:
  std::unique_ptr<runtime::blocking_pool> pool_;
  std::unique_ptr<provider> provider_;
};

}  // namespace oficio::payments::conformance
