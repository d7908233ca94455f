#pragma once

#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "drivers/elasticsearch/telemetry/shipper.hpp"
#include "platform/telemetry/documents.hpp"

namespace oficio::elasticsearch {

// What tests of a shipper have in common: a folder of its own, and records that tell their number.
class shipping_test : public testing::Test {
 protected:
  shipping_test()
      : folder_((std::filesystem::temp_directory_path() /
                 ("oficio-shipping-" + std::to_string(::getpid())))
                    .string()) {
    std::filesystem::remove_all(folder_);
  }
  ~shipping_test() override { std::filesystem::remove_all(folder_); }

  shipping_options quick() const {
    shipping_options o;
    o.spill_folder = folder_ + "/spill";
    o.batch_wait = std::chrono::milliseconds(50);
    o.first_pause = std::chrono::milliseconds(50);
    o.longest_pause = std::chrono::milliseconds(500);
    o.last_call_limit = std::chrono::milliseconds(500);
    o.environment = "test";
    return o;
  }

  static telemetry::record line(int number, std::string service = "orders") {
    std::vector<telemetry::field> fields{{"labels.number", std::to_string(number)}};
    telemetry::origin from{.environment = "test"};
    auto message = "line " + std::to_string(number);
    return telemetry::log_record(from, {.service = service,
                                        .message = message,
                                        .fields = &fields,
                                        .time_us = telemetry::now_us()});
  }

  // Waits for room as long as it takes: a test wants all of them.
  static void offer_surely(telemetry_shipper& to, const telemetry::record& r) {
    auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (!to.offer(r)) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "there is no room";
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  template <class Condition>
  static bool eventually(Condition holds) {
    auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (!holds()) {
      if (std::chrono::steady_clock::now() >= until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  const std::string folder_;
};

}  // namespace oficio::elasticsearch
