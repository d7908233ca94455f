#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"
#include "platform/json/reader.hpp"

namespace oficio::http {

// Typed query parameters; all that is wrong is collected, with pointers "?name", and done() tells
// it at once. A parameter that no one asked for is refused too (code `unknown`), so that a typing
// error is not taken for an empty filter.
class query_reader {
 public:
  explicit query_reader(const request& r) : request_(r) {}

  std::optional<std::string> text(std::string_view name, std::size_t max_length = 200);
  std::optional<std::int64_t> number(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<double> decimal(std::string_view name, double min, double max);
  std::optional<bool> flag(std::string_view name);
  std::optional<std::string> choice(std::string_view name, const std::vector<std::string>& allowed);
  std::vector<std::string> list(std::string_view name, std::size_t max_items);  // comma-separated
  // `limit`, 1..100.
  std::size_t limit(std::size_t otherwise = 20);

  // Error: invalid `validation_failed`.
  result<void> done();

 private:
  void fail(std::string_view name, std::string code, std::string message, bounds broken = {});
  std::optional<std::string> raw(std::string_view name);

  const request& request_;
  std::vector<std::string> asked_;
  json::violations found_;
};

}  // namespace oficio::http
