#include "app/market/fresh_data.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "drivers/embedded/sqlite/connection.hpp"

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

}  // namespace

fresh_data::fresh_data(const config::settings& s)
    : settings_(s), data_(s.text("data")), fresh_(data_ / folder_name) {
  for (const auto* part : keyed_parts) {
    auto file = file_of(s, part);
    bool inside = file.is_relative() && std::ranges::find(file, "..") == file.end();
    if (!inside) {
      throw config::wrong_setting(std::string(part) +
                                  ": samples are made only where all files are in the data folder");
    }
  }
  fs::remove_all(fresh_);
  fs::create_directories(fresh_);
  // The keys that are there stay in force.
  if (fs::exists(data_ / "keys"))
    fs::copy(data_ / "keys", fresh_ / "keys", fs::copy_options::recursive);
  settings_.set("data", fresh_.string(), "samples");
}

fresh_data::~fresh_data() {
  std::error_code ignored;
  fs::remove_all(fresh_, ignored);
}

bool fresh_data::has_people() const {
  auto accounts = data_ / file_of(settings_, "auth.database");
  if (!fs::exists(accounts)) return false;
  try {
    embedded::connection c(accounts.string(), embedded::open_mode::read_only);
    auto found = c.prepare("SELECT EXISTS (SELECT 1 FROM accounts)");
    return found.step() && found.integer(0) != 0;
  } catch (const embedded::sqlite_error&) {
    return false;  // a file that was begun and never migrated
  }
}

void fresh_data::put_in_place() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fresh_)) files.push_back(entry.path().filename());
  auto accounts = file_of(settings_, "auth.database");
  std::ranges::partition(files, [&](const fs::path& one) { return one != accounts; });
  for (const auto& one : files) {
    if (one == "keys" && fs::exists(data_ / one)) continue;
    if (one == "lock") continue;
    remove_side_files(data_ / one);
    fs::rename(fresh_ / one, data_ / one);
  }
}

}  // namespace oficio::app
