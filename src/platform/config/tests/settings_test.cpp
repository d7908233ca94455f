#include "platform/config/settings.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/random.hpp"

namespace oficio::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class settings_test : public testing::Test {
 protected:
  ~settings_test() override { std::filesystem::remove_all(folder); }

  std::string write(const std::string& name, std::string_view content) {
    std::filesystem::create_directories(folder);
    std::string path = (folder / name).string();
    std::ofstream(path) << content;
    return path;
  }

  void environment(std::vector<std::string> lines) {
    std::vector<char*> raw;
    for (auto& line : lines) raw.push_back(line.data());
    raw.push_back(nullptr);
    s.read_environment(raw.data());
  }

  template <class Action>
  static std::string complaint(Action action) {
    try {
      action();
      return "none";
    } catch (const wrong_setting& e) {
      return e.what();
    }
  }

  std::filesystem::path folder = std::filesystem::temp_directory_path() / random_hex(8);
  settings s{{{"auth.database", "sqlite:var/auth.db", "Where accounts live"},
              {"http.port", "4000", "The gateway's port"},
              {"dev-pages", "false", "Pages for developers"},
              {"clock.offset", "0s", "Moves the clock"},
              {"identity.key", "", "Signs identities", true}}};
};

TEST_F(settings_test, the_stronger_source_wins_whatever_the_order) {
  EXPECT_EQ(s.text("auth.database"), "sqlite:var/auth.db");
  s.set("http.port", "4", "command line");
  environment({"OFICIO_HTTP_PORT=3", "OFICIO_DEV_PAGES=true", "PATH=/bin"});
  s.read_file(write("f", "http.port = 2\ndev-pages = false\nauth.database = file\n"), true);
  EXPECT_EQ(s.number("http.port", 1, 65535), 4);
  EXPECT_TRUE(s.flag("dev-pages"));
  EXPECT_EQ(s.text("auth.database"), "file");
}

TEST_F(settings_test, files_have_comments_and_blanks) {
  s.read_file(write("f", "# a comment\r\n\n  auth.database =  mysql://h/db#1?a=b \r\nhttp.port=5"),
              true);
  EXPECT_EQ(s.text("auth.database"), "mysql://h/db#1?a=b");
  EXPECT_EQ(s.number("http.port", 1, 9), 5);
}

TEST_F(settings_test, wrong_files_are_told_by_line) {
  auto path = write("f", "http.port = 1\nhttp.prot = 2\n");
  EXPECT_EQ(complaint([&] { s.read_file(path, true); }),
            path + ":2: http.prot: there is no such setting");
  path = write("g", "http.port 1\n");
  EXPECT_THAT(complaint([&] { s.read_file(path, true); }), HasSubstr(path + ":1: a line must be"));
  path = write("h", "http.port = 1\nhttp.port = 2\n");
  EXPECT_THAT(complaint([&] { s.read_file(path, true); }), HasSubstr("http.port is set twice"));
}

TEST_F(settings_test, a_missing_file_matters_only_if_it_must_exist) {
  EXPECT_EQ(complaint([&] { s.read_file("/nowhere/at/all", false); }), "none");
  EXPECT_THAT(complaint([&] { s.read_file("/nowhere/at/all", true); }),
              HasSubstr("/nowhere/at/all cannot be read"));
  write("x", "");
  EXPECT_THAT(complaint([&] { s.read_file(folder.string(), true); }), HasSubstr("cannot be read"));
}

TEST_F(settings_test, an_unknown_variable_is_refused_by_name) {
  EXPECT_THAT(complaint([&] { environment({"OFICIO_HTTP_PROT=1"}); }),
              AllOf(HasSubstr("OFICIO_HTTP_PROT"), HasSubstr("no such setting")));
  EXPECT_EQ(complaint([&] { environment({"OTHER=1", "OFICIO", "OFICIOX=2"}); }), "none");
  EXPECT_THAT(complaint([&] { s.set("nothing", "1", "command line"); }), HasSubstr("nothing"));
  EXPECT_THAT(complaint([&] { s.text("nothing"); }), HasSubstr("nothing"));
}

TEST_F(settings_test, durations_have_units) {
  auto read = [&](const std::string& text) {
    s.set("clock.offset", text, "test");
    return s.duration("clock.offset");
  };
  EXPECT_EQ(read("500ms"), 500ms);
  EXPECT_EQ(read("30s"), 30s);
  EXPECT_EQ(read("5m"), 5min);
  EXPECT_EQ(read("73h"), 73h);
  EXPECT_EQ(read("14d"), 14 * 24h);
  EXPECT_EQ(read("0s"), 0s);
  for (const std::string bad : {"", "5", "s", "5 s", "-5s", "5S", "1.5h", "99999999999999999d",
                                "9223372036854775807s", "36526d", "5sm"}) {
    EXPECT_THAT(complaint([&] { read(bad); }), HasSubstr("clock.offset")) << bad;
  }
}

TEST_F(settings_test, numbers_and_flags_are_checked) {
  auto number = [&](const std::string& text) {
    s.set("http.port", text, "test");
    return s.number("http.port", 1, 65535);
  };
  EXPECT_EQ(number("65535"), 65535);
  for (const std::string bad : {"", "0", "65536", "x", "1x", " 1", "1.0", "99999999999999999999"}) {
    EXPECT_THAT(complaint([&] { number(bad); }), HasSubstr("http.port")) << bad;
  }
  EXPECT_THAT(complaint([&] { number("x"); }), HasSubstr("test")) << "the origin helps to find it";
  for (const std::string yes : {"true", "yes", "on", "1"}) {
    s.set("dev-pages", yes, "test");
    EXPECT_TRUE(s.flag("dev-pages"));
  }
  s.set("dev-pages", "maybe", "test");
  EXPECT_THAT(complaint([&] { s.flag("dev-pages"); }), HasSubstr("dev-pages"));
}

TEST_F(settings_test, secrets_come_from_a_file_too) {
  environment({"OFICIO_IDENTITY_KEY_FILE=" + write("key", "s3cret\n")});
  EXPECT_EQ(s.secret("identity.key"), "s3cret");
  s.set("identity.key", "stronger", "command line");
  EXPECT_EQ(s.secret("identity.key"), "stronger");
}

TEST_F(settings_test, a_secret_said_twice_is_refused) {
  environment({"OFICIO_IDENTITY_KEY=a", "OFICIO_IDENTITY_KEY_FILE=" + write("key", "b")});
  EXPECT_THAT(complaint([&] { s.secret("identity.key"); }),
              AllOf(HasSubstr("identity.key"), HasSubstr("only one")));
}

TEST_F(settings_test, a_secret_file_must_hold_something) {
  environment({"OFICIO_IDENTITY_KEY_FILE=" + write("key", " \n")});
  EXPECT_THAT(complaint([&] { s.secret("identity.key"); }), HasSubstr("identity.key_file"));
  environment({"OFICIO_IDENTITY_KEY_FILE=/nowhere"});
  EXPECT_THAT(complaint([&] { s.secret("identity.key"); }), HasSubstr("/nowhere cannot be read"));
}

TEST_F(settings_test, shows_everything_but_secrets) {
  s.set("identity.key", "s3cret", "command line");
  s.set("auth.database", "mysql://oficio:pa:ss@host/auth", "command line");
  environment({"OFICIO_HTTP_PORT=4100"});
  auto all = s.show();
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].name, "auth.database");
  EXPECT_EQ(all[0].value, "mysql://oficio:•••@host/auth");
  EXPECT_EQ(all[1].value, "4100");
  EXPECT_EQ(all[1].origin, "environment");
  EXPECT_EQ(all[2].origin, "default");
  EXPECT_EQ(all[2].help, "Pages for developers");
  EXPECT_EQ(all[4].value, "•••");
  EXPECT_EQ(all[5].name, "identity.key_file");
  for (const auto& one : all) EXPECT_THAT(one.value, Not(HasSubstr("s3cret")));
  EXPECT_THAT(complaint([&] { s.number("identity.key", 0, 1); }), Not(HasSubstr("s3cret")));
  s.set("auth.database", "http://host:9200?api_key=s3cret&ca=x", "command line");
  EXPECT_EQ(s.show()[0].value, "http://host:9200?api_key=•••&ca=x");
  s.set("auth.database", "http://u:s3cret@host/?a=b&api_key=s3cret", "command line");
  EXPECT_EQ(s.show()[0].value, "http://u:•••@host/?a=b&api_key=•••");
}

TEST_F(settings_test, names_must_be_distinct_in_the_environment) {
  EXPECT_THROW(settings({{"a.b", "", ""}, {"a-b", "", ""}}), std::logic_error);
}

TEST_F(settings_test, addresses_have_a_scheme) {
  EXPECT_EQ(parse_address("x", "sqlite:var/auth.db").scheme, "sqlite");
  EXPECT_EQ(parse_address("x", "sqlite:var/auth.db").rest, "var/auth.db");
  EXPECT_EQ(parse_address("x", "embedded:").rest, "");
  EXPECT_EQ(parse_address("x", "mysql://h:1/db").rest, "//h:1/db");
  for (std::string_view bad : {"", ":", "var/auth.db", "/var:x", "4000:x", "SQLite:x"}) {
    EXPECT_THAT(complaint([&] { parse_address("auth.database", bad); }), HasSubstr("auth.database"))
        << bad;
  }
}

}  // namespace
}  // namespace oficio::config
