#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "platform/json/json.hpp"
#include "platform/realtime/json_scan.hpp"

namespace oficio::realtime {

// Bytes that travel beside an event's JSON. Shared, never changed.
using bytes = std::shared_ptr<const std::string>;

// What an event or an acknowledgement carries: JSON values and bytes, in a row.
class items {
 public:
  items() = default;

  // Described structs, strings, numbers, lists, JSON values, and bytes.
  template <class... T>
  static items of(const T&... values) {
    items out;
    (out.add(values), ...);
    return out;
  }

  template <class T>
  items& add(const T& value) {
    if constexpr (std::is_same_v<T, bytes>) {
      return add_bytes(value);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      return add_json(json::to_text(std::string(std::string_view(value))));
    } else {
      return add_json(json::to_text(value));
    }
  }
  items& add_json(std::string_view value);  // one JSON value, or several with commas between
  items& add_bytes(bytes value);

  const std::string& text() const { return text_; }  // with commas between
  const std::vector<bytes>& attachments() const { return attachments_; }

 private:
  friend class args;
  std::string text_;
  std::vector<bytes> attachments_;
};

// What came with an event (behind its name) or with an acknowledgement. The views are valid as long
// as a handler runs without waiting; kept() is good for ever.
class args {
 public:
  args() = default;
  args(std::string_view text, const scanned& found, std::size_t first, std::vector<bytes> attached);
  args(const args& other) { *this = other; }
  args(args&& other) noexcept { *this = std::move(other); }
  args& operator=(const args& other);
  args& operator=(args&& other) noexcept;

  std::size_t size() const { return slices_.size(); }
  // JSON; "null" if there are not so many.
  std::string_view text(std::size_t i) const;
  // Errors: those of json::from_request; bad_request `missing_argument`.
  template <class T>
  result<T> get(std::size_t i = 0) const {
    if (i >= size()) return missing(i);
    return json::from_request<T>(text(i));
  }
  // Nothing if it is something else.
  bytes binary(std::size_t i) const;

  // All from `first` on, as they came, to be sent again.
  items from(std::size_t first = 0) const;
  args kept() const;

 private:
  static error missing(std::size_t i);

  bool owns_ = false;
  std::string own_;
  std::string_view text_;
  boost::container::small_vector<slice, 4> slices_;
  std::vector<bytes> attachments_;
};

}  // namespace oficio::realtime
