// The reader of what clients send: any bytes give a value or errors that say where, never an
// exception; what was read is written and read again as the same (Boost's numbers may lose the last
// of their digits).
#include "platform/json/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "fuzz/must.hpp"
#include "platform/base/money.hpp"
#include "platform/base/time.hpp"
#include "platform/json/check.hpp"

namespace oficio::fuzz {

enum class colour { red, green, blue };
BOOST_DESCRIBE_ENUM(colour, red, green, blue)

struct leaf {
  std::string text;
  std::optional<std::int64_t> number;
  colour shade = colour::red;
};
BOOST_DESCRIBE_STRUCT(leaf, (), (text, number, shade))

struct form {
  std::string title;
  std::int64_t count = 0;
  int small = 0;
  double share = 0;
  bool yes = false;
  money price;
  std::optional<time_point> at;
  std::vector<leaf> leaves;
  std::map<std::string, std::vector<std::string>> by_name;
  std::array<std::int64_t, 5> five{};
};
BOOST_DESCRIBE_STRUCT(form, (), (title, count, small, share, yes, price, at, leaves, by_name, five))

void explain(const error& e) {
  must(e.kind == errc::bad_request || e.kind == errc::invalid);
  must(!e.code.empty() && e.violations.size() <= 50);
  for (const auto& v : e.violations) {
    must(v.pointer.empty() || v.pointer.front() == '/');
    must(!v.code.empty() && !v.message.empty());
  }
}

bool is_same(const json::value& a, const json::value& b) {
  if (a.kind() != b.kind()) return false;
  if (auto* number = a.if_double()) {
    double other = b.get_double();
    return *number == other || std::abs(*number - other) <= 1e-14 * std::abs(*number);
  }
  if (auto* list = a.if_array()) return std::ranges::equal(*list, b.get_array(), is_same);
  if (auto* members = a.if_object()) {
    return std::ranges::equal(*members, b.get_object(), [](const auto& x, const auto& y) {
      return x.key() == y.key() && is_same(x.value(), y.value());
    });
  }
  return a == b;
}

void run(std::string_view bytes) {
  auto parsed = json::parse(bytes);
  if (parsed.has_error()) {
    explain(parsed.error());
    return;
  }
  auto text = json::to_text(*parsed);
  auto again = json::parse(text);
  must(again.has_value() && is_same(*again, *parsed));

  auto read = json::from_request_value<form>(*parsed);
  if (read.has_error()) {
    explain(read.error());
    return;
  }
  auto written = json::to_value(*read);
  auto reread = json::from_request_value<form>(written);
  must(reread.has_value() && is_same(json::to_value(*reread), written));
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  oficio::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
