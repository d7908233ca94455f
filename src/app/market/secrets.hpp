#pragma once

#include <string>
#include <vector>

#include "platform/config/settings.hpp"

namespace oficio::app {

// The keys that processes sign and seal with. A market in one process makes those that are not set,
// and keeps them in DATA/keys; of several processes each must be given the same ones. All throw
// config::wrong_setting with one line that names the setting.
class secrets {
 public:
  // `who` needs them ("serve auth"); empty: what is not set is made.
  secrets(const config::settings& s, std::string who);

  // 32 bytes of the setting's text. `name` is the file in DATA/keys.
  std::string one(const std::string& setting, const std::string& name) const;
  // The first signs and all verify: several stand comma-separated while keys are changed.
  std::vector<std::string> several(const std::string& setting, const std::string& name) const;

  // DATA/keys/NAME; makes the folder.
  std::string file(const std::string& name) const;

 private:
  const config::settings& settings_;
  std::string who_;
};

}  // namespace oficio::app
