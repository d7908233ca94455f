#include "app/market/data_lock.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "platform/config/settings.hpp"

namespace oficio::app {
namespace {

std::string lock_of(const std::string& folder) {
  return (std::filesystem::path(folder) / "lock").string();
}

std::string taken_folder(const std::string& folder) {
  return "another Oficio runs on " + folder +
         "; stop it first (./oficio stop), or use another folder: --data DIR";
}

}  // namespace

data_lock::data_lock(const std::string& path, int how, const std::string& setting,
                     const std::string& taken) {
  std::error_code failed;
  auto folder = std::filesystem::path(path).parent_path();
  std::filesystem::create_directories(folder, failed);
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) {
    throw config::wrong_setting(setting + ": cannot use " + folder.string() + " (" +
                                std::strerror(errno) + ")");
  }
  if (::flock(file_, how | LOCK_NB) != 0) {
    ::close(file_);
    throw config::wrong_setting(setting + ": " + taken);
  }
}

data_lock data_lock::alone(const std::string& folder) {
  return {lock_of(folder), LOCK_EX, "data", taken_folder(folder)};
}

data_lock data_lock::together(const std::string& folder) {
  return {lock_of(folder), LOCK_SH, "data", taken_folder(folder)};
}

data_lock data_lock::of_file(const std::string& setting, const std::string& file) {
  return {file + ".lock", LOCK_EX, setting,
          "another process uses " + file + "; several processes of a service need a server"};
}

data_lock::data_lock(data_lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

data_lock::~data_lock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace oficio::app
