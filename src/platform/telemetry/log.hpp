#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "platform/base/context.hpp"

namespace oficio::telemetry {

enum class level { debug, info, warning, error };

// A structured field, named as in the Elastic Common Schema (ECS): {"http.response.status_code",
// 404}. Values must not be secrets: tokens, codes, passwords and card numbers never reach a log.
struct field {
  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;

  field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  field(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  field(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  field(std::string_view n, bool v) : name(n), value(v) {}
  field(std::string_view n, double v) : name(n), value(v) {}
  template <class T>
    requires std::is_integral_v<T>
  field(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

// Where log records go and how they look. Thread-safe.
class sink {
 public:
  virtual ~sink() = default;
  virtual bool wants(level l) const = 0;
  virtual void write(level l, std::string_view service, std::string_view message,
                     const context* ctx, const std::vector<field>& fields) = 0;
  virtual void flush() = 0;
};

enum class format { json_lines, readable };

// Writes to standard error: one ECS JSON object a line, or coloured text for people.
std::shared_ptr<sink> make_console_sink(format f, level lowest);

// A named logger of one service. Cheap to copy.
class logger {
 public:
  logger(std::shared_ptr<sink> to, std::string service)
      : to_(std::move(to)), service_(std::move(service)) {}

  void debug(std::string_view message, std::vector<field> fields = {}) const {
    write(level::debug, message, nullptr, fields);
  }
  void info(std::string_view message, std::vector<field> fields = {}) const {
    write(level::info, message, nullptr, fields);
  }
  void warn(std::string_view message, std::vector<field> fields = {}) const {
    write(level::warning, message, nullptr, fields);
  }
  void error(std::string_view message, std::vector<field> fields = {}) const {
    write(level::error, message, nullptr, fields);
  }

  // With the trace, request id and account of `ctx`.
  void log(level l, const context& ctx, std::string_view message,
           std::vector<field> fields = {}) const {
    write(l, message, &ctx, fields);
  }

  // False if such a line would go nowhere: spares gathering its fields.
  bool wants(level l) const { return to_ && to_->wants(l); }

  logger named(std::string service) const { return {to_, std::move(service)}; }
  const std::string& service() const { return service_; }

 private:
  void write(level l, std::string_view message, const context* ctx,
             const std::vector<field>& fields) const {
    if (wants(l)) to_->write(l, service_, message, ctx, fields);
  }

  std::shared_ptr<sink> to_;
  std::string service_;
};

}  // namespace oficio::telemetry
