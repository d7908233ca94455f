#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oficio::gateway {

// A file of the web application, in the forms in which it can be sent; all live as long as the
// bundle's bytes.
struct web_file {
  std::string path;  // "/assets/index-1a2b.js"
  std::string type;
  std::string tag;         // its ETag: a weak one, for its forms have different bytes
  bool immutable = false;  // its name changes with its content
  std::string_view plain;
  std::string_view gzip;    // empty: not worth it
  std::string_view brotli;  // empty: not worth it
};

// What web/scripts/pack.mjs makes of the built application: a line of JSON, then all bytes.
struct web_bundle {
  std::vector<std::string> pages;  // patterns of the addresses that the application knows
  std::vector<web_file> files;
};

// Throws std::runtime_error if `bytes` are no bundle. They must outlive what is given.
web_bundle read_web_bundle(std::string_view bytes);

}  // namespace oficio::gateway
