#pragma once

#include <memory>
#include <string>

#include "platform/files/shelf.hpp"
#include "platform/http/body_stream.hpp"

namespace oficio::files {

// Whether a form is too large to be answered from memory as a whole.
bool is_streamed(const blobs::variant& form);

// Its bytes, piece by piece as the client takes them, so that a download holds one piece however
// large the file and however slow the client. `from` must outlive the stream. `wanted` is one of
// b's.
std::shared_ptr<http::body_stream> stream_of(shelf& from, const context& ctx, blobs::blob b,
                                             const blobs::variant& wanted);

}  // namespace oficio::files
