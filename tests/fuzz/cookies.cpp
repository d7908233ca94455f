// Cookie headers: a value that is found stands in the header, and has no separator in it.
#include "services/gateway/cookies.hpp"

#include "fuzz/must.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace oficio;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  http::headers headers;
  headers.add("Cookie", std::string(bytes));
  for (std::string_view name : {"session", "refresh", "csrf", "device", ""}) {
    auto value = gateway::cookie_value(headers, name);
    must(value.find(';') == std::string_view::npos);
    must(value.empty() || bytes.find(value) != std::string_view::npos);
  }
  if (gateway::is_cookie_value(bytes)) {
    http::headers sent;
    sent.add("Cookie", "a=b; session=" + std::string(bytes) + "; c=d");
    must(gateway::cookie_value(sent, "session") == bytes);
  }
  return 0;
}
