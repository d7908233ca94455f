#include "drivers/embedded/events/journal.hpp"

#include <utility>

namespace oficio::embedded::journal {
namespace {

// deliveries.state
constexpr std::int64_t untried = 0;
constexpr std::int64_t resting = 1;
constexpr std::int64_t at_rest = 2;  // a dead letter

std::int64_t millis(time_point t) {
  return t.time_since_epoch().count();
}
time_point time_of(std::int64_t millis) {
  return time_point{std::chrono::milliseconds{millis}};
}

std::vector<row> rows(statement s) {
  std::vector<row> out;
  while (s.step()) out.push_back({s.integer(0), static_cast<int>(s.integer(1)), s.text(2)});
  return out;
}

}  // namespace

std::string schema() {
  return R"(
    CREATE TABLE IF NOT EXISTS queues(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS patterns(
      queue INTEGER NOT NULL, pattern TEXT NOT NULL, PRIMARY KEY(queue, pattern)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS events(
      seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, body TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS events_by_id ON events(id);
    CREATE TABLE IF NOT EXISTS deliveries(
      queue INTEGER NOT NULL, seq INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL DEFAULT 0,
      reason TEXT NOT NULL DEFAULT '', PRIMARY KEY(queue, seq)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS deliveries_of_event ON deliveries(seq);
    CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries(queue, at) WHERE state = 1;
    CREATE INDEX IF NOT EXISTS deliveries_dead ON deliveries(at) WHERE state = 2;)";
}

std::vector<declared_queue> queues(connection& c) {
  std::vector<declared_queue> out;
  auto s = c.prepare(
      "SELECT q.id, q.name, p.pattern FROM queues q LEFT JOIN patterns p ON p.queue = q.id "
      "ORDER BY q.id");
  while (s.step()) {
    if (out.empty() || out.back().id != s.integer(0)) out.push_back({s.integer(0), s.text(1), {}});
    if (!s.is_null(2)) out.back().patterns.push_back(s.text(2));
  }
  return out;
}

std::int64_t next_seq(connection& c) {
  auto s = c.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
  return s.step() ? s.integer(0) + 1 : 1;
}

declared_queue declare(connection& c, const std::string& name,
                       const std::vector<std::string>& patterns) {
  c.prepare("INSERT INTO queues(name) VALUES (?) ON CONFLICT DO NOTHING").bind(1, name).run();
  std::int64_t id = 0;
  {
    auto s = c.prepare("SELECT id FROM queues WHERE name = ?");
    s.bind(1, name);
    if (s.step()) id = s.integer(0);
  }
  c.prepare("DELETE FROM patterns WHERE queue = ?").bind(1, id).run();
  for (const auto& pattern : patterns) {
    c.prepare("INSERT INTO patterns(queue, pattern) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(1, id)
        .bind(2, pattern)
        .run();
  }
  return {id, name, patterns};
}

void insert(connection& c, std::int64_t seq, const std::string& event_id, const std::string& body,
            const std::vector<std::int64_t>& queue_ids) {
  c.prepare("INSERT INTO events(seq, id, body) VALUES (?, ?, ?)")
      .bind(1, seq)
      .bind(2, event_id)
      .bind(3, body)
      .run();
  for (auto id : queue_ids) {
    c.prepare("INSERT INTO deliveries(queue, seq) VALUES (?, ?)").bind(1, id).bind(2, seq).run();
  }
}

std::vector<row> fresh(connection& c, std::int64_t queue_id, std::int64_t after,
                       std::size_t limit) {
  auto s = c.prepare(
      "SELECT d.seq, d.attempts, e.body FROM deliveries d JOIN events e ON e.seq = d.seq "
      "WHERE d.queue = ? AND d.seq > ? AND d.state = ? ORDER BY d.seq LIMIT ?");
  s.bind(1, queue_id).bind(2, after).bind(3, untried).bind(4, static_cast<std::int64_t>(limit));
  return rows(std::move(s));
}

std::vector<row> due(connection& c, std::int64_t queue_id, time_point now, std::size_t limit) {
  auto s = c.prepare(
      "SELECT d.seq, d.attempts, e.body FROM deliveries d JOIN events e ON e.seq = d.seq "
      "WHERE d.queue = ? AND d.state = 1 AND d.at <= ? ORDER BY d.at, d.seq LIMIT ?");
  s.bind(1, queue_id).bind(2, millis(now)).bind(3, static_cast<std::int64_t>(limit));
  return rows(std::move(s));
}

std::optional<time_point> next_due(connection& c, std::int64_t queue_id, time_point now) {
  auto s = c.prepare("SELECT min(at) FROM deliveries WHERE queue = ? AND state = 1 AND at > ?");
  s.bind(1, queue_id).bind(2, millis(now));
  if (!s.step() || s.is_null(0)) return std::nullopt;
  return time_of(s.integer(0));
}

void settle(connection& c, const settlement& s) {
  if (s.outcome != outcome::handled) {
    c.prepare(
         "UPDATE deliveries SET state = ?, attempts = ?, at = ?, reason = ? "
         "WHERE queue = ? AND seq = ?")
        .bind(1, s.outcome == outcome::retry ? resting : at_rest)
        .bind(2, std::int64_t{s.attempts})
        .bind(3, millis(s.at))
        .bind(4, s.reason)
        .bind(5, s.queue_id)
        .bind(6, s.seq)
        .run();
    return;
  }
  c.prepare("DELETE FROM deliveries WHERE queue = ? AND seq = ?")
      .bind(1, s.queue_id)
      .bind(2, s.seq)
      .run();
  c.prepare(
       "DELETE FROM events WHERE seq = ?1 "
       "AND NOT EXISTS (SELECT 1 FROM deliveries WHERE seq = ?1)")
      .bind(1, s.seq)
      .run();
}

std::vector<dead_row> dead(connection& c, std::size_t limit) {
  auto s = c.prepare(
      "SELECT e.body, q.name, d.reason, d.attempts, d.at FROM deliveries d "
      "JOIN events e ON e.seq = d.seq JOIN queues q ON q.id = d.queue "
      "WHERE d.state = 2 ORDER BY d.at DESC LIMIT ?");
  s.bind(1, static_cast<std::int64_t>(limit));
  std::vector<dead_row> out;
  while (s.step()) {
    out.push_back(
        {s.text(0), s.text(1), s.text(2), static_cast<int>(s.integer(3)), time_of(s.integer(4))});
  }
  return out;
}

std::optional<std::int64_t> revive(connection& c, const std::string& event_id,
                                   const std::string& queue, time_point now) {
  std::optional<std::int64_t> id;
  {
    auto s = c.prepare("SELECT id FROM queues WHERE name = ?");
    s.bind(1, queue);
    if (s.step()) id = s.integer(0);
  }
  if (!id) return std::nullopt;
  c.prepare(
       "UPDATE deliveries SET state = 1, attempts = 0, at = ?, reason = '' "
       "WHERE queue = ? AND state = 2 AND seq IN (SELECT seq FROM events WHERE id = ?)")
      .bind(1, millis(now))
      .bind(2, *id)
      .bind(3, event_id)
      .run();
  if (c.changes() == 0) return std::nullopt;
  return id;
}

std::vector<events::queue_status> status(connection& c) {
  std::vector<events::queue_status> out;
  auto s = c.prepare(
      "SELECT q.name, count(d.seq) FILTER (WHERE d.state < 2), count(d.seq) FILTER "
      "(WHERE d.state = 2) FROM queues q LEFT JOIN deliveries d ON d.queue = q.id "
      "GROUP BY q.id ORDER BY q.name");
  while (s.step()) {
    out.push_back({s.text(0), static_cast<std::size_t>(s.integer(1)),
                   static_cast<std::size_t>(s.integer(2))});
  }
  return out;
}

}  // namespace oficio::embedded::journal
