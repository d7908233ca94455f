#include "drivers/mongodb/json_form.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

#include "platform/json/json.hpp"

namespace oficio::mongodb {
namespace {

namespace json = boost::json;

// Below MongoDB's 100, less the levels that a record has around its parts.
constexpr int max_levels = 90;
constexpr std::string_view list_key = "%list";
constexpr std::string_view u64_key = "%u64";

error too_deep() {
  return {errc::invalid, "document_too_deep",
          "The document is nested more deeply than can be kept."};
}

error unreadable(const std::string& why) {
  return oficio::json::unreadable({{"", "type", why}});
}

bool is_special(char c) {
  return c == '%' || c == '$' || c == '.' || c == '\0';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

class writer {
 public:
  bool ok() const { return ok_; }

  void object(document& to, const json::object& from, int level) {
    if (level > max_levels) return fail();
    for (const auto& member : from) {
      put(to, escaped_key({member.key().data(), member.key().size()}), member.value(), level,
          false);
    }
  }

 private:
  void fail() { ok_ = false; }

  void list(document& to, const json::array& from, int level) {
    if (level > max_levels) return fail();
    for (const auto& item : from) put(to, to.next(), item, level, true);
  }

  void put(document& to, const std::string& key, const json::value& v, int level, bool in_list) {
    if (auto* members = v.if_object()) {
      document nested;
      object(nested, *members, level + 1);
      to.put(key, nested);
    } else if (auto* items = v.if_array()) {
      document nested;
      list(nested, *items, level + (in_list ? 2 : 1));
      if (in_list) {
        document wrapped;
        wrapped.put_list(list_key, nested);
        to.put(key, wrapped);
      } else {
        to.put_list(key, nested);
      }
    } else if (auto* large = v.if_uint64(); large && !std::in_range<std::int64_t>(*large)) {
      document wrapped;
      wrapped.put(u64_key, std::to_string(*large));
      to.put(key, wrapped);
    } else {
      put_scalar(to, key, v);
    }
  }

  bool ok_ = true;
};

result<json::value> value_at(const bson_iter_t& at);

result<json::array> read_list(bson_iter_t in) {
  json::array out;
  while (bson_iter_next(&in)) {
    TRY(auto item, value_at(in));
    out.push_back(std::move(item));
  }
  return out;
}

// {"%list": …} or {"%u64": …}; nothing if it is an object as any other.
result<std::optional<json::value>> read_wrapped(bson_iter_t in) {
  using answer = std::optional<json::value>;
  if (!bson_iter_next(&in)) return answer{};
  std::string_view key = bson_iter_key(&in);
  if (key == list_key && BSON_ITER_HOLDS_ARRAY(&in)) {
    bson_iter_t items;
    bson_iter_recurse(&in, &items);
    TRY(auto list, read_list(items));
    return answer{std::move(list)};
  }
  if (key == u64_key && BSON_ITER_HOLDS_UTF8(&in)) {
    std::uint32_t size = 0;
    const char* text = bson_iter_utf8(&in, &size);
    std::uint64_t number = 0;
    auto [end, failure] = std::from_chars(text, text + size, number);
    if (failure != std::errc{} || end != text + size) return unreadable("is no large number");
    return answer{json::value(number)};
  }
  return answer{};
}

result<json::value> value_at(const bson_iter_t& at) {
  bson_iter_t nested;
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_NULL:
      return json::value(nullptr);
    case BSON_TYPE_BOOL:
      return json::value(bson_iter_bool(&at));
    case BSON_TYPE_INT32:
      return json::value(std::int64_t{bson_iter_int32(&at)});
    case BSON_TYPE_INT64:
      return json::value(bson_iter_int64(&at));
    case BSON_TYPE_DOUBLE:
      return json::value(bson_iter_double(&at));
    case BSON_TYPE_UTF8: {
      std::uint32_t size = 0;
      const char* text = bson_iter_utf8(&at, &size);
      return json::value(json::string_view(text, size));
    }
    case BSON_TYPE_ARRAY: {
      bson_iter_recurse(&at, &nested);
      TRY(auto list, read_list(nested));
      return json::value(std::move(list));
    }
    case BSON_TYPE_DOCUMENT: {
      bson_iter_recurse(&at, &nested);
      TRY(auto wrapped, read_wrapped(nested));
      if (wrapped) return std::move(*wrapped);
      TRY(auto object, to_json(at));
      return json::value(std::move(object));
    }
    default:
      return unreadable("has a BSON type that JSON has not");
  }
}

}  // namespace

void too_large_for_bson() {
  throw std::length_error("larger than BSON can be");
}

bool is_text(std::string_view bytes) {
  return bytes.empty() || bson_utf8_validate(bytes.data(), bytes.size(), true);
}

std::int64_t reply::number(const char* name) const {
  bson_iter_t at;
  return bson_iter_init_find(&at, &bson_, name) ? bson_iter_as_int64(&at) : 0;
}

std::string escaped_key(std::string_view key) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  if (key.empty()) return "%";
  std::string out;
  for (char c : key) {
    if (!is_special(c)) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return out;
}

std::string plain_key(std::string_view key) {
  if (key == "%") return {};
  std::string out;
  for (std::size_t i = 0; i < key.size(); ++i) {
    int high = key[i] == '%' && i + 2 < key.size() ? hex_digit(key[i + 1]) : -1;
    int low = high < 0 ? -1 : hex_digit(key[i + 2]);
    if (low < 0) {
      out += key[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

result<document> to_bson(const json::object& from) {
  document out;
  writer w;
  w.object(out, from, 1);
  if (!w.ok()) return too_deep();
  return out;
}

void put_scalar(document& to, std::string_view key, const json::value& v) {
  switch (v.kind()) {
    case json::kind::null:
      to.put(key, nullptr);
      return;
    case json::kind::bool_:
      to.put(key, v.get_bool());
      return;
    case json::kind::int64:
      to.put(key, v.get_int64());
      return;
    case json::kind::uint64:
      if (std::in_range<std::int64_t>(v.get_uint64())) {
        to.put(key, static_cast<std::int64_t>(v.get_uint64()));
      } else {
        to.put(key, static_cast<double>(v.get_uint64()));
      }
      return;
    case json::kind::double_:
      to.put(key, v.get_double());
      return;
    case json::kind::string:
      to.put(key, std::string_view(v.get_string().data(), v.get_string().size()));
      return;
    default:
      throw std::invalid_argument("a list or an object cannot be compared");
  }
}

result<json::object> to_json(const bson_iter_t& at) {
  bson_iter_t in;
  if (!BSON_ITER_HOLDS_DOCUMENT(&at) || !bson_iter_recurse(&at, &in)) {
    return unreadable("must be an object");
  }
  json::object out;
  while (bson_iter_next(&in)) {
    TRY(auto item, value_at(in));
    out.emplace(plain_key(bson_iter_key(&in)), std::move(item));
  }
  return out;
}

}  // namespace oficio::mongodb
