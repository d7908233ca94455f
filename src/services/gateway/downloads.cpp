#include "services/gateway/downloads.hpp"

#include <utility>

namespace oficio::gateway {
namespace {

class held_stream final : public http::body_stream {
 public:
  held_stream(std::shared_ptr<void> place, std::shared_ptr<http::body_stream> body)
      : place_(std::move(place)), body_(std::move(body)) {}

  awaitable<result<std::string>> next(steady_time until) override { return body_->next(until); }

 private:
  std::shared_ptr<void> place_;
  std::shared_ptr<http::body_stream> body_;
};

}  // namespace

std::shared_ptr<void> downloads::begin() {
  if (under_way_->fetch_add(1) >= most) {
    under_way_->fetch_sub(1);
    return nullptr;
  }
  return {under_way_.get(), [count = under_way_](void*) { count->fetch_sub(1); }};
}

std::shared_ptr<http::body_stream> downloads::holding(std::shared_ptr<void> place,
                                                      std::shared_ptr<http::body_stream> body) {
  return std::make_shared<held_stream>(std::move(place), std::move(body));
}

}  // namespace oficio::gateway
