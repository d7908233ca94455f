#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <amqp.h>

namespace oficio::rabbitmq {

namespace header {
inline constexpr std::string_view attempts = "x-oficio-attempts";
inline constexpr std::string_view reason = "x-oficio-reason";
inline constexpr std::string_view died_at = "x-oficio-died-at";  // ms since 1970
}  // namespace header

// The library's view of our bytes and ours of its; neither owns them.
inline std::string_view view(const amqp_bytes_t& b) {
  return b.bytes ? std::string_view(static_cast<const char*>(b.bytes), b.len) : std::string_view();
}
inline amqp_bytes_t bytes(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};  // the library only reads it
}

// Arguments of a declaration or headers of a message. Texts that are added must outlive it.
class table {
 public:
  table& text(std::string_view name, std::string_view value) {
    auto& entry = add(name, AMQP_FIELD_KIND_UTF8);
    entry.value.value.bytes = bytes(value);
    return *this;
  }
  table& number(std::string_view name, std::int64_t value) {
    add(name, AMQP_FIELD_KIND_I64).value.value.i64 = value;
    return *this;
  }
  table& flag(std::string_view name, bool value) {
    add(name, AMQP_FIELD_KIND_BOOLEAN).value.value.boolean = value ? 1 : 0;
    return *this;
  }
  table& inner(std::string_view name, amqp_table_t value) {
    add(name, AMQP_FIELD_KIND_TABLE).value.value.table = value;
    return *this;
  }
  // Until the next change of this.
  amqp_table_t get() const {
    return {static_cast<int>(entries_.size()),
            const_cast<amqp_table_entry_t*>(entries_.data())};  // only read
  }
  bool empty() const { return entries_.empty(); }

 private:
  amqp_table_entry_t& add(std::string_view name, amqp_field_value_kind_t kind) {
    auto& entry = entries_.emplace_back();
    entry.key = bytes(name);
    entry.value.kind = static_cast<std::uint8_t>(kind);
    return entry;
  }

  std::vector<amqp_table_entry_t> entries_;
};

}  // namespace oficio::rabbitmq
