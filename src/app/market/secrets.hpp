#pragma once

#include <string>
#include <vector>

#include "platform/config/settings.hpp"

namespace oficio::app {

// The keys that processes sign and seal with: those that are set, or that are in DATA/keys. A
// market in one process makes there what is missing; of several processes each must be given the
// same. All throw config::wrong_setting with one line that names the setting.
class secrets {
 public:
  // `who` needs them ("serve auth"); empty: what is missing is made.
  secrets(const config::settings& s, std::string who);

  // 32 bytes of the setting's text. `name` is the file in DATA/keys.
  std::string one(const std::string& setting, const std::string& name) const;
  // The first signs and all verify: several stand comma-separated while keys are changed.
  std::vector<std::string> several(const std::string& setting, const std::string& name) const;

  // Those of DATA/keys/access, where they were before they were in auth's database. Empty: none.
  std::string signing_keys_of_before() const;

 private:
  std::string file(const std::string& name) const;  // DATA/keys/NAME
  const config::settings& settings_;
  std::string who_;
};

}  // namespace oficio::app
