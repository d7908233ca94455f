#include "sql_conformance.hpp"

namespace oficio::sql::conformance {

void sql_conformance::SetUp() {
  restart();
}

void sql_conformance::restart() {
  database_.reset();
  database_ = GetParam().make(folder_.path(), pool_);
}

std::vector<migration> sql_conformance::tables() const {
  return {{1, "tables",
           "CREATE TABLE counters (id VARCHAR(40) NOT NULL PRIMARY KEY, n BIGINT NOT NULL);\n"
           "CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, email VARCHAR(100) NOT NULL, "
           "name VARCHAR(100));\n"
           "CREATE UNIQUE INDEX people_email ON people (email);\n" +
               outbox_table(database_->dialect())}};
}

void sql_conformance::make_tables() {
  database_->migrate(tables());
}

result<void> sql_conformance::insert(const std::string& id, std::int64_t n) {
  return run(database_->write(ctx_, [id, n](soci::session& session) -> result<void> {
    session << "INSERT INTO counters (id, n) VALUES (:id, :n)", soci::use(id), soci::use(n);
    return {};
  }));
}

std::int64_t sql_conformance::count() {
  return run(database_->read(ctx_,
                             [](soci::session& session) -> result<std::int64_t> {
                               std::int64_t n = 0;
                               session << "SELECT count(*) FROM counters", soci::into(n);
                               return n;
                             }))
      .value();
}

std::int64_t sql_conformance::value_of(const std::string& id) {
  return run(database_->read(ctx_,
                             [id](soci::session& session) -> result<std::int64_t> {
                               std::int64_t n = -1;
                               session << "SELECT n FROM counters WHERE id = :id", soci::use(id),
                                   soci::into(n);
                               return n;
                             }))
      .value();
}

std::string sql_conformance::migrating(const std::vector<migration>& history) {
  try {
    database_->migrate(history);
    return {};
  } catch (const std::runtime_error& e) {
    return e.what();
  }
}

std::string sql_conformance::for_update() const {
  return database_->dialect() == dialect::sqlite ? "" : " FOR UPDATE";
}

}  // namespace oficio::sql::conformance
