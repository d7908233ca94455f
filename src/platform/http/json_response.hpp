#pragma once

#include "platform/http/message.hpp"
#include "platform/json/json.hpp"

namespace oficio::http {

template <class T>
response json_response(int status, const T& value) {
  return json_response(status, json::to_text(value));
}

}  // namespace oficio::http
