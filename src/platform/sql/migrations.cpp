#include "platform/sql/migrations.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <openssl/evp.h>
#include <soci/soci.h>

#include "platform/base/random.hpp"
#include "platform/sql/stepwise.hpp"

namespace oficio::sql {
namespace {

struct applied {
  std::string name;
  std::string checksum;
};

std::string_view trim(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Without the comment lines in front of it.
std::string_view without_comments(std::string_view statement) {
  statement = trim(statement);
  while (statement.starts_with("--")) {
    auto end = statement.find('\n');
    if (end == std::string_view::npos) return {};
    statement = trim(statement.substr(end));
  }
  return statement;
}

void check_numbers(const std::vector<migration>& history) {
  int last = 0;
  for (const auto& m : history) {
    if (m.number <= last) {
      throw std::runtime_error(label(m) + " is out of order: the one before has number " +
                               std::to_string(last));
    }
    last = m.number;
  }
}

std::map<int, applied> read_applied(soci::session& session) {
  std::map<int, applied> out;
  int number = 0;
  applied one;
  soci::statement rows = (session.prepare << "SELECT number, name, checksum FROM schema_migrations",
                          soci::into(number), soci::into(one.name), soci::into(one.checksum));
  rows.execute();
  while (rows.fetch()) out.emplace(number, one);
  return out;
}

void check_known(const std::map<int, applied>& done, const std::vector<migration>& history) {
  for (const auto& [number, was] : done) {
    bool known = false;
    for (const auto& m : history) known = known || m.number == number;
    if (known) continue;
    throw std::runtime_error("the database has migration " + std::to_string(number) + " \"" +
                             was.name + "\", which this program does not know: it is older than " +
                             "the one that made it");
  }
}

void apply(soci::session& session, const migration& m, const migration_ways& ways) {
  auto statements = split_statements(m.statements);
  if (ways.dress) std::ranges::transform(statements, statements.begin(), ways.dress);
  if (ways.done_before) return apply_stepwise(session, m, statements, ways.done_before);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    try {
      session << statements[i];
    } catch (const soci::soci_error& e) {
      failed_statement(m, i, statements[i], e);
    }
  }
  mark_applied(session, m);
}

// Under the lock: another process may have applied it while we waited.
void apply_once(soci::session& session, const migration& m, const std::vector<migration>& history,
                const migration_ways& ways) {
  auto done = read_applied(session);
  check_known(done, history);
  auto found = done.find(m.number);
  if (found == done.end()) return apply(session, m, ways);
  if (found->second.checksum != checksum(m)) {
    throw std::runtime_error(label(m) + " was changed after it had been applied: its checksum is " +
                             checksum(m) + ", the database has " + found->second.checksum);
  }
}

void make_tables(soci::session& session, const migration_ways& ways) {
  std::string table =
      "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER NOT NULL PRIMARY KEY, "
      "name VARCHAR(200) NOT NULL, checksum VARCHAR(64) NOT NULL, "
      "applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";
  session << (ways.dress ? ways.dress(table) : table);
  if (ways.done_before) make_steps_table(session, ways.dress);
}

template <class Step>
void locked(const migration_lock& lock, Step step) {
  lock.begin();
  try {
    step();
    lock.commit();
  } catch (...) {
    lock.rollback();
    throw;
  }
}

}  // namespace

std::string label(const migration& m) {
  return "migration " + std::to_string(m.number) + " \"" + m.name + "\"";
}

void failed_statement(const migration& m, std::size_t i, const std::string& statement,
                      const soci::soci_error& e) {
  auto head = statement.substr(0, statement.find('\n')).substr(0, 60);
  throw std::runtime_error(label(m) + " failed at statement " + std::to_string(i + 1) + " (" +
                           head + " …): " + e.get_error_message());
}

void mark_applied(soci::session& session, const migration& m) {
  auto sum = checksum(m);  // a temporary would end before the statement runs
  session << "INSERT INTO schema_migrations (number, name, checksum) VALUES (:n, :name, :sum)",
      soci::use(m.number), soci::use(m.name), soci::use(sum);
}

std::vector<std::string> split_statements(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto end = text.find(";\n");
    auto statement = without_comments(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
    if (text.empty() && statement.ends_with(';')) {
      statement = trim(statement.substr(0, statement.size() - 1));
    }
    if (!statement.empty()) out.emplace_back(statement);
  }
  return out;
}

std::string checksum(const migration& m) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(m.statements.data(), m.statements.size(), digest.data(), &size, EVP_sha256(),
                 nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

void apply_migrations(soci::session& session, const std::vector<migration>& history,
                      const migration_lock& lock, const migration_ways& ways) {
  check_numbers(history);
  try {
    locked(lock, [&] { make_tables(session, ways); });
    for (const auto& m : history) {
      locked(lock, [&] { apply_once(session, m, history, ways); });
    }
  } catch (const soci::soci_error& e) {
    throw std::runtime_error("the database cannot be migrated: " + e.get_error_message());
  }
}

}  // namespace oficio::sql
