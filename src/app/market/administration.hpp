#pragma once

#include <string>

#include "platform/config/settings.hpp"

// What those who run a market do beside it, while it runs or not: in auth's database, wherever that
// is. All throw std::runtime_error with one clear line where they cannot; the first two say on
// standard output what they did, and give the exit status.
namespace oficio::app {

// Adds a signing key; the old one verifies until its tokens have ended.
int rotate_keys(const config::settings& settings);

// Makes an account an operator, or takes that away.
int set_operator(const config::settings& settings, const std::string& username, bool is_operator);

// An operator's access token for the next minutes, of nobody's account: whoever can read auth's
// database and the seal_key may do what operators do.
std::string operators_token(const config::settings& settings);

}  // namespace oficio::app
