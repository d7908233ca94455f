#include <algorithm>
#include <cctype>

#include "conformance/search/search_server.hpp"
#include "search_fixture.hpp"

namespace oficio::search::conformance {
namespace {

std::unique_ptr<search_server> server;

class started_server : public testing::Environment {
  void SetUp() override { server = std::make_unique<search_server>(); }
  void TearDown() override {
    server->forget("t");
    server.reset();
  }
};
[[maybe_unused]] const auto* environment = testing::AddGlobalTestEnvironment(new started_server);

// Each folder's index has a name of its own.
std::string prefix_of(const std::string& folder) {
  std::string out = "t-";
  for (auto c : folder.substr(folder.rfind('-') + 1)) {
    out += std::isupper(static_cast<unsigned char>(c)) != 0 ? "u" : "";
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

const driver_under_test elasticsearch{
    "elasticsearch",
    [](const std::string& folder, schema s, runtime::blocking_pool&) {
      return server->open(prefix_of(folder), std::move(s));
    },
    [](const std::string& folder) {
      server->ask(http::method::post, "/" + prefix_of(folder) + "-samples/_refresh");
    }};

}  // namespace

INSTANTIATE_TEST_SUITE_P(elasticsearch, search_conformance, testing::Values(elasticsearch),
                         [](const auto& info) { return info.param.name; });

}  // namespace oficio::search::conformance
