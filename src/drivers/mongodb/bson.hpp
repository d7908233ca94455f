#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <bson/bson.h>

namespace oficio::mongodb {

// Throws std::length_error: bigger than BSON itself can be (2 GiB).
[[noreturn]] void too_large_for_bson();

// Is it UTF-8, as all texts in BSON are? NUL is allowed.
bool is_text(std::string_view bytes);

// A BSON document that is built member by member. Owns its memory; moves, does not copy.
class document {
 public:
  document() : bson_(bson_new()) {}
  explicit document(bson_t* taken) : bson_(taken) {}

  document& put(std::string_view key, std::string_view text) {
    // libbson takes no pointer for null.
    const char* bytes = text.empty() ? "" : text.data();
    return done(bson_append_utf8(raw(), key.data(), size_of(key), bytes, size_of(text)));
  }
  document& put(std::string_view key, const char* text) { return put(key, std::string_view(text)); }
  document& put(std::string_view key, std::same_as<std::int64_t> auto number) {
    return done(bson_append_int64(raw(), key.data(), size_of(key), number));
  }
  document& put(std::string_view key, std::same_as<double> auto number) {
    return done(bson_append_double(raw(), key.data(), size_of(key), number));
  }
  document& put(std::string_view key, std::same_as<bool> auto yes) {
    return done(bson_append_bool(raw(), key.data(), size_of(key), yes));
  }
  document& put(std::string_view key, std::nullptr_t /*null*/) {
    return done(bson_append_null(raw(), key.data(), size_of(key)));
  }
  document& put(std::string_view key, const document& nested) {
    return done(bson_append_document(raw(), key.data(), size_of(key), nested.get()));
  }
  document& put_list(std::string_view key, const document& items) {
    return done(bson_append_array(raw(), key.data(), size_of(key), items.get()));
  }
  // For a list, whose members are called "0", "1", …
  std::string next() { return std::to_string(count_++); }

  bson_t* raw() { return bson_.get(); }
  const bson_t* get() const { return bson_.get(); }
  std::uint32_t size() const { return bson_->len; }
  bool empty() const { return bson_empty(bson_.get()); }

 private:
  struct freed {
    void operator()(bson_t* b) const { bson_destroy(b); }
  };
  static int size_of(std::string_view text) {
    if (!std::in_range<int>(text.size())) too_large_for_bson();
    return static_cast<int>(text.size());
  }
  document& done(bool appended) {
    if (!appended) too_large_for_bson();
    return *this;
  }

  std::unique_ptr<bson_t, freed> bson_;
  std::size_t count_ = 0;
};

// What a call answers. libmongoc initialises it always, also when the call fails.
class reply {
 public:
  reply() : bson_(BSON_INITIALIZER) {}
  ~reply() { bson_destroy(&bson_); }
  reply(const reply&) = delete;
  reply& operator=(const reply&) = delete;
  bson_t* raw() { return &bson_; }
  // A number of the answer; 0 if it has none of that name.
  std::int64_t number(const char* name) const;

 private:
  bson_t bson_;
};

}  // namespace oficio::mongodb
