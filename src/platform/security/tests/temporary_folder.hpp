#pragma once

#include <filesystem>
#include <string>

#include "platform/base/random.hpp"

namespace oficio::security {

// A folder for one test, gone with it.
class temporary_folder {
 public:
  temporary_folder()
      : path_(std::filesystem::temp_directory_path() / ("oficio-security-" + random_hex(8))) {
    std::filesystem::create_directory(path_);
  }
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace oficio::security
