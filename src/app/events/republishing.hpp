#pragma once

#include <string>

#include "platform/config/settings.hpp"

namespace oficio::app {

// What `oficio republish` does: a service (or "all" of them) tells its facts again, so that the
// others rebuild their copies of them.
struct republish_command {
  std::string service;
  std::string url;  // of the market; empty: http://127.0.0.1:PORT
};
// Gives the program's exit status. `token` is an operator's. Throws config::wrong_setting.
int run_republish_command(const config::settings& s, const republish_command& command,
                          std::string token);

}  // namespace oficio::app
