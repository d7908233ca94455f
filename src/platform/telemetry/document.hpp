#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "platform/telemetry/documents.hpp"

namespace oficio::telemetry::detail {

// A document on its way: dotted names become objects within objects.
class document {
 public:
  document(const origin& from, std::string_view service, std::int64_t time_us);

  // {"http.response.status_code", 404}. A name that goes through a value which is there already is
  // left out: no document is refused for it.
  template <class T>
  void put(std::string_view name, T&& value) {
    if constexpr (std::is_convertible_v<T, std::string_view>) {
      std::string_view text = value;
      place(name, boost::json::value(boost::json::string_view(text.data(), text.size())));
    } else {
      place(name, boost::json::value(std::forward<T>(value)));
    }
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
  void place(std::string_view name, boost::json::value value);

  boost::json::object root_;
};

// "type-dataset-environment".
std::string stream(std::string_view type, std::string_view dataset, std::string_view environment);

// At most so many bytes of whole characters, and UTF-8 whatever came.
std::string clean(std::string_view text, std::size_t longest);

}  // namespace oficio::telemetry::detail
