#include "app/market/data_lock.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "platform/config/settings.hpp"

namespace oficio::app {

data_lock::data_lock(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  auto path = std::filesystem::path(folder) / "lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) {
    throw config::wrong_setting("data: cannot use " + folder + " (" + std::strerror(errno) + ")");
  }
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw config::wrong_setting(
        "data: another Oficio runs on " + folder +
        "; stop it first (./oficio stop), or use another folder: --data DIR");
  }
}

data_lock::~data_lock() {
  ::close(file_);
}

}  // namespace oficio::app
