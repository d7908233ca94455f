#include "platform/sql/stepwise.hpp"

#include <optional>
#include <stdexcept>

#include <soci/soci.h>

namespace oficio::sql {
namespace {

enum class kind { asks, changes_rows, changes_schema };

kind kind_of(const std::string& statement) {
  auto word = statement.substr(0, statement.find_first_of(" \n\t("));
  for (auto& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (word == "SELECT") return kind::asks;
  bool rows = word == "INSERT" || word == "UPDATE" || word == "DELETE" || word == "REPLACE";
  return rows ? kind::changes_rows : kind::changes_schema;
}

// How far a migration came: `done` statements, and perhaps the one behind, which was begun.
struct progress {
  std::string checksum;
  int done = 0;
  int begun = 0;
};

class steps {
 public:
  steps(soci::session& session, const migration& m) : session_(session), number_(m.number) {
    progress found;
    session_ << "SELECT checksum, done, begun FROM schema_migration_steps WHERE number = :n",
        soci::use(number_), soci::into(found.checksum), soci::into(found.done),
        soci::into(found.begun);
    if (session_.got_data()) kept_ = found;
    sum_ = checksum(m);
  }

  const std::optional<progress>& kept() const { return kept_; }
  const std::string& sum() const { return sum_; }

  void keep(int done, int begun) {
    if (done == 0 && begun == 0) return forget();
    session_ << "REPLACE INTO schema_migration_steps (number, checksum, done, begun) VALUES "
                "(:n, :sum, :done, :begun)",
        soci::use(number_), soci::use(sum_), soci::use(done), soci::use(begun);
  }
  void forget() {
    session_ << "DELETE FROM schema_migration_steps WHERE number = :n", soci::use(number_);
  }

 private:
  soci::session& session_;
  const int number_;
  std::string sum_;
  std::optional<progress> kept_;
};

void check_same_text(const migration& m, const steps& kept,
                     const std::vector<std::string>& statements) {
  if (!kept.kept() || kept.kept()->checksum == kept.sum()) return;
  throw std::runtime_error(
      label(m) + " was interrupted after " + std::to_string(kept.kept()->done) +
      " of its statements, and its text has changed since (it has " +
      std::to_string(statements.size()) + " now): finish it with the version of the program that " +
      "began it, or restore the database from before");
}

void change_schema(soci::session& session, steps& kept, int i, int last_change,
                   const std::string& statement,
                   const std::function<bool(const soci::soci_error&)>& done_before) {
  bool again = kept.kept() && kept.kept()->begun == i + 1;
  kept.keep(i, i + 1);
  try {
    session << statement;
  } catch (const soci::soci_error& e) {
    if (again && done_before(e)) return;
    // A server that could say what is wrong has not done it. One that could not has to be asked
    // again, and this throws too.
    kept.keep(last_change, last_change);
    throw;
  }
}

}  // namespace

void make_steps_table(soci::session& session,
                      const std::function<std::string(std::string)>& dress) {
  std::string table =
      "CREATE TABLE IF NOT EXISTS schema_migration_steps (number INTEGER NOT NULL PRIMARY KEY, "
      "checksum VARCHAR(64) NOT NULL, done INTEGER NOT NULL, begun INTEGER NOT NULL)";
  session << (dress ? dress(table) : table);
}

void apply_stepwise(soci::session& session, const migration& m,
                    const std::vector<std::string>& statements,
                    const std::function<bool(const soci::soci_error&)>& done_before) {
  steps kept(session, m);
  check_same_text(m, kept, statements);
  int done = kept.kept() ? kept.kept()->done : 0;
  int last_change = done;  // asking leaves nothing that would have to be gone on from
  for (std::size_t i = static_cast<std::size_t>(done); i < statements.size(); ++i) {
    try {
      auto what = kind_of(statements[i]);
      if (what == kind::changes_schema) {
        change_schema(session, kept, static_cast<int>(i), last_change, statements[i], done_before);
      }
      session.begin();
      if (what != kind::changes_schema) session << statements[i];
      if (what != kind::asks) {
        last_change = static_cast<int>(i) + 1;
        kept.keep(last_change, last_change);
      }
      session.commit();
    } catch (const soci::soci_error& e) {
      failed_statement(m, i, statements[i], e);
    }
  }
  session.begin();
  mark_applied(session, m);
  kept.forget();
  session.commit();
}

}  // namespace oficio::sql
