#include "services/gateway/intake/browser.hpp"

#include <algorithm>
#include <array>

namespace oficio::gateway::intake {
namespace {

struct sign {
  std::string_view mark;  // before the version
  std::string_view name;
  std::string_view on_phones;
};

// Most pretend to be one that stands further down, too.
constexpr std::array<sign, 10> browsers{
    {{"Edg/", "Edge", "Edge"},
     {"EdgA/", "Edge Mobile", "Edge Mobile"},
     {"EdgiOS/", "Edge Mobile", "Edge Mobile"},
     {"OPR/", "Opera", "Opera Mobile"},
     {"SamsungBrowser/", "Samsung Internet", "Samsung Internet"},
     {"FxiOS/", "Firefox iOS", "Firefox iOS"},
     {"CriOS/", "Chrome Mobile iOS", "Chrome Mobile iOS"},
     {"Firefox/", "Firefox", "Firefox Mobile"},
     {"Chrome/", "Chrome", "Chrome Mobile"},
     {"Version/", "Safari", "Mobile Safari"}}};

// An iPhone says "like Mac OS X", Android that it is a Linux.
struct machine {
  std::string_view mark;
  std::string_view system;
  std::string_view device;
};
constexpr std::array<machine, 8> machines{{{"iPhone", "iOS", "iPhone"},
                                           {"iPad", "iOS", "iPad"},
                                           {"Android", "Android", "Generic Smartphone"},
                                           {"Windows", "Windows", "Other"},
                                           {"CrOS", "Chrome OS", "Other"},
                                           {"Mac OS X", "Mac OS X", "Mac"},
                                           {"Ubuntu", "Ubuntu", "Other"},
                                           {"Linux", "Linux", "Other"}}};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string version_at(std::string_view text) {
  constexpr std::size_t longest = 32;
  return std::string(text.substr(0, std::min(text.find_first_not_of("0123456789."), longest)));
}

}  // namespace

browser browser_of(std::string_view user_agent) {
  browser out{"Other", "", "Other", "Other"};
  for (const auto& [mark, system, device] : machines) {
    if (!has(user_agent, mark)) continue;
    out.system = system;
    out.device = device;
    break;
  }
  bool phone = out.system == "iOS" || out.system == "Android";
  for (const auto& [mark, name, on_phones] : browsers) {
    auto found = user_agent.find(mark);
    if (found == std::string_view::npos) continue;
    if (mark == "Version/" && !has(user_agent, "Safari/")) continue;
    out.name = phone ? on_phones : name;
    out.version = version_at(user_agent.substr(found + mark.size()));
    break;
  }
  return out;
}

}  // namespace oficio::gateway::intake
