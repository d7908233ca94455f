#include "platform/telemetry/log.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

#include "platform/telemetry/output.hpp"
#include "platform/telemetry/record_sink.hpp"

namespace oficio::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string written(format f, std::string_view message, const std::vector<field>& fields) {
  testing::internal::CaptureStdout();
  make_output_sink(f, level::info)->write(level::warning, "orders", message, nullptr, fields);
  return testing::internal::GetCapturedStdout();
}

boost::json::object read(std::string_view line) {
  boost::system::error_code failure;
  auto value = boost::json::parse({line.data(), line.size()}, failure);
  EXPECT_FALSE(failure) << line;
  return value.is_object() ? value.get_object() : boost::json::object();
}

TEST(log, a_line_of_json_is_one_whatever_was_in_it) {
  auto line =
      written(format::json_lines, "a\xff\nb", {{"error.message", "\xc3(\x1b[2J"}, {"n", 3L}});
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  auto made = read(line);
  EXPECT_EQ(made["message"], "a\xEF\xBF\xBD\nb");
  EXPECT_EQ(made["error.message"], "\xEF\xBF\xBD(\x1b[2J");
  EXPECT_EQ(made["n"], 3);
  EXPECT_EQ(made["service.name"], "orders");
}

TEST(log, a_line_for_people_moves_no_cursor) {
  auto line = written(format::readable, "a\r\nb",
                      {{"q",
                        "\x1b]0;owned\x07\x7f\xc2\x9b"
                        "2J\x9b \xc3\xa9"}});
  EXPECT_THAT(line, HasSubstr("orders: a  b  q= ]0;owned"));
  EXPECT_THAT(line, HasSubstr("\xc3\xa9"));
  for (auto bad : {"\x1b", "\x07", "\x7f", "\xc2\x9b", "\r"})
    EXPECT_THAT(line, Not(HasSubstr(bad)));
}

TEST(log, what_parts_of_a_service_say_is_the_services) {
  testing::internal::CaptureStdout();
  auto out = make_sink_of("users", make_output_sink(format::json_lines, level::info));
  logger(out, "redis").warn("away", {{"server.address", "x"}});
  logger(out, "users").info("there");
  auto lines = testing::internal::GetCapturedStdout();
  auto end = lines.find('\n');
  auto first = read(std::string_view(lines).substr(0, end));
  EXPECT_EQ(first["service.name"], "users");
  EXPECT_EQ(first["log.logger"], "redis");
  EXPECT_EQ(first["server.address"], "x");
  auto second = read(std::string_view(lines).substr(end + 1));
  EXPECT_EQ(second["service.name"], "users");
  EXPECT_FALSE(second.contains("log.logger"));
}

}  // namespace
}  // namespace oficio::telemetry
