#pragma once

#include <string>
#include <string_view>

namespace oficio::security {

// Must be called before any other function of libsodium. Cheap after the first time; throws
// std::runtime_error if the library cannot work here.
void require_sodium();

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace oficio::security
