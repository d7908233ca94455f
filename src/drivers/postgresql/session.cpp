#include "drivers/postgresql/session.hpp"

#include <cstring>

#include <libpq-fe.h>

#include "drivers/postgresql/backend.hpp"
#include "drivers/postgresql/errors.hpp"

namespace oficio::postgresql {
namespace {

constexpr auto migration_patience = "120s";

// "oficio" in ASCII, and which of our locks: advisory locks have numbers, in each database its own.
constexpr std::int64_t migration_lock = 0x6f66'6963'696f'0001;

// SOCI keeps a pointer to it.
const backend_factory& factory() {
  static const backend_factory one;
  return one;
}

class server_session final : public sql::connection {
 public:
  explicit server_session(const std::string& conninfo) : session_(factory(), conninfo) {
    handle_ = handle_of(session_);
    keep_socket(PQsocket(handle_));
    // The details of an error quote values, which may be secret.
    PQsetErrorVerbosity(handle_, PQERRORS_TERSE);
    PQsetNoticeProcessor(handle_, [](void*, const char*) {}, nullptr);
  }

  soci::session& session() override { return session_; }

  void set_up() override {
    const char* encoding = PQparameterStatus(handle_, "server_encoding");
    if (!encoding || std::strcmp(encoding, "UTF8") != 0) {
      throw sql::connect_failure("the database's encoding must be UTF8", true);
    }
    std::string settings =
        "SET client_min_messages = warning; SET standard_conforming_strings = on; "
        "SET timezone = 'UTC'; SET idle_in_transaction_session_timeout = '60s'; "
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED";
    // So that a statement whose asker is gone gives its locks back.
    if (PQserverVersion(handle_) >= 140'000) {
      settings += "; SET client_connection_check_interval = '2s'";
    }
    try {
      run(settings);
    } catch (const soci::soci_error& e) {
      throw sql::connect_failure(e.get_error_message(), false);
    }
  }

  // In steps of a second, so that it is seldom another: this costs a round trip.
  void limit(std::chrono::milliseconds left) override {
    auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
    if (seconds == limit_) return;
    run("SET statement_timeout = " + std::to_string(seconds * 1'000));
    limit_ = seconds;
  }

  // Exact, since it travels with the beginning.
  void begin(std::chrono::milliseconds left) override {
    run("BEGIN; SET LOCAL statement_timeout = " + std::to_string(left.count()));
  }

  // SOCI's takes the end of a transaction that had failed for a success.
  void commit() override {
    if (run("COMMIT") != "COMMIT") {
      throw soci::soci_error("the transaction had failed before and was rolled back");
    }
  }

  void rollback() override { run("ROLLBACK"); }

  void migrate(const std::vector<sql::migration>& history) override {
    auto begin = std::string("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '") +
                 migration_patience + "'; SELECT pg_advisory_xact_lock(" +
                 std::to_string(migration_lock) + ")";
    sql::apply_migrations(session_, history,
                          {.begin = [this, begin] { run(begin); },
                           .commit = [this] { commit(); },
                           .rollback = [this] { give_up(); }});
  }

  sql::problem judge(const soci::soci_error& e) override {
    return judged(e, PQstatus(handle_) == CONNECTION_OK);
  }

 private:
  // One round trip, whatever the number of statements. The tag of the last one that was done.
  std::string run(const std::string& statements) {
    std::unique_ptr<PGresult, decltype(&PQclear)> done(PQexec(handle_, statements.c_str()),
                                                       &PQclear);
    auto status = PQresultStatus(done.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      const char* state = PQresultErrorField(done.get(), PG_DIAG_SQLSTATE);
      throw soci::postgresql_soci_error(PQerrorMessage(handle_), state ? state : "     ");
    }
    return PQcmdStatus(done.get());
  }

  // A connection that is gone holds neither transaction nor lock.
  void give_up() {
    try {
      rollback();
    } catch (const soci::soci_error&) {
    }
  }

  soci::session session_;
  PGconn* handle_ = nullptr;
  std::int64_t limit_ = -1;
};

}  // namespace

std::unique_ptr<sql::connection> open_session(const std::string& conninfo) {
  try {
    return std::make_unique<server_session>(conninfo);
  } catch (const soci::soci_error& e) {
    // A server that takes connections, but not ours.
    bool hopeless = PQping(conninfo.c_str()) == PQPING_OK;
    throw sql::connect_failure(e.get_error_message(), hopeless);
  }
}

}  // namespace oficio::postgresql
