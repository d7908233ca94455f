#include "platform/http/body.hpp"

namespace oficio::http {

result<void> expect_json(const request& r) {
  auto type = r.headers.get("Content-Type");
  type = type.substr(0, type.find(';'));  // a charset changes nothing: JSON is UTF-8
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  if (equal_ignoring_case(type, "application/json")) return {};
  return error{errc::unsupported, "unsupported_media_type",
               "The body must be JSON, with the header Content-Type: application/json."};
}

}  // namespace oficio::http
