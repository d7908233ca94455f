#pragma once

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "platform/base/clock.hpp"
#include "platform/events/bus.hpp"
#include "platform/runtime/blocking_pool.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::embedded {

// A durable topic exchange inside one process, in one SQLite file. Throws sqlite_error if the file
// cannot be used. `pool` and `clock` must outlive it, and stop() must have been awaited before the
// last copy of the pointer goes.
//
// stop() ends the handing out; publishing still works until the end, so that outboxes can be
// flushed. A queue that is not durable holds at most 4,096 events, and loses newer ones beyond.
std::shared_ptr<events::bus> make_bus(std::string path, boost::asio::any_io_executor io,
                                      runtime::blocking_pool& pool, const wall_clock& clock,
                                      telemetry::logger log);

}  // namespace oficio::embedded
