#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "platform/config/settings.hpp"

namespace oficio::app {

// A data folder in the making, in memory if it fits there (what is half done need not outlive the
// power), else inside the one that it will become. What an earlier run left of it is thrown away at
// the beginning, and what is not put in place goes at the end.
class fresh_data {
 public:
  // Throws config::wrong_setting if a part does not live in a file below the data folder.
  // `expected_bytes` is how large it will be.
  fresh_data(const config::settings& s, std::uintmax_t expected_bytes);
  ~fresh_data();
  fresh_data(const fresh_data&) = delete;
  fresh_data& operator=(const fresh_data&) = delete;

  // Whether the data folder has accounts, and whether it has that one. Block.
  bool has_people() const;
  bool has_person(const std::string& username) const;

  // The settings with the new folder for the old one.
  const config::settings& settings() const { return settings_; }

  // Moves the files over the old ones, the accounts last: until those are there, the market counts
  // as empty. Nobody may have either open. Throws std::filesystem::filesystem_error.
  void put_in_place();

 private:
  bool finds(const std::string& condition, const std::string& parameter) const;

  config::settings settings_;
  std::filesystem::path data_;
  std::filesystem::path fresh_;   // beside the old files, on their file system
  std::filesystem::path making_;  // where it is made
};

}  // namespace oficio::app
