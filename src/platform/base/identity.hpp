#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace oficio {

// Who is acting. Travels signed from the gateway to the services
// (platform/security/identity_token.hpp) and is an argument of every store call that belongs to
// somebody.
struct identity {
  std::string sub;  // account id; empty for a visitor
  std::string username;
  std::vector<std::string> roles;
  std::string sid;  // session id
  std::string locale = "en";
  std::string country;
  bool email_verified = false;

  bool is_visitor() const { return sub.empty(); }
  bool has_role(std::string_view role) const {
    return std::ranges::find(roles, role) != roles.end();
  }

  // The program itself: consumers of events, timers, the sample data. Never comes from outside:
  // identity tokens cannot carry this role.
  static identity system() { return {.sub = "system", .username = "system", .roles = {"system"}}; }
  bool is_system() const { return has_role("system"); }
};

}  // namespace oficio
