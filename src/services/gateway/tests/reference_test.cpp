// The gateway's table and the OpenAPI descriptions name the same operations.
#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>

#include "services/gateway/embedded_reference.hpp"
#include "services/gateway/table.hpp"

namespace oficio::gateway {
namespace {

constexpr std::array verbs{"get", "post", "put", "patch", "delete"};

// The operations of a description in the layout that ours have: paths two deep, methods four.
void read_operations(std::string_view yaml, std::set<std::string>& into) {
  std::istringstream lines{std::string(yaml)};
  std::string path;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  /") && line.ends_with(":")) {
      path = line.substr(2, line.size() - 3);
    } else if (line.starts_with("    ") && line.ends_with(":")) {
      auto verb = line.substr(4, line.size() - 5);
      if (std::ranges::find(verbs, verb) == verbs.end()) continue;
      std::ranges::transform(verb, verb.begin(), [](char c) { return std::toupper(c); });
      into.insert(verb + " " + path);
    }
  }
}

TEST(Reference, DescribesWhatTheGatewayRoutesAndNothingElse) {
  std::set<std::string> described;
  for (auto yaml : {reference::auth_yaml(), reference::users_yaml(), reference::gigs_yaml(),
                    reference::chat_yaml(), reference::orders_yaml(), reference::reviews_yaml(),
                    reference::files_yaml()}) {
    ASSERT_FALSE(yaml.empty());
    read_operations(yaml, described);
  }
  std::set<std::string> routed;
  for (const auto& route : public_routes()) {
    std::istringstream methods{std::string(route.methods)};
    for (std::string method; methods >> method;) {
      routed.insert(method + " " + std::string(route.path));
    }
  }
  EXPECT_THAT(described, testing::ContainerEq(routed));
}

}  // namespace
}  // namespace oficio::gateway
