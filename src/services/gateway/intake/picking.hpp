#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/json/json.hpp"
#include "services/gateway/intake/scrubbing.hpp"

namespace oficio::gateway::intake {

// Reads what is asked for out of an object that a browser sent, and nothing else: a member of
// another type, or out of its range, is as good as absent. Paths are "context.page.url". The object
// outlives this; null is an empty one.
class picker {
 public:
  explicit picker(const json::object* from) : from_(from) {}
  explicit picker(const json::object& from) : from_(&from) {}

  const json::value* at(std::string_view path) const;
  picker in(std::string_view path) const;
  bool empty() const { return !from_ || from_->empty(); }
  const json::object* members() const { return from_; }

  std::optional<std::string> text(std::string_view path, std::size_t most = most_bytes) const;
  // An http(s) address of what may be kept.
  std::optional<intake::address> address(std::string_view path) const;
  // Of letters, digits and "-_./ ", else nothing.
  std::optional<std::string> word(std::string_view path, std::size_t most = 64) const;
  std::optional<std::string> hex(std::string_view path, std::size_t digits) const;
  std::optional<double> number(std::string_view path, double least, double most) const;
  std::optional<std::int64_t> whole(std::string_view path, std::int64_t least,
                                    std::int64_t most) const;
  std::optional<bool> flag(std::string_view path) const;
  const json::array* list(std::string_view path) const;

 private:
  const json::object* from_;
};

// Sets "a.b.c" in nested objects, which it makes. What is there already and no object is replaced.
void put(json::object& to, std::string_view path, json::value v);
inline void put(json::object& to, std::string_view path, std::string_view text) {
  put(to, path, json::value(boost::json::string_view(text.data(), text.size())));
}
inline void put(json::object& to, std::string_view path, const char* text) {
  put(to, path, std::string_view(text));
}
inline void put(json::object& to, std::string_view path, const std::string& text) {
  put(to, path, std::string_view(text));
}
template <class T>
void put(json::object& to, std::string_view path, const std::optional<T>& v) {
  if (v) put(to, path, *v);
}

}  // namespace oficio::gateway::intake
