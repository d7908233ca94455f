#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/sql/migrations.hpp"

// Migrations where a change of the schema cannot be undone: each statement is kept count of.
namespace oficio::sql {

std::string label(const migration& m);
void mark_applied(soci::session& session, const migration& m);
// Throws the std::runtime_error that says so; `i` counts from 0.
[[noreturn]] void failed_statement(const migration& m, std::size_t i, const std::string& statement,
                                   const soci::soci_error& e);

void make_steps_table(soci::session& session, const std::function<std::string(std::string)>& dress);

// Goes on behind the statement where an earlier try was interrupted, if one was. Under the lock.
void apply_stepwise(soci::session& session, const migration& m,
                    const std::vector<std::string>& statements,
                    const std::function<bool(const soci::soci_error&)>& done_before);

}  // namespace oficio::sql
