#pragma once

#include "platform/pictures/studio.hpp"

namespace oficio::app {

// Takes pictures as they are, for those that were drawn by us, in the form in which the market
// keeps them (WebP, lossy, without metadata), and need not be drawn anew a second time.
class prepared_studio final : public pictures::studio {
 public:
  awaitable<result<pictures::extent>> measure(const context& ctx,
                                              pictures::shared_bytes file) override;
  awaitable<result<std::vector<pictures::picture>>> draw(
      const context& ctx, pictures::shared_bytes file, std::vector<pictures::form> forms) override;
};

}  // namespace oficio::app
