#include "drivers/embedded/sql/sql.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "platform/sql/migrations.hpp"
#include "platform/sql/session_pool.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t max_readers = 8;
constexpr std::chrono::milliseconds max_busy{5'000};  // another process holds the file's lock

sqlite_api::sqlite3* handle_of(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

std::unique_ptr<soci::session> open(const std::string& path, bool writes) {
  // SOCI's connection string has no escape for a quote.
  auto session = std::make_unique<soci::session>(soci::sqlite3, "dbname=\"" + path + "\"");
  auto* handle = handle_of(*session);
  sqlite_api::sqlite3_extended_result_codes(handle, 1);
  sqlite_api::sqlite3_busy_timeout(handle, static_cast<int>(max_busy.count()));
  if (writes) *session << "PRAGMA journal_mode=WAL";
  *session << "PRAGMA synchronous=FULL";
  *session << "PRAGMA foreign_keys=ON";
  if (!writes) *session << "PRAGMA query_only=ON";
  return session;
}

error late() {
  return {errc::timeout, "deadline_exceeded", "The database had no session free in time."};
}

// Never what(): it quotes the parameters, which may be secret.
error to_error(const soci::soci_error& e) {
  auto message = e.get_error_message();
  auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&e);
  if (!sqlite) return {errc::internal, "database_error", telemetry::told(e, message)};
  int code = sqlite->result();
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
    // "UNIQUE constraint failed: accounts.email" or "… failed: index 'accounts_email'"
    auto at = message.find("failed: ");
    return {errc::conflict, "duplicate",
            at == std::string::npos ? message : message.substr(at + 8)};
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {errc::unavailable, "database_unavailable", message, {}, std::chrono::seconds(1)};
    default:
      return {errc::internal, "database_error", telemetry::told(e, message)};
  }
}

class database final : public sql::database {
 public:
  database(std::string path, runtime::blocking_pool& pool)
      : path_(std::move(path)),
        pool_(pool),
        writer_(1, [this] { return open(path_, true); }),
        readers_(max_readers, [this] { return open(path_, false); }) {
    try {
      writer_.take(steady_time::max());  // the file is there, and in WAL mode, before anybody reads
    } catch (const soci::soci_error& e) {
      throw std::runtime_error("SQLite cannot open " + path_ + ": " + e.get_error_message());
    }
  }

  void migrate(const std::vector<sql::migration>& history) override {
    auto lease = writer_.take(steady_time::max());
    auto& session = *lease;
    try {
      sql::apply_migrations(session, history,
                            {.begin = [&] { session << "BEGIN IMMEDIATE"; },
                             .commit = [&] { session << "COMMIT"; },
                             .rollback = [&] { roll_back(session); }});
    } catch (const std::runtime_error& e) {
      throw std::runtime_error(path_ + ": " + e.what());
    }
  }

  sql::dialect dialect() const override { return sql::dialect::sqlite; }

  sql::session_use sessions() const override {
    return {writer_.leased() + readers_.leased(), writer_.size() + readers_.size()};
  }

 protected:
  runtime::blocking_pool& pool() override { return pool_; }

  result<void> with_session(access a, steady_time deadline,
                            const std::function<bool(soci::session&)>& body) override {
    try {
      auto lease = (a == access::write ? writer_ : readers_).take(deadline);
      if (!lease) return late();
      wait_at_most(*lease, deadline);
      if (a == access::write) {
        transact(*lease, body);
      } else {
        body(*lease);
      }
      return {};
    } catch (const soci::soci_error& e) {
      return to_error(e);
    }
  }

 private:
  static void wait_at_most(soci::session& session, steady_time deadline) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    auto patience = std::clamp(left, std::chrono::milliseconds(1), max_busy);
    sqlite_api::sqlite3_busy_timeout(handle_of(session), static_cast<int>(patience.count()));
  }

  // IMMEDIATE: a transaction that reads first and then writes must not find that another wrote
  // between.
  static void transact(soci::session& session, const std::function<bool(soci::session&)>& body) {
    session << "BEGIN IMMEDIATE";
    try {
      session << (body(session) ? "COMMIT" : "ROLLBACK");
    } catch (...) {
      roll_back(session);
      throw;
    }
  }

  static void roll_back(soci::session& session) {
    // Without a transaction SQLite had rolled it back itself.
    if (sqlite_api::sqlite3_get_autocommit(handle_of(session)) == 0) {
      sqlite_api::sqlite3_exec(handle_of(session), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }

  std::string path_;
  runtime::blocking_pool& pool_;
  sql::session_pool writer_;
  sql::session_pool readers_;
};

}  // namespace

std::unique_ptr<sql::database> make_sql(std::string path, runtime::blocking_pool& pool) {
  if (path.find('"') != std::string::npos) {
    throw std::runtime_error("The path of an SQLite database must not contain a quote: " + path);
  }
  if (auto folder = std::filesystem::path(path).parent_path(); !folder.empty()) {
    std::filesystem::create_directories(folder);
  }
  return std::make_unique<database>(std::move(path), pool);
}

}  // namespace oficio::embedded
