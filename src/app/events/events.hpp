#pragma once

#include <string>

#include "platform/config/settings.hpp"

namespace oficio::app {

// What `oficio events` does: shows what a running market could not handle, or has it handled again.
// Errors are told on standard error.
struct events_command {
  std::string url;  // of the market; empty: http://127.0.0.1:PORT
  bool replay = false;
  std::string id;     // of the event to replay; empty: all that are shown
  std::string queue;  // only there; empty: wherever it rests
};
// Gives the program's exit status. `token` is an operator's. Throws config::wrong_setting.
int run_events_command(const config::settings& s, const events_command& command, std::string token);

}  // namespace oficio::app
