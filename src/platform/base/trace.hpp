#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oficio {

// A W3C trace context: which trace this work belongs to and which span is its parent.
struct trace_context {
  std::string trace_id;   // 32 hex digits
  std::string span_id;    // 16 hex digits: our own span
  std::string parent_id;  // 16 hex digits, or empty at the root
  // Our own span is recorded, and who is called may look for it. Of a header: what the caller says
  // of its span, until somebody decides about ours.
  bool sampled = false;

  // A trace of our own, which nobody records yet.
  static trace_context start();
  // A span below the one that a `traceparent` header names; nothing if the header is malformed.
  static std::optional<trace_context> from_header(std::string_view traceparent);

  trace_context child() const;
  // The `traceparent` header that names our span as the parent, and says whether it is recorded.
  std::string header() const;
};

}  // namespace oficio
