#pragma once

#include <filesystem>

#include "platform/config/settings.hpp"

namespace oficio::app {

// A data folder in the making, inside the one that it will become. What an earlier run left of it
// is thrown away at the beginning, and what is not put in place goes at the end.
class fresh_data {
 public:
  // Throws config::wrong_setting if a part does not live in a file below the data folder.
  explicit fresh_data(const config::settings& s);
  ~fresh_data();
  fresh_data(const fresh_data&) = delete;
  fresh_data& operator=(const fresh_data&) = delete;

  // Whether the data folder has accounts. Blocks.
  bool has_people() const;

  // The settings with the new folder for the old one.
  const config::settings& settings() const { return settings_; }

  // Moves the files over the old ones, the accounts last: until those are there, the market counts
  // as empty. Nobody may have either open. Throws std::filesystem::filesystem_error.
  void put_in_place();

 private:
  config::settings settings_;
  std::filesystem::path data_;
  std::filesystem::path fresh_;
};

}  // namespace oficio::app
