#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.hpp"

namespace oficio::gateway::intake {

// A body as it was before its Content-Encoding ("", "identity" or "gzip"), never more than `most`
// bytes: what a compressed body would become is stopped there, not made first. Errors: too_large
// `too_large`, unsupported `unsupported_encoding`, bad_request `malformed_gzip`.
result<std::string> unpack(std::string body, std::string_view encoding, std::size_t most);

}  // namespace oficio::gateway::intake
