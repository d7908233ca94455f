#include "drivers/mysql/session.hpp"

#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

#include "drivers/mysql/errors.hpp"

namespace oficio::mysql {
namespace {

constexpr int migration_lock_seconds = 120;

// In the locks' name space, which is the whole server's: a lock for each database.
constexpr auto lock_name = "CONCAT('oficio-migrate-', MD5(DATABASE()))";

class server_session final : public sql::connection {
 public:
  explicit server_session(const std::string& soci_text) : session_(soci::mysql, soci_text) {
    handle_ = static_cast<soci::mysql_session_backend*>(session_.get_backend())->conn_;
    // A server may otherwise ask for any file of ours.
    unsigned never = 0;
    mysql_optionsv(handle_, MYSQL_OPT_LOCAL_INFILE, &never);
    keep_socket(static_cast<int>(mysql_get_socket(handle_)));
  }

  soci::session& session() override { return session_; }

  void set_up() override {
    try {
      prepare();
    } catch (const soci::mysql_soci_error& e) {
      throw sql::connect_failure(e.get_error_message(), refuses_us(e));
    }
  }

  // Whole seconds, and only when they change: most calls have the same patience.
  void limit(std::chrono::milliseconds left) override {
    auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
    if (seconds == limit_) return;
    auto text = std::to_string(seconds);
    // MySQL stops only a SELECT that takes too long; of the others only their waiting is bounded.
    session_ << "SET SESSION innodb_lock_wait_timeout = " + text +
                    ", SESSION lock_wait_timeout = " + text +
                    (maria_ ? ", SESSION max_statement_time = " + text
                            : ", SESSION max_execution_time = " + text + "000");
    limit_ = seconds;
  }

  void begin(std::chrono::milliseconds left) override {
    limit(left);
    session_.begin();
  }

  void migrate(const std::vector<sql::migration>& history) override {
    sql::apply_migrations(
        session_, history,
        {.begin = [this] { take_lock(); },
         .commit = [this] { release_lock(); },
         .rollback = [this] { give_up(); }},
        {.dress = [this](std::string statement) { return dressed(std::move(statement)); },
         .done_before = is_there_already});
  }

  sql::problem judge(const soci::soci_error& e) override { return judged(e); }

 private:
  void prepare() {
    std::string version = mysql_get_server_info(handle_);
    maria_ = version.find("MariaDB") != std::string::npos;
    // Texts are equal when their bytes are, blanks at the end included.
    collation_ = maria_ ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
    session_ << "SET NAMES utf8mb4 COLLATE " + collation_;
    session_ << "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,"
                "ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE', "
                "SESSION time_zone = '+00:00', SESSION wait_timeout = 900, SESSION autocommit = 1";
    session_ << "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
    std::string read_only;
    session_ << "SELECT @@global.read_only", soci::into(read_only);
    if (read_only != "0" && read_only != "OFF")
      throw sql::connect_failure("the server can only be read", false);
  }

  void take_lock() {
    int taken = 0;
    soci::indicator known = soci::i_ok;
    session_ << "SELECT GET_LOCK(" << lock_name << ", " << migration_lock_seconds << ")",
        soci::into(taken, known);
    if (known != soci::i_ok || taken != 1) {
      throw std::runtime_error("another program has been migrating this database for " +
                               std::to_string(migration_lock_seconds) + " s");
    }
  }

  void release_lock() { session_ << "DO RELEASE_LOCK(" << lock_name << ")"; }

  // Neither throws: a connection that is gone holds neither.
  void give_up() {
    try {
      session_.rollback();
      release_lock();
    } catch (const soci::soci_error&) {
    }
  }

  std::string dressed(std::string statement) const {
    if (!statement.starts_with("CREATE TABLE ")) return statement;
    return statement + " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE " + collation_;
  }

  soci::session session_;
  MYSQL* handle_ = nullptr;
  bool maria_ = false;
  std::string collation_;
  std::int64_t limit_ = -1;
};

}  // namespace

std::unique_ptr<sql::connection> open_session(const std::string& soci_text) {
  try {
    return std::make_unique<server_session>(soci_text);
  } catch (const soci::mysql_soci_error& e) {
    throw sql::connect_failure(e.get_error_message(), refuses_us(e));
  } catch (const soci::soci_error& e) {
    throw sql::connect_failure(e.get_error_message(), true);
  }
}

}  // namespace oficio::mysql
