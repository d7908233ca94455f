#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/events/envelope.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::events {

// Events that were committed together with the change that raised them and are not yet confirmed by
// the bus. Stores implement it: document collections and the SQL outbox table.
class outbox {
 public:
  virtual ~outbox() = default;

  // The oldest pending events, each subject's in order of their writes.
  virtual awaitable<result<std::vector<envelope>>> pending(const context& ctx,
                                                           std::size_t limit) = 0;
  // Forgets events that the bus has confirmed.
  virtual awaitable<result<void>> confirmed(const context& ctx,
                                            const std::vector<envelope>& events) = 0;
  // Notified after each write that left events here (in this process).
  virtual runtime::notifier& changed() = 0;
};

}  // namespace oficio::events
