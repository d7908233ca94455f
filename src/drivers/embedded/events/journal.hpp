#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/events/bus.hpp"

// What the bus keeps in its SQLite file: durable queues, events, and one delivery a queue for each
// event. All functions throw sqlite_error.
namespace oficio::embedded::journal {

std::string schema();

struct declared_queue {
  std::int64_t id = 0;
  std::string name;
  std::vector<std::string> patterns;
};

std::vector<declared_queue> queues(connection& c);
// The number that the next event may have.
std::int64_t next_seq(connection& c);
// Makes the queue, or gives an existing one these patterns.
declared_queue declare(connection& c, const std::string& name,
                       const std::vector<std::string>& patterns);

void insert(connection& c, std::int64_t seq, const std::string& event_id, const std::string& body,
            const std::vector<std::int64_t>& queue_ids);

struct row {
  std::int64_t seq = 0;
  int attempts = 0;
  std::string body;
};

// Never tried, behind `after`, in order.
std::vector<row> fresh(connection& c, std::int64_t queue_id, std::int64_t after, std::size_t limit);
// Tried and due again.
std::vector<row> due(connection& c, std::int64_t queue_id, time_point now, std::size_t limit);
// When the next one after `now` is due.
std::optional<time_point> next_due(connection& c, std::int64_t queue_id, time_point now);

enum class outcome { handled, retry, dead };

struct settlement {
  std::int64_t queue_id = 0;
  std::int64_t seq = 0;
  journal::outcome outcome = outcome::handled;
  int attempts = 0;
  time_point at;  // due again, or died
  std::string reason;
};

// An event is deleted with its last delivery.
void settle(connection& c, const settlement& s);

struct dead_row {
  std::string body;
  std::string queue;
  std::string reason;
  int attempts = 0;
  time_point died_at;
};

std::vector<dead_row> dead(connection& c, std::size_t limit);
// The id of the queue that gets it again; nothing if there is no such dead letter.
std::optional<std::int64_t> revive(connection& c, const std::string& event_id,
                                   const std::string& queue, time_point now);
std::vector<events::queue_status> status(connection& c);

}  // namespace oficio::embedded::journal
