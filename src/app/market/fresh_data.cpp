#include "app/market/fresh_data.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/base/uuid.hpp"

namespace oficio::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* folder_name = "samples.new";
constexpr std::array keyed_parts{
    "auth.database",    "users.database", "gigs.database", "chat.database", "orders.database",
    "reviews.database", "events",         "search",        "mail",          "payments"};

// What SQLite keeps beside a database while it is open. One that a killed process left belongs to
// the old file and would spoil a new one.
void remove_side_files(const fs::path& database) {
  fs::remove(database.string() + "-wal");
  fs::remove(database.string() + "-shm");
}

fs::path file_of(const config::settings& s, const char* part) {
  return config::parse_address(part, s.text(part)).rest;
}

void sync_file(const fs::path& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool kept = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!kept) throw std::runtime_error(path.string() + " cannot be written");
}

// Everything in the folder is on the disk.
void sync_all(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) sync_file(entry.path());
  sync_file(folder);
}

void make_folder(const fs::path& folder) {
  fs::remove_all(folder);
  if (!fs::create_directory(folder)) throw std::runtime_error(folder.string() + " cannot be made");
  fs::permissions(folder, fs::perms::owner_all);
}

// A folder in memory that only we can read, or nothing. Its name belongs to the data folder, so
// that the next run finds what a killed one left.
std::optional<fs::path> folder_in_memory(const fs::path& data, std::uintmax_t bytes) {
  try {
    const fs::path memory = "/dev/shm";
    auto folder = memory / ("oficio-" + uuid_v5(fs::canonical(data).string()));
    fs::remove_all(folder);
    if (fs::space(memory).available < 2 * bytes) return std::nullopt;
    make_folder(folder);
    return folder;
  } catch (const std::exception&) {
    return std::nullopt;  // there is no such thing here
  }
}

}  // namespace

fresh_data::fresh_data(const config::settings& s, std::uintmax_t expected_bytes)
    : settings_(s), data_(s.text("data")), fresh_(data_ / folder_name) {
  for (const auto* part : keyed_parts) {
    auto file = file_of(s, part);
    bool inside = file.is_relative() && std::ranges::find(file, "..") == file.end();
    if (!inside) {
      throw config::wrong_setting(std::string(part) +
                                  ": samples are made only where all files are in the data folder");
    }
  }
  make_folder(fresh_);
  making_ = folder_in_memory(data_, expected_bytes).value_or(fresh_);
  // The keys that are there stay in force.
  if (fs::exists(data_ / "keys")) {
    fs::copy(data_ / "keys", making_ / "keys", fs::copy_options::recursive);
  }
  settings_.set("data", making_.string(), "samples");
  // One happening comes after the other: more threads would only hand the work to and fro.
  settings_.set("io_threads", "1", "samples");
  settings_.set("blocking_threads", "1", "samples");
}

fresh_data::~fresh_data() {
  std::error_code ignored;
  fs::remove_all(making_, ignored);
  fs::remove_all(fresh_, ignored);
}

bool fresh_data::has_people() const {
  return finds("username <> :1", "");
}

bool fresh_data::has_person(const std::string& username) const {
  return finds("username_key = :1", username);
}

bool fresh_data::finds(const std::string& condition, const std::string& parameter) const {
  auto accounts = data_ / file_of(settings_, "auth.database");
  if (!fs::exists(accounts)) return false;
  try {
    embedded::connection c(accounts.string(), embedded::open_mode::read_only);
    auto found = c.prepare("SELECT 1 FROM accounts WHERE " + condition + " LIMIT 1");
    found.bind(1, parameter);
    return found.step();
  } catch (const embedded::sqlite_error&) {
    return false;  // a file that was begun and never migrated
  }
}

void fresh_data::put_in_place() {
  if (making_ != fresh_) fs::copy(making_, fresh_, fs::copy_options::recursive);
  sync_all(fresh_);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fresh_)) files.push_back(entry.path().filename());
  auto accounts = file_of(settings_, "auth.database");
  std::ranges::partition(files, [&](const fs::path& one) { return one != accounts; });
  for (const auto& one : files) {
    if (one == "keys" && fs::exists(data_ / one)) {
      // Those that are there stay in force, and what was made has no other.
      fs::copy(fresh_ / one, data_ / one,
               fs::copy_options::recursive | fs::copy_options::skip_existing);
      continue;
    }
    if (one == "lock") continue;
    remove_side_files(data_ / one);
    fs::rename(fresh_ / one, data_ / one);
  }
  sync_file(data_);
}

}  // namespace oficio::app
