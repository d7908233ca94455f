#pragma once

#include <filesystem>

#include "platform/base/random.hpp"

namespace oficio::embedded {

// A folder that goes with the test.
class temporary {
 public:
  temporary() : path_(std::filesystem::temp_directory_path() / ("oficio-" + random_hex(8))) {
    std::filesystem::create_directories(path_);
  }
  ~temporary() { std::filesystem::remove_all(path_); }
  temporary(const temporary&) = delete;
  temporary& operator=(const temporary&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace oficio::embedded
