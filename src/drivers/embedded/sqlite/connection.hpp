#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace oficio::embedded {

// SQLite said no. `code` is its extended result code (2067 is a broken UNIQUE index, 1555 a primary
// key); what() is its message.
class sqlite_error : public std::runtime_error {
 public:
  sqlite_error(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }
  bool is_unique_violation() const { return code_ == 2067 || code_ == 1555; }

 private:
  int code_;
};

// A prepared statement in use: bind, then step row by row. It goes back to its connection's cache,
// reset, when it is destroyed, which must be before the connection is. Parameters and columns count
// from 1 and 0, as SQLite's do.
class statement {
 public:
  // `lent` is the cache's mark, taken off when this ends; without one the statement is its own and
  // is finalized.
  statement(sqlite3_stmt* handle, bool* lent) : handle_(handle), lent_(lent) {}
  ~statement();
  statement(statement&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)), lent_(other.lent_) {}
  statement& operator=(statement&&) = delete;

  statement& bind(int parameter, std::int64_t v);
  statement& bind(int parameter, double v);
  statement& bind(int parameter, std::string_view v);  // copied
  statement& bind(int parameter, const char* v) { return bind(parameter, std::string_view(v)); }
  statement& bind(int parameter, std::nullptr_t);
  template <class T>
  statement& bind(int parameter, const std::optional<T>& v) {
    return v ? bind(parameter, *v) : bind(parameter, nullptr);
  }

  bool step();  // true: a row is there. Throws sqlite_error.
  void run() {
    while (step()) {
    }
  }

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;

 private:
  sqlite3_stmt* handle_;
  bool* lent_;
};

enum class open_mode { read_only, read_write };

// One SQLite connection in WAL mode, durable against power loss (synchronous=FULL). Used by one
// thread at a time.
class connection {
 public:
  // Throws sqlite_error. read_write creates the file and its folders.
  connection(const std::string& path, open_mode mode);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  void execute(const std::string& sql);  // one or more statements without parameters
  // Cached by its text; a text that is in use already gets a statement of its own.
  statement prepare(std::string_view sql);
  std::int64_t changes() const;  // rows that the last statement changed
  std::int64_t last_insert_id() const;
  sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
  struct cached {
    sqlite3_stmt* handle;
    bool lent;
  };
  sqlite3_stmt* compile(std::string_view sql) const;
  void make_room();

  std::unordered_map<std::string, cached> statements_;  // its elements stay where they are
};

}  // namespace oficio::embedded
