#pragma once

#include <chrono>
#include <string>

#include "drivers/rabbitmq/connection.hpp"
#include "platform/events/bus.hpp"

// Which queues there are at the server. A consumer's durable queue NAME is a quorum queue, and
// beside it are NAME.retry.MS for each pause, whose messages go back to NAME (and to nobody else)
// when their time is over, and NAME.dead. All are moved between with confirms or by the server's
// own at-least-once dead-lettering, so that a crash may double a message but never lose it.
namespace oficio::rabbitmq {

inline constexpr std::size_t longest_name = 200;  // the server allows 255 bytes

std::string retry_queue(const std::string& name, std::chrono::milliseconds pause);
std::string dead_queue(const std::string& name);
// Whoever has it (an exclusive queue) may look through NAME.dead.
std::string dead_lock(const std::string& name);

// Throws refused(406) if they are there with other arguments.
void declare_durable(connection& c, amqp_channel_t on, const access& to, const events::queue& q);
// A queue of one process, which `name` it has made up. It outlives a short loss of the connection,
// and ends a minute after its process did.
void declare_passing(connection& c, amqp_channel_t on, const access& to, const events::queue& q,
                     const std::string& name);

}  // namespace oficio::rabbitmq
