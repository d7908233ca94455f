#pragma once

#include <optional>

#include <soci/type-conversion-traits.h>

namespace soci {

// std::optional<T> as a nullable column or parameter (SOCI 4.0 knows only boost::optional).
template <class T>
struct type_conversion<std::optional<T>> {
  using base_type = typename type_conversion<T>::base_type;

  static void from_base(const base_type& in, indicator ind, std::optional<T>& out) {
    if (ind == i_null) {
      out.reset();
    } else {
      type_conversion<T>::from_base(in, ind, out.emplace());
    }
  }

  static void to_base(const std::optional<T>& in, base_type& out, indicator& ind) {
    if (in) {
      type_conversion<T>::to_base(*in, out, ind);
    } else {
      ind = i_null;
    }
  }
};

}  // namespace soci
