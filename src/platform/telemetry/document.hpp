#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "platform/telemetry/documents.hpp"

namespace oficio::telemetry::detail {

// A document on its way: dotted names become objects within objects. Some are made for each request
// that is recorded, so values are written down as JSON at once, one behind the other. Names outlive
// it.
class document {
 public:
  document(const origin& from, std::string_view service, std::int64_t time_us);

  // {"http.response.status_code", 404}. A name that goes through a value which is there already is
  // left out: no document is refused for it.
  void put(std::string_view name, std::string_view text);  // valid UTF-8
  void put(std::string_view name, const char* text) { put(name, std::string_view(text)); }
  void put(std::string_view name, const std::string& text) { put(name, std::string_view(text)); }
  void put(std::string_view name, bool value);
  void put(std::string_view name, double value);
  void put(std::string_view name, const boost::json::value& value);
  template <std::integral T>
  void put(std::string_view name, T value) {
    place(name, std::to_string(value));
  }
  void put_text(std::string_view name, std::string_view text, std::size_t longest = 1'024);
  // Only if there is one.
  void put_some(std::string_view name, std::string_view text, std::size_t longest = 1'024);

  // `event` is processor.event; the times are those that APM has beside `@timestamp`.
  void is_apm(std::string_view event, std::int64_t time_us);
  void data_stream(std::string_view type, std::string_view dataset, std::string_view environment);
  void http(const http_facts& facts);

  std::string text() const;

 private:
  // An object, or a value if `size` is not 0. The first is the root.
  struct node {
    std::string_view name;  // within its object
    std::size_t at = 0;     // its text in values_
    std::size_t size = 0;
    std::size_t first = 0;  // of those in it; 0: there is none
    std::size_t last = 0;
    std::size_t next = 0;  // beside it
  };

  void place(std::string_view name, std::string_view json);
  // The one of this name in an object, made if it is not there yet.
  std::size_t within(std::size_t object, std::string_view name);
  void write(std::size_t object, std::string& to) const;

  std::vector<node> nodes_;
  std::string values_;
};

// "type-dataset-environment".
std::string stream(std::string_view type, std::string_view dataset, std::string_view environment);

// At most so many bytes of whole characters, and UTF-8 whatever came.
std::string clean(std::string_view text, std::size_t longest);

}  // namespace oficio::telemetry::detail
