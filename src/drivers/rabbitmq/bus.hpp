#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "platform/base/clock.hpp"
#include "platform/config/server_address.hpp"
#include "platform/events/bus.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::rabbitmq {

// The event bus on RabbitMQ (3.10 or later):
//   amqp[s]://USER:PASSWORD@HOST[:PORT][,HOST…][/VHOST][?OPTION=VALUE&…]
// with the TLS options that all servers share, and
//   exchange=NAME    the topic exchange (oficio.events)
//   heartbeat=10     seconds between signs of life, 1–300; a server is away after two without any
//   max_length=N     how many events a queue keeps (1,000,000) before publishing is refused; fixed
//                    when the queue is first declared
// Throws config::wrong_setting if the address makes no sense, the server refuses us, or none can be
// reached within 10 seconds. `clock` must outlive it, and stop() must have been awaited before the
// last copy of the pointer goes. Blocks.
//
// Events of one subject are handled one after another over all processes, since one process at a
// time has a durable queue. status() and dead_letters() tell of the queues that this process
// listens to. stop() ends the handing out; publishing still works until the end. A queue that is
// not durable lives on for a minute without its process, and holds at most 10,000 events.
std::shared_ptr<events::bus> make_bus(const config::server_address& address,
                                      boost::asio::any_io_executor io, const wall_clock& clock,
                                      telemetry::logger log);

}  // namespace oficio::rabbitmq
