#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/events/envelope.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::events {

// What a service can tell of one of its aggregates at any time: its state now, as the events that
// brought others to know of it. `facts` may be empty: there is nothing that others keep.
struct retold {
  std::string subject;       // the aggregate's id
  std::int64_t version = 0;  // its write version
  std::vector<raised> facts;
};

// All aggregates of one kind, a page at a time. `page` gives at most `limit` of those behind the
// subject `after` (empty: from the first), in order of ids; an empty page is the end.
struct fact_source {
  std::string source;  // of the envelopes: "/oficio/gigs"
  std::function<awaitable<result<std::vector<retold>>>(const context& ctx, std::string after,
                                                       std::size_t limit)>
      page;
};

}  // namespace oficio::events
