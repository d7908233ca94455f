#pragma once

#include "platform/http/message.hpp"
#include "platform/json/json.hpp"

namespace oficio::http {

// Error: unsupported `unsupported_media_type` unless the request says that its body is JSON.
result<void> expect_json(const request& r);

// The JSON body as a described struct.
// Errors: unsupported `unsupported_media_type`, and those of json::from_request.
template <class T>
result<T> read_body(const request& r) {
  TRY_VOID(expect_json(r));
  return json::from_request<T>(r.body);
}

}  // namespace oficio::http
