#include "services/gateway/downloads.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace oficio::gateway {
namespace {

class nothing final : public http::body_stream {
 public:
  awaitable<result<std::string>> next(steady_time) override { co_return std::string(); }
};

TEST(downloads_that_are_passed_on, are_so_many_at_once) {
  downloads all;
  std::vector<std::shared_ptr<http::body_stream>> open;
  for (int i = 0; i < downloads::most; ++i) {
    auto place = all.begin();
    ASSERT_TRUE(place);
    open.push_back(downloads::holding(std::move(place), std::make_shared<nothing>()));
  }
  EXPECT_FALSE(all.begin());
  EXPECT_FALSE(all.begin());
  open.pop_back();
  EXPECT_TRUE(all.begin());
  auto last = all.begin();
  EXPECT_TRUE(last);
  EXPECT_FALSE(all.begin());
}

}  // namespace
}  // namespace oficio::gateway
