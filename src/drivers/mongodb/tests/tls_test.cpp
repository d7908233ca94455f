#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "certificate.hpp"
#include "drivers/mongodb/servers.hpp"
#include "platform/base/random.hpp"
#include "platform/config/settings.hpp"
#include "scripted_server.hpp"

namespace oficio::mongodb {
namespace {

using namespace std::chrono_literals;

class encrypted : public testing::Test {
 protected:
  encrypted() : folder_(std::filesystem::temp_directory_path() / ("oficio-" + random_hex(8))) {
    std::filesystem::create_directories(folder_);
  }
  ~encrypted() override { std::filesystem::remove_all(folder_); }

  void serve(const std::string& name) {
    own_ = make_certificate(name);
    server_ = std::make_unique<scripted_server>(
        scripted_server::kind::replica_set,
        [](const boost::json::object&) { return R"({"ok": 1})"; }, own_);
    ours_ = "&certificate=" + file("c.pem", own_.pem) + "&key=" + file("k.pem", own_.key);
  }

  std::string file(const std::string& name, const std::string& content) {
    auto path = (folder_ / name).string();
    std::ofstream(path) << content;
    return path;
  }

  // "in", or why not.
  std::string start(const std::string& options) {
    servers s(read_options(
        config::parse_server_address("orders.database", server_->address() + "?" + options)));
    try {
      s.expect(1s);
      return "in";
    } catch (const config::wrong_setting& e) {
      return e.what();
    }
  }

  std::filesystem::path folder_;
  certificate own_;
  std::unique_ptr<scripted_server> server_;
  std::string ours_;
};

TEST_F(encrypted, whom_the_certificate_vouches_for_is_trusted) {
  serve("IP:127.0.0.1");
  auto ca = file("ca.pem", own_.pem);
  EXPECT_EQ(start("tls=true&ca=" + ca + ours_), "in");
  EXPECT_EQ(start("ssl=true&tlsCAFile=" + ca +
                  "&tlsCertificateKeyFile=" + file("both.pem", own_.pem + own_.key)),
            "in");
}

TEST_F(encrypted, nobody_else_is_trusted_unless_we_say_so) {
  serve("IP:127.0.0.1");
  auto other = file("other.pem", make_certificate("IP:127.0.0.1").pem);
  auto said = start("tls=true&ca=" + other + ours_);
  EXPECT_TRUE(said.starts_with("orders.database: no MongoDB server answers")) << said;
  EXPECT_NE(start("tls=true" + ours_), "in");
  EXPECT_EQ(start("tls=true&verify=false" + ours_), "in");
  EXPECT_NE(start(""), "in");
}

TEST_F(encrypted, the_host_must_be_the_one_that_is_vouched_for) {
  serve("DNS:elsewhere.example");
  auto ca = file("ca.pem", own_.pem);
  EXPECT_NE(start("tls=true&ca=" + ca + ours_), "in");
  EXPECT_EQ(start("tls=true&tlsAllowInvalidHostnames=true&ca=" + ca + ours_), "in");
}

TEST_F(encrypted, a_server_that_wants_to_know_us_refuses_strangers) {
  serve("IP:127.0.0.1");
  EXPECT_NE(start("tls=true&ca=" + file("ca.pem", own_.pem)), "in");
}

}  // namespace
}  // namespace oficio::mongodb
