#pragma once

#include <string_view>

namespace oficio::events {

// Does a routing key ("gigs.gig.published") match a pattern as AMQP 0-9-1 topic exchanges match
// them? Words are parted by dots; `*` stands for exactly one word and `#` for none or more.
bool topic_matches(std::string_view pattern, std::string_view key);

}  // namespace oficio::events
