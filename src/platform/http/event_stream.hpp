#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oficio::http {

inline constexpr std::string_view event_stream_type = "text/event-stream";

// One of the events that a body of text/event-stream is made of (HTML, "Server-sent events").
struct sent_event {
  std::string id;  // where a reader that comes back goes on; empty: as before
  std::string type = "message";
  std::string data;

  friend bool operator==(const sent_event&, const sent_event&) = default;
};

std::string to_text(const sent_event& e);
// Says that the writer is alive, and moves the place where a reader goes on.
std::string heartbeat_text(std::string_view id);

// Takes the pieces of such a body as they come. Lines end in LF or CRLF.
class event_reader {
 public:
  // `max_bytes`: of one event.
  explicit event_reader(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // False: an event is larger than it may be. Between two calls next() is called to the end.
  bool give(std::string_view piece);
  std::optional<sent_event> next();

  // Of the last event or heartbeat that next() has passed.
  const std::string& last_id() const { return last_id_; }

 private:
  void take_line(std::string_view line);

  const std::size_t max_bytes_;
  std::string left_;
  std::string type_;
  std::string data_;
  bool has_data_ = false;
  std::string last_id_;
};

}  // namespace oficio::http
