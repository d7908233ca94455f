#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "conformance/support.hpp"
#include "platform/archive/archive.hpp"
#include "platform/runtime/blocking_pool.hpp"
#include "platform/telemetry/log.hpp"
#include "platform/telemetry/record.hpp"

namespace oficio::archive::conformance {

// A place where telemetry is kept, and who reads it there.
class kept {
 public:
  virtual ~kept() = default;
  // Returns when readers can see them.
  virtual void put(const std::vector<telemetry::record>& records) = 0;
  virtual reader& read() = 0;
};

struct driver_under_test {
  std::string name;
  std::function<std::unique_ptr<kept>(const std::string& folder, runtime::blocking_pool& pool)>
      open;
};

// The beginning of the hour that all samples lie in. It is over, and not old.
time_point noon();
inline time_range hour() {
  return {noon(), noon() + std::chrono::hours(1)};
}

struct request_sample {
  std::string service = "gateway";
  std::string route = "GET /gigs/{id}";
  std::chrono::milliseconds after{0};  // noon
  std::int64_t us = 10'000;
  std::string outcome = "success";
  int status = 200;  // 0: no HTTP
  double weight = 1;
  std::string trace_id;
  std::string id = "aaaaaaaaaaaaaaaa";
  std::string parent_id;
  std::string request_id;
};
telemetry::record request(const request_sample& s);

struct call_sample {
  std::string service = "gateway";
  std::string target = "orders";
  std::string type = "external";
  std::chrono::milliseconds after{0};
  std::int64_t us = 5'000;
  std::string outcome = "success";
  int status = 0;  // 0: no HTTP
  std::string trace_id;
  std::string id;  // empty: any
  std::string parent_id = "aaaaaaaaaaaaaaaa";
};
telemetry::record call(const call_sample& s);

struct log_sample {
  std::string service = "orders";
  std::string message = "hello";
  telemetry::level level = telemetry::level::info;
  std::chrono::milliseconds after{0};
  std::string trace_id;
};
telemetry::record log(const log_sample& s);

struct error_sample {
  std::string service = "orders";
  std::string message = "it broke";
  std::string place = "place_order";
  std::chrono::milliseconds after{0};
  std::string user_id;
  std::string trace_id;
};
telemetry::record error(const error_sample& s);

struct page_sample {
  std::string type = "page-load";
  std::string page = "/gigs/{id}";
  std::chrono::milliseconds after{0};
  std::int64_t us = 1'000'000;
  double lcp = -1;  // none
  double cls = -1;
  double inp = -1;
};
telemetry::record page(const page_sample& s);

// Each test has a place of its own.
class archive_conformance : public testing::TestWithParam<driver_under_test> {
 protected:
  void put(const std::vector<telemetry::record>& records) { place_->put(records); }
  template <class T>
  T get(awaitable<result<T>> work) {
    auto got = oficio::conformance::run(std::move(work));
    if (!got) throw std::runtime_error(got.error().code + ": " + got.error().detail);
    return std::move(*got);
  }
  reader& read() { return place_->read(); }
  context ctx() const { return {}; }

  oficio::conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"reading", 2, 100};
  std::unique_ptr<kept> place_ = GetParam().open(folder_.path(), pool_);
};

}  // namespace oficio::archive::conformance
