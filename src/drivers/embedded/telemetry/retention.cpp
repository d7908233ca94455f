#include "drivers/embedded/telemetry/retention.hpp"

#include <sqlite3.h>

#include "drivers/embedded/telemetry/store.hpp"

namespace oficio::embedded {
namespace {

constexpr std::int64_t batch = 2'000;
constexpr std::int64_t browsers_share = 4;  // one in so many bytes
constexpr std::int64_t browsers_batch = 500;
constexpr std::int64_t free_pages_at_once = 1'000;

// Nothing here is worth waiting for the disk: telemetry may lose its last second.
constexpr auto pragmas = "PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=16777216;";

constexpr auto schema = R"(
CREATE TABLE records (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  stream TEXT NOT NULL,
  time_us INTEGER NOT NULL,
  kind TEXT NOT NULL,
  service TEXT,
  level TEXT,
  trace_id TEXT,
  transaction_id TEXT,
  span_id TEXT,
  parent_id TEXT,
  name TEXT,
  outcome TEXT,
  status INTEGER,
  duration_us INTEGER,
  grouping_key TEXT,
  user_id TEXT,
  target TEXT,
  weight REAL NOT NULL,
  document TEXT NOT NULL);
CREATE INDEX records_by_time ON records (time_us);
CREATE INDEX records_by_kind ON records (kind, service, time_us);
CREATE INDEX records_by_trace ON records (trace_id) WHERE trace_id IS NOT NULL;
-- All that is asked of requests and calls, so that no row is read for it: documents are large.
CREATE INDEX records_of_requests
  ON records (time_us, service, name, outcome, status, duration_us, weight, kind)
  WHERE kind = 'transaction';
CREATE INDEX records_of_calls ON records (time_us, service, target, outcome, duration_us, weight)
  WHERE target IS NOT NULL;
CREATE INDEX records_by_group ON records (grouping_key, time_us) WHERE grouping_key IS NOT NULL;
)";

// Anybody may send as a browser, as much as the gateway's limits let through: the room that such
// records take is known at any time, without counting them. A record takes its document, and about
// half a KiB for the rest of its row and its places in the indexes. All of them are of the service
// `web`, and none of ours is.
constexpr auto browsers_schema = R"(
CREATE INDEX records_of_browsers ON records (seq) WHERE service = 'web';
CREATE TABLE browsers_room (bytes INTEGER NOT NULL);
INSERT INTO browsers_room
  SELECT coalesce(sum(length(CAST(document AS BLOB)) + 512), 0) FROM records WHERE service = 'web';
CREATE TRIGGER browsers_came AFTER INSERT ON records WHEN NEW.service = 'web' BEGIN
  UPDATE browsers_room SET bytes = bytes + length(CAST(NEW.document AS BLOB)) + 512;
END;
CREATE TRIGGER browsers_went AFTER DELETE ON records WHEN OLD.service = 'web' BEGIN
  UPDATE browsers_room SET bytes = bytes - length(CAST(OLD.document AS BLOB)) - 512;
END;
)";

std::int64_t number(connection& of, const std::string& sql) {
  auto s = of.prepare(sql);
  return s.step() ? s.integer(0) : 0;
}

std::int64_t bytes_in_use(connection& of) {
  auto pages = number(of, "PRAGMA page_count") - number(of, "PRAGMA freelist_count");
  return pages * number(of, "PRAGMA page_size");
}

std::int64_t browsers_bytes(connection& of) {
  return number(of, "SELECT bytes FROM browsers_room");
}

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void make(connection& in, const std::string& what) {
  in.execute("BEGIN IMMEDIATE;" + what + "PRAGMA user_version=" + std::to_string(telemetry_schema) +
             "; COMMIT;");
}

std::int64_t take_out_old(connection& from, std::chrono::hours keep) {
  auto keep_us = std::chrono::duration_cast<std::chrono::microseconds>(keep).count();
  auto old = from.prepare(
      "DELETE FROM records WHERE seq IN "
      "(SELECT seq FROM records WHERE time_us < ? ORDER BY time_us LIMIT ?)");
  old.bind(1, now_us() - keep_us).bind(2, batch).run();
  return from.changes();
}

std::int64_t take_out_oldest(connection& from) {
  auto oldest = from.prepare(
      "DELETE FROM records WHERE seq IN (SELECT seq FROM records ORDER BY seq LIMIT ?)");
  oldest.bind(1, batch).run();
  return from.changes();
}

std::int64_t take_out_oldest_of_browsers(connection& from) {
  auto oldest = from.prepare(
      "DELETE FROM records WHERE seq IN (SELECT seq FROM records INDEXED BY records_of_browsers "
      "WHERE service = 'web' ORDER BY seq LIMIT ?)");
  oldest.bind(1, browsers_batch).run();
  return from.changes();
}

}  // namespace

std::unique_ptr<connection> open_telemetry(const std::string& path) {
  auto file = std::make_unique<connection>(path, open_mode::read_write);
  auto version = number(*file, "PRAGMA user_version");
  if (version > telemetry_schema) {
    throw sqlite_error(SQLITE_ERROR, "was written by a later version of oficio");
  }
  if (version == 2) make(*file, browsers_schema);
  if (version == 1) {
    // What was kept for some days, long ago, is not worth carrying over.
    file->execute("DROP TABLE records");
    version = 0;
  }
  if (version == 0) {
    // Must stand before the first table: what is purged gives its room back to the disk.
    file->execute("PRAGMA auto_vacuum=INCREMENTAL; VACUUM;");
    make(*file, std::string(schema) + browsers_schema);
  }
  file->execute(pragmas);
  return file;
}

bool purge_telemetry(connection& from, std::chrono::hours keep, std::int64_t max_bytes) {
  auto gone = take_out_old(from, keep);
  if (gone == 0 && browsers_bytes(from) > max_bytes / browsers_share) {
    gone = take_out_oldest_of_browsers(from);
  }
  if (gone == 0 && bytes_in_use(from) > max_bytes) gone = take_out_oldest(from);
  if (gone > 0 || number(from, "PRAGMA freelist_count") > free_pages_at_once) {
    from.execute("PRAGMA incremental_vacuum(" + std::to_string(free_pages_at_once) + ")");
  }
  return gone > 0;
}

}  // namespace oficio::embedded
