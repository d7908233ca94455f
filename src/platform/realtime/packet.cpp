#include "platform/realtime/packet.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/json/parse.hpp>

namespace oficio::realtime {
namespace {

// As many digits as JavaScript counts exactly.
constexpr std::size_t max_digits = 15;

// Takes the digits at the front; nothing if there are none or too many.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t out = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  auto size = static_cast<std::size_t>(end - text.data());
  if (failure != std::errc{} || size > max_digits) return std::nullopt;
  text.remove_prefix(size);
  return out;
}

bool is_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

bool has_attachments(kind k) {
  return k == kind::binary_event || k == kind::binary_ack;
}

// What the client's library calls itself on its own socket.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"\"connect\"",     "\"connect_error\"",
                                                  "\"disconnect\"",  "\"disconnecting\"",
                                                  "\"newListener\"", "\"removeListener\""};
  return std::ranges::find(names, name) != names.end();
}

bool has_name(const packet& p) {
  if (p.items.elements.empty()) return false;
  auto name = p.items.elements.front().of(p.data);
  bool is_name = name.front() == '"' || name.front() == '-' || is_digit(name);
  return is_name && !is_reserved(name);
}

bool read_data(packet& p) {
  switch (p.kind) {
    case kind::connect:
      return p.data.empty() || is_object(p.data);
    case kind::disconnect:
      return p.data.empty();
    case kind::connect_error:
      return false;  // a client has no say in it
    case kind::event:
    case kind::binary_event:
      if (!scan_array(p.data, p.items) || !has_name(p)) return false;
      break;
    case kind::ack:
    case kind::binary_ack:
      if (!p.id || !scan_array(p.data, p.items)) return false;
      break;
  }
  return !has_attachments(p.kind) || p.items.placeholders <= p.attachments;
}

}  // namespace

bool read_packet(std::string_view text, std::uint32_t max_attachments, packet& out) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return false;
  out.kind = static_cast<kind>(text.front());
  text.remove_prefix(1);
  out.attachments = 0;
  if (has_attachments(out.kind)) {
    auto count = take_number(text);
    if (!count || *count < 1 || *count > max_attachments || !text.starts_with('-')) return false;
    out.attachments = static_cast<std::uint32_t>(*count);
    text.remove_prefix(1);
  }
  out.space = "/";
  if (text.starts_with('/')) {
    auto end = std::min(text.find(','), text.size());
    out.space = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out.id.reset();
  if (is_digit(text)) {
    out.id = take_number(text);
    if (!out.id) return false;
  }
  out.data = text;
  out.items.placeholders = 0;
  return read_data(out);
}

std::string_view event_name(const packet& of, std::string& room) {
  auto name = of.items.elements.front().of(of.data);
  if (name.front() != '"') return name;
  if (name.find('\\') == std::string_view::npos) return name.substr(1, name.size() - 2);
  boost::system::error_code failure;
  auto read = boost::json::parse({name.data(), name.size()}, failure);
  if (failure || !read.is_string()) return {};  // half a surrogate pair: nobody's name
  room = read.get_string();
  return room;
}

std::string packet_head(kind k, std::size_t attachments, std::string_view space,
                        std::optional<std::uint64_t> id) {
  std::string out{'4', static_cast<char>(k)};
  if (attachments > 0) out.append(std::to_string(attachments)).push_back('-');
  if (space != "/") out.append(space).push_back(',');
  if (id) out.append(std::to_string(*id));
  return out;
}

}  // namespace oficio::realtime
