#include <cstdlib>

#include <gmock/gmock.h>

#include "fixture.hpp"
#include "platform/config/settings.hpp"

namespace oficio::rabbitmq {
namespace {

class rabbitmq_starting : public rabbitmq_test {
 protected:
  std::string refusal(config::server_address a) {
    try {
      make_bus(a, boost::asio::system_executor(), clock_, telemetry::logger(nullptr, "test"));
      return "it started";
    } catch (const config::wrong_setting& e) {
      return e.what();
    }
  }
  // With another first host, that nobody serves.
  config::server_address after_a_dead_host() {
    auto a = address();
    a.hosts.insert(a.hosts.begin(), {"127.0.0.1", 1});
    return a;
  }
};

TEST_F(rabbitmq_starting, refuses_what_makes_no_sense) {
  using testing::StartsWith;
  EXPECT_THAT(refusal(parsed("http://127.0.0.1/")), StartsWith("events: \"http\""));
  EXPECT_THAT(refusal(parsed("amqp://127.0.0.1/?colour=red")), StartsWith("events: "));
  EXPECT_THAT(refusal(parsed("amqp://127.0.0.1/?heartbeat=0")), StartsWith("events: "));
}

TEST_F(rabbitmq_starting, names_the_setting_when_the_server_refuses_us) {
  auto a = address();
  a.password = "wrong";
  auto said = refusal(a);
  EXPECT_THAT(said, testing::HasSubstr("events: "));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("wrong")));
  auto nowhere = address();
  nowhere.path = "nowhere";
  EXPECT_THAT(refusal(nowhere), testing::HasSubstr("nowhere"));
}

TEST_F(rabbitmq_starting, gives_up_when_no_server_can_be_reached) {
  auto begun = std::chrono::steady_clock::now();
  EXPECT_THAT(refusal(parsed("amqp://127.0.0.1:1/")),
              testing::HasSubstr("can be reached: 127.0.0.1:1: "));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST_F(rabbitmq_starting, tries_the_hosts_in_turn) {
  EXPECT_THAT(refusal(after_a_dead_host()), "it started");
}

}  // namespace
}  // namespace oficio::rabbitmq
