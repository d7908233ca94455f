#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "conformance/support.hpp"
#include "platform/blobs/store.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::blobs::conformance {

using oficio::conformance::run;

// A document database under test; `folder` is an empty one of the test's own.
struct backend {
  std::string name;
  std::function<std::unique_ptr<documents::database>(const std::string& folder,
                                                     runtime::blocking_pool& pool)>
      open;
};

class blobs_conformance : public testing::TestWithParam<backend> {
 protected:
  blobs_conformance();

  // A blob of ana's with that content, and with a small form if there is one.
  blob put(const std::string& id, const std::string& bytes, const std::string& small = "");
  std::string read(const blob& b, const std::string& variant = "");
  bool is_there(const std::string& id);
  // "INDEX unknown" or "INDEX elsewhere" for each refusal.
  std::vector<std::string> claim(const std::string& to, std::vector<std::string> ids,
                                 const std::string& actor = "ana");
  void settle(const std::string& to, std::vector<std::string> used);
  std::size_t purge() { return run(store_->purge(ctx_)).value(); }
  // How many chunks there are of anything.
  std::int64_t chunks();

  oficio::conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"test", 2, 1'000};
  wall_clock clock_;
  context ctx_ = context::for_system(std::chrono::minutes(5));
  std::set<std::string> in_use_;  // what in-use checks say yes to
  std::unique_ptr<documents::database> database_;
  std::unique_ptr<store> store_;
};

}  // namespace oficio::blobs::conformance
