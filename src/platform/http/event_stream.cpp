#include "platform/http/event_stream.hpp"

#include <algorithm>
#include <utility>

namespace oficio::http {
namespace {

void append_line(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\n");
}

}  // namespace

std::string to_text(const sent_event& e) {
  std::string out;
  out.reserve(e.id.size() + e.type.size() + e.data.size() + 32);
  if (!e.id.empty()) append_line(out, "id", e.id);
  if (e.type != "message") append_line(out, "event", e.type);
  std::string_view left = e.data;
  for (;;) {
    auto end = std::min(left.find('\n'), left.size());
    append_line(out, "data", left.substr(0, end));
    if (end == left.size()) break;
    left.remove_prefix(end + 1);
  }
  return out.append("\n");
}

std::string heartbeat_text(std::string_view id) {
  std::string out(": alive\n");
  append_line(out, "id", id);
  return out.append("\n");
}

bool event_reader::give(std::string_view piece) {
  if (left_.size() + data_.size() > max_bytes_) return false;
  left_.append(piece);
  return true;
}

std::optional<sent_event> event_reader::next() {
  std::optional<sent_event> found;
  std::size_t at = 0;
  while (!found) {
    auto end = left_.find('\n', at);
    if (end == std::string::npos) break;
    auto line = std::string_view(left_).substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) {
      take_line(line);
      continue;
    }
    if (std::exchange(has_data_, false)) {
      found = sent_event{last_id_, type_.empty() ? "message" : type_, std::exchange(data_, {})};
    }
    type_.clear();
  }
  left_.erase(0, at);
  return found;
}

void event_reader::take_line(std::string_view line) {
  auto colon = line.find(':');
  if (colon == 0) return;  // a comment
  auto name = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    if (has_data_) data_.push_back('\n');
    data_.append(value);
    has_data_ = true;
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    last_id_ = value;
  }
}

}  // namespace oficio::http
