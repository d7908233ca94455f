// Forms with files: refused, or parts whose bytes lie in the body, in order and without overlap,
// and whose names are plain text.
#include "platform/http/multipart.hpp"

#include <algorithm>

#include "fuzz/must.hpp"

namespace oficio::fuzz {

bool is_plain(const std::string& text) {
  return std::ranges::none_of(text, [](char c) { return c >= 0 && (c < ' ' || c == 0x7f); });
}

void run(std::string_view bytes) {
  // The first line is the Content-Type, the rest the body.
  auto end = std::min(bytes.find('\n'), bytes.size());
  auto body = bytes.substr(std::min(end + 1, bytes.size()));
  http::form_limits limits{.max_parts = 8, .max_header_bytes = 512};
  auto form = http::read_form(bytes.substr(0, end), body, limits);
  if (!form) {
    must(form.error().kind == errc::bad_request || form.error().kind == errc::unsupported);
    must(!form.error().detail.empty());
    return;
  }
  must(form->size() <= limits.max_parts);
  const char* at = body.data();
  for (const auto& part : *form) {
    must(!part.name.empty() && is_plain(part.name) && is_plain(part.file_name));
    must(part.is_file || part.file_name.empty());
    must(part.bytes.data() >= at &&
         part.bytes.data() + part.bytes.size() <= body.data() + body.size());
    at = part.bytes.data() + part.bytes.size();
  }
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  oficio::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
