#pragma once

#include <string>

namespace oficio::app {

// The right to use a data folder: one process at a time. Ends with the process, however that ends.
class data_lock {
 public:
  // Makes the folder if it is not there. Throws config::wrong_setting if another process has it,
  // or if it cannot be used.
  explicit data_lock(const std::string& folder);
  ~data_lock();
  data_lock(const data_lock&) = delete;
  data_lock& operator=(const data_lock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace oficio::app
