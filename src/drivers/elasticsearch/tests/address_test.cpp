#include "drivers/elasticsearch/address.hpp"

#include <gtest/gtest.h>

#include "platform/config/settings.hpp"

namespace oficio::elasticsearch {
namespace {

place read(const std::string& url) {
  return read_place(config::parse_server_address("search", url));
}

std::string refusal(const std::string& url) {
  try {
    read(url);
    return "";
  } catch (const config::wrong_setting& e) {
    return e.what();
  }
}

TEST(search_address, names_nodes_credentials_and_prefix) {
  auto at = read("https://oficio:p%40ss@a.example,b.example:9243,[::1]:9200/market?replicas=1");
  EXPECT_EQ(at.nodes, "https://a.example:9200,https://b.example:9243,https://[::1]:9200");
  EXPECT_EQ(at.authorization, "Basic b2ZpY2lvOnBAc3M=");
  EXPECT_EQ(at.prefix, "market");
  EXPECT_EQ(at.replicas, 1);
  auto plain = read("http://localhost");
  EXPECT_EQ(plain.nodes, "http://localhost:9200");
  EXPECT_EQ(plain.authorization, "");
  EXPECT_EQ(plain.prefix, "oficio");
  EXPECT_EQ(read("http://localhost?api_key=a1B2==").authorization, "ApiKey a1B2==");
}

TEST(search_address, is_refused_in_one_line_that_names_the_setting) {
  struct {
    const char* url;
    const char* why;
  } cases[] = {{"mongodb://localhost", "is no search server"},
               {"http://localhost/Up", "index prefix"},
               {"http://localhost/a%2Fb", "index prefix"},
               {"http://localhost/-a", "index prefix"},
               {"http://localhost?color=red", "has no option \"color\""},
               {"http://localhost?ca=/nowhere", "makes no sense without"},
               {"http://localhost?tls=true", "https://"},
               {"https://localhost?ca=/nowhere", "cannot be read"},
               {"http://u:p@localhost?api_key=x", "keep one"},
               {"http://localhost?api_key=a%0D%0AX-Evil:1", "characters that no key has"},
               {"http://localhost?replicas=many", "replicas must be a number"}};
  for (const auto& c : cases) {
    auto said = refusal(c.url);
    EXPECT_TRUE(said.starts_with("search: ")) << c.url << ": " << said;
    EXPECT_NE(said.find(c.why), std::string::npos) << c.url << ": " << said;
    EXPECT_EQ(said.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace oficio::elasticsearch
