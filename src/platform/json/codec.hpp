#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include "platform/base/time.hpp"
#include "platform/json/reader.hpp"

namespace oficio::json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

// How a type is written to JSON and read from it. Described structs and enums, and the standard
// types below, need nothing; specialise it for a type that wants another form.
template <class T>
struct codec;

template <class T>
concept described_struct = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;

template <class T>
concept described_enum = boost::describe::has_describe_enumerators<T>::value;

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool>;

template <>
struct codec<value> {
  static value write(const value& v) { return v; }
  static void read(const value& v, value& out, reader&) { out = v; }
};

template <>
struct codec<object> {
  static value write(const object& v) { return v; }
  static void read(const value& v, object& out, reader& in) {
    if (auto* o = v.if_object()) {
      out = *o;
    } else {
      in.fail("type", "must be an object");
    }
  }
};

template <>
struct codec<bool> {
  static value write(bool v) { return v; }
  static void read(const value& v, bool& out, reader& in) {
    if (auto* b = v.if_bool()) {
      out = *b;
    } else {
      in.fail("type", "must be true or false");
    }
  }
};

template <integer T>
struct codec<T> {
  static value write(T v) { return v; }
  static void read(const value& v, T& out, reader& in) {
    if (auto* i = v.if_int64(); i && std::in_range<T>(*i)) {
      out = static_cast<T>(*i);
    } else if (auto* u = v.if_uint64(); u && std::in_range<T>(*u)) {
      out = static_cast<T>(*u);
    } else if (i || u) {
      in.fail("range", "is out of range");
    } else {
      in.fail("type", "must be a whole number");
    }
  }
};

template <>
struct codec<double> {
  static value write(double v) { return v; }
  static void read(const value& v, double& out, reader& in) {
    if (v.is_number()) {
      out = v.to_number<double>();
    } else {
      in.fail("type", "must be a number");
    }
  }
};

template <>
struct codec<std::string> {
  static value write(const std::string& v) { return value(v); }
  static void read(const value& v, std::string& out, reader& in) {
    if (auto* s = v.if_string()) {
      out.assign(s->data(), s->size());
    } else {
      in.fail("type", "must be a string");
    }
  }
};

template <>
struct codec<time_point> {
  static value write(time_point v) { return value(format_time(v)); }
  static void read(const value& v, time_point& out, reader& in) {
    auto* s = v.if_string();
    auto parsed = s ? parse_time(std::string_view(s->data(), s->size())) : std::nullopt;
    if (parsed) {
      out = *parsed;
    } else {
      in.fail("type", "must be a time such as 2026-01-31T09:30:00Z");
    }
  }
};

template <described_enum T>
struct codec<T> {
  static value write(T v) { return value(boost::describe::enum_to_string(v, "?")); }
  static void read(const value& v, T& out, reader& in) {
    auto* s = v.if_string();
    if (!s || !boost::describe::enum_from_string(std::string(s->data(), s->size()).c_str(), out)) {
      in.fail("choice", "must be one of: " + choices());
    }
  }
  static std::string choices() {
    std::string all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) {
      if (!all.empty()) all += ", ";
      all += d.name;
    });
    return all;
  }
};

// An absent member and null read the same; nothing is written as null.
template <class T>
struct codec<std::optional<T>> {
  static value write(const std::optional<T>& v) { return v ? codec<T>::write(*v) : value(nullptr); }
  static void read(const value& v, std::optional<T>& out, reader& in) {
    if (v.is_null()) {
      out.reset();
    } else {
      codec<T>::read(v, out.emplace(), in);
    }
  }
};

template <class T>
struct codec<std::vector<T>> {
  static value write(const std::vector<T>& v) {
    array out;
    out.reserve(v.size());
    for (const auto& item : v) out.push_back(codec<T>::write(item));
    return out;
  }
  static void read(const value& v, std::vector<T>& out, reader& in) {
    auto* items = v.if_array();
    if (!items) return in.fail("type", "must be a list");
    out.clear();
    out.reserve(items->size());
    for (const auto& item : *items) {
      reader::step down(in, out.size());
      T next{};
      codec<T>::read(item, next, in);
      out.push_back(std::move(next));
    }
  }
};

template <class T, std::size_t N>
struct codec<std::array<T, N>> {
  static value write(const std::array<T, N>& v) {
    array out;
    for (const auto& item : v) out.push_back(codec<T>::write(item));
    return out;
  }
  static void read(const value& v, std::array<T, N>& out, reader& in) {
    auto* items = v.if_array();
    if (!items || items->size() != N) {
      return in.fail("type", "must be a list of " + std::to_string(N));
    }
    for (std::size_t i = 0; i < N; ++i) {
      reader::step down(in, i);
      codec<T>::read((*items)[i], out[i], in);
    }
  }
};

template <class T>
struct codec<std::map<std::string, T>> {
  static value write(const std::map<std::string, T>& v) {
    object out;
    for (const auto& [name, item] : v) out.emplace(name, codec<T>::write(item));
    return out;
  }
  static void read(const value& v, std::map<std::string, T>& out, reader& in) {
    auto* members = v.if_object();
    if (!members) return in.fail("type", "must be an object");
    out.clear();
    for (const auto& member : *members) {
      std::string name(member.key());
      reader::step down(in, name);
      codec<T>::read(member.value(), out[name], in);
    }
  }
};

namespace detail {
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;
}  // namespace detail

template <described_struct T>
struct codec<T> {
  using members = boost::describe::describe_members<T, boost::describe::mod_public>;

  static value write(const T& v) {
    object out;
    boost::mp11::mp_for_each<members>([&](auto d) {
      const auto& member = v.*d.pointer;
      out.emplace(d.name, codec<std::remove_cvref_t<decltype(member)>>::write(member));
    });
    return out;
  }

  static void read(const value& v, T& out, reader& in) {
    auto* from = v.if_object();
    if (!from) return in.fail("type", "must be an object");
    boost::mp11::mp_for_each<members>([&](auto d) {
      auto& member = out.*d.pointer;
      using member_type = std::remove_cvref_t<decltype(member)>;
      reader::step down(in, std::string_view(d.name));
      if (auto* found = from->if_contains(d.name)) {
        codec<member_type>::read(*found, member, in);
      } else if (in.refuses_unknown() && !detail::is_optional<member_type>) {
        in.fail("required", "is required");
      }
    });
    if (in.refuses_unknown()) refuse_unknown(*from, in);
  }

 private:
  static void refuse_unknown(const object& from, reader& in) {
    for (const auto& entry : from) {
      bool known = false;
      boost::mp11::mp_for_each<members>([&](auto d) { known = known || entry.key() == d.name; });
      if (known) continue;
      reader::step down(in, std::string_view(entry.key().data(), entry.key().size()));
      in.fail("unknown", "is not a known field");
    }
  }
};

}  // namespace oficio::json
