#pragma once

#include <memory>
#include <string>

#include "platform/base/clock.hpp"
#include "platform/mail/transport.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::embedded {

// Mail kept in an SQLite file instead of being sent: the newest 10,000. A message whose id is there
// already is not kept twice. Throws sqlite_error if the file cannot be opened. `pool` and `clock`
// must outlive it.
std::unique_ptr<mail::local_outbox> make_mail_outbox(std::string path, runtime::blocking_pool& pool,
                                                     const wall_clock& clock);

}  // namespace oficio::embedded
