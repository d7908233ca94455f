#include "drivers/embedded/sqlite/connection.hpp"

#include <filesystem>

#include <sqlite3.h>

namespace oficio::embedded {
namespace {

[[noreturn]] void fail(sqlite3* handle) {
  throw sqlite_error(sqlite3_extended_errcode(handle), sqlite3_errmsg(handle));
}

void check(sqlite3_stmt* s, int code) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(s));
}

}  // namespace

statement::~statement() {
  if (!handle_) return;
  if (!lent_) {
    sqlite3_finalize(handle_);
    return;
  }
  *lent_ = false;
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

statement& statement::bind(int parameter, std::int64_t v) {
  check(handle_, sqlite3_bind_int64(handle_, parameter, v));
  return *this;
}

statement& statement::bind(int parameter, double v) {
  check(handle_, sqlite3_bind_double(handle_, parameter, v));
  return *this;
}

statement& statement::bind(int parameter, std::string_view v) {
  check(handle_, sqlite3_bind_text64(handle_, parameter, v.data() ? v.data() : "", v.size(),
                                     SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

statement& statement::bind(int parameter, std::nullptr_t) {
  check(handle_, sqlite3_bind_null(handle_, parameter));
  return *this;
}

bool statement::step() {
  int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(handle_));
}

bool statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}
std::int64_t statement::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}
double statement::real(int column) const {
  return sqlite3_column_double(handle_, column);
}

std::string statement::text(int column) const {
  auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

connection::connection(const std::string& path, open_mode mode) {
  bool writes = mode == open_mode::read_write;
  if (auto folder = std::filesystem::path(path).parent_path(); writes && !folder.empty()) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw sqlite_error(SQLITE_CANTOPEN, path + ": " + failure.message());
  }
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
              (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  if (int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr); code != SQLITE_OK) {
    std::string why = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    sqlite3_close(handle_);
    throw sqlite_error(code, path + ": " + why);
  }
  sqlite3_busy_timeout(handle_, 5'000);
  try {
    if (writes) execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    // No memory map: it would count a large file as the process's memory, once a connection, and an
    // unreadable disk would end the process instead of failing a call.
    execute("PRAGMA foreign_keys=ON; PRAGMA cache_size=-4096; PRAGMA mmap_size=0;");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

connection::~connection() {
  for (auto& [sql, entry] : statements_) sqlite3_finalize(entry.handle);
  sqlite3_close(handle_);
}

void connection::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_);
}

statement connection::prepare(std::string_view sql) {
  std::string text(sql);
  auto found = statements_.find(text);
  if (found == statements_.end()) {
    make_room();
    auto* handle = compile(text);
    found = statements_.emplace(std::move(text), cached{handle, false}).first;
  } else if (found->second.lent) {
    return {compile(text), nullptr};
  }
  found->second.lent = true;
  return {found->second.handle, &found->second.lent};
}

sqlite3_stmt* connection::compile(std::string_view sql) const {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK) {
    fail(handle_);
  }
  return handle;
}

// Texts are few, but a filter with many shapes could make them many: then start afresh.
void connection::make_room() {
  if (statements_.size() < 256) return;
  std::erase_if(statements_, [](const auto& entry) {
    if (entry.second.lent) return false;
    sqlite3_finalize(entry.second.handle);
    return true;
  });
}

std::int64_t connection::changes() const {
  return sqlite3_changes64(handle_);
}
std::int64_t connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle_);
}

}  // namespace oficio::embedded
