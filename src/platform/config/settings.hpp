#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace oficio::config {

// A setting is wrong: what() is one line that names it. The process must not start.
class wrong_setting : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Something that can be set. "auth.database" is OFICIO_AUTH_DATABASE in the environment,
// `auth.database = …` in the file and `--set auth.database=…` on the command line.
struct declaration {
  std::string name;
  std::string default_value;
  std::string help;
  bool secret = false;  // masked wherever settings are shown
};

// All settings in force: command line over environment over file over default.
class settings {
 public:
  explicit settings(std::vector<declaration> declared);

  // `file` is lines of `name = value` and `# comments`; a missing file is an error only if
  // `must_exist`.
  void read_file(const std::string& path, bool must_exist);
  void read_environment(char** environment);  // OFICIO_*; an unknown one is a wrong_setting
  // Over everything that is read, before or after: the command line.
  void set(std::string_view name, std::string value, std::string origin);

  // All throw wrong_setting if the name was not declared or the value does not fit.
  std::string text(std::string_view name) const;
  std::int64_t number(std::string_view name, std::int64_t min, std::int64_t max) const;
  bool flag(std::string_view name) const;
  std::chrono::milliseconds duration(std::string_view name) const;  // 500ms, 30s, 5m, 73h, 14d
  // The secret itself, or the content (trimmed) of the file that `<name>_file` names: a setting
  // that every secret has beside it. The one from the stronger source holds; both from one source
  // is wrong.
  std::string secret(std::string_view name) const;

  // Name, value (secrets as •••) and where it came from, in order of declaration.
  struct shown {
    std::string name;
    std::string value;
    std::string origin;
    std::string help;
  };
  std::vector<shown> show() const;

 private:
  enum class source { built_in, file, environment, given };  // the weakest first
  struct entry {
    declaration declared;
    std::string value;
    std::string origin = "default";
    source from = source::built_in;
  };
  const entry& find(std::string_view name) const;
  void put(std::string_view name, std::string value, std::string origin, source from);
  [[noreturn]] static void refuse(const entry& e, std::string_view why);
  std::vector<entry> entries_;
};

// "sqlite:var/auth.db" is {scheme "sqlite", rest "var/auth.db"}; "embedded:" is {"embedded", ""}.
struct address {
  std::string scheme;
  std::string rest;
};
// Throws wrong_setting that names `setting`.
address parse_address(std::string_view setting, std::string_view value);

}  // namespace oficio::config
