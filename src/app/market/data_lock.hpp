#pragma once

#include <string>

namespace oficio::app {

// The right to use files of a data folder. Ends with the process, however that ends.
class data_lock {
 public:
  // The whole folder: for one process alone, or together with others that share it, each with
  // files of its own in it. Makes the folder if it is not there. Throws config::wrong_setting if
  // others have it, or if it cannot be used.
  static data_lock alone(const std::string& folder);
  static data_lock together(const std::string& folder);
  // One part's file in it, for one process alone. `setting` names the part.
  static data_lock of_file(const std::string& setting, const std::string& file);

  ~data_lock();
  data_lock(data_lock&& other) noexcept;
  data_lock& operator=(data_lock&&) = delete;

 private:
  data_lock(const std::string& path, int how, const std::string& setting, const std::string& taken);

  int file_ = -1;
};

}  // namespace oficio::app
