#pragma once

#include <string>

#include "platform/config/settings.hpp"

// What those who run a market do beside it: on its data folder, while it runs or not. All give the
// exit status, say on standard output what they did, and throw std::runtime_error with one clear
// line where they cannot.
namespace oficio::app {

// Adds a signing key; the old one verifies until its tokens have ended.
int rotate_keys(const config::settings& settings);

// Makes an account an operator, or takes that away.
int set_operator(const config::settings& settings, const std::string& username, bool is_operator);

}  // namespace oficio::app
