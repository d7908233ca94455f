#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include <soci/session.h>

#include "platform/sql/database.hpp"
#include "platform/sql/migrations.hpp"

namespace oficio::sql {

// What a server's refusal means to whoever asked, whatever the server calls it.
enum class trouble {
  duplicate,  // of a unique key; detail names the key, never the value
  again,      // the transaction was undone for the sake of another (a deadlock): begin it again
  late,       // a statement or a wait for a lock took longer than it may
  busy,       // the server is there and cannot serve us now: it is full, read-only or stopping
  lost,       // the connection is gone
  text,       // a text that the server cannot keep
  other
};

struct problem {
  trouble what = trouble::other;
  std::string detail;  // one line
};

// One session with a server. Used by one thread at a time; every call blocks, and throws
// soci::soci_error unless it says otherwise.
class connection {
 public:
  connection() = default;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  virtual ~connection();

  virtual soci::session& session() = 0;
  // The first thing to be called. Throws connect_failure.
  virtual void set_up() = 0;
  // No statement from now on may work for much longer than that.
  virtual void limit(std::chrono::milliseconds left) = 0;
  virtual void begin(std::chrono::milliseconds left) = 0;
  virtual void commit() { session().commit(); }
  virtual void rollback() { session().rollback(); }
  virtual void migrate(const std::vector<migration>& history) = 0;
  // Never quotes a parameter: it may be secret.
  virtual problem judge(const soci::soci_error& e) = 0;

  // Cuts the connection, from any thread: who waits for an answer gets an error at once.
  void cut();

 protected:
  // To be called when connected. We keep a descriptor of our own: the library may close its own in
  // the middle of a call, and the number would then be somebody else's.
  void keep_socket(int descriptor);

 private:
  int socket_ = -1;
};

class connect_failure : public std::runtime_error {
 public:
  // `hopeless`: trying again with the same settings would not help.
  connect_failure(const std::string& why, bool hopeless);

  bool hopeless() const { return hopeless_; }

 private:
  bool hopeless_;
};

// How sessions with a server are made.
class server {
 public:
  // How long connect() may take. Libraries measure it in whole seconds.
  static constexpr std::chrono::seconds connect_patience{5};

  virtual ~server() = default;
  virtual sql::dialect dialect() const = 0;
  // For problems: where it is, without credentials.
  virtual std::string shown() const = 0;
  // Blocks. Throws connect_failure.
  virtual std::unique_ptr<connection> connect() = 0;
};

// That patience or somewhat more, in steps that seldom change from one call to the next: telling
// the server costs a round trip.
std::chrono::seconds in_steps(std::chrono::milliseconds patience);

// Without line breaks.
std::string one_line(std::string text);

}  // namespace oficio::sql
