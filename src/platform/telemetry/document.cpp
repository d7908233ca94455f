#include "platform/telemetry/document.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <boost/json/serialize.hpp>

#include "platform/base/time.hpp"
#include "platform/base/unicode.hpp"

namespace oficio::telemetry::detail {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// A byte that is no UTF-8 is told by code_point() as a character that no text has.
bool is_broken(char32_t c) {
  return c == 0xFFFF;
}

// As a JSON string.
void quote(std::string& to, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  to += '"';
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    to.append(text, done, at - done);
    done = at + 1;
    if (c >= 0x20) {
      to.append("\\").append(1, text[at]);
    } else {
      to.append("\\u00").append(1, digits[c >> 4U]).append(1, digits[c & 15U]);
    }
  }
  to.append(text, done).append("\"");
}

// More than most documents have.
constexpr std::size_t usual_nodes = 64;
constexpr std::size_t usual_bytes = 1'024;

}  // namespace

std::string clean(std::string_view text, std::size_t longest) {
  text = text.substr(0, longest + 4);
  bool plain = text.size() <= longest && std::ranges::all_of(text, [](char c) {
                 return static_cast<unsigned char>(c) < 128;
               });
  if (plain) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto [c, size] = code_point(text, at);
    auto piece = is_broken(c) ? replacement : text.substr(at, size);
    if (out.size() + piece.size() > longest) break;
    out += piece;
    at += size;
  }
  return out;
}

std::string stream(std::string_view type, std::string_view dataset, std::string_view environment) {
  std::string out(type);
  return out.append("-").append(dataset).append("-").append(environment);
}

document::document(const origin& from, std::string_view service, std::int64_t time_us) {
  nodes_.reserve(usual_nodes);
  values_.reserve(usual_bytes);
  nodes_.emplace_back();
  put("@timestamp", timestamp(time_us));
  put("ecs.version", "8.11.0");
  put_text("service.name", service);
  put_some("service.version", from.version);
  put_some("service.environment", from.environment);
  put_some("service.node.name", from.node);
  put_some("host.hostname", from.host);
  put_some("host.name", from.host);  // by which Kibana's pages of hosts look
  if (from.pid > 0) put("process.pid", from.pid);
}

std::size_t document::within(std::size_t object, std::string_view name) {
  for (auto i = nodes_[object].first; i != 0; i = nodes_[i].next) {
    if (nodes_[i].name == name) return i;
  }
  auto made = nodes_.size();
  nodes_.push_back({.name = name});
  auto& in = nodes_[object];
  (in.first == 0 ? in.first : nodes_[in.last].next) = made;
  in.last = made;
  return made;
}

void document::place(std::string_view name, std::string_view json) {
  std::size_t at = 0;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    at = within(at, name.substr(0, dot));
    if (nodes_[at].size > 0) return;
    name.remove_prefix(dot + 1);
  }
  auto& to = nodes_[within(at, name)];
  if (to.first != 0) return;
  to.at = values_.size();
  to.size = json.size();
  values_ += json;
}

void document::put(std::string_view name, std::string_view text) {
  std::string json;
  json.reserve(text.size() + 2);
  quote(json, text);
  place(name, json);
}

void document::put(std::string_view name, bool value) {
  place(name, value ? "true" : "false");
}

void document::put(std::string_view name, double value) {
  if (!std::isfinite(value)) return place(name, "null");
  std::array<char, 32> digits{};
  auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  std::string text(digits.data(), end);
  // A server that sees it first must not take the field for one of whole numbers.
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  place(name, text);
}

void document::put(std::string_view name, const boost::json::value& value) {
  place(name, boost::json::serialize(value));
}

void document::put_text(std::string_view name, std::string_view text, std::size_t longest) {
  put(name, clean(text, longest));
}

void document::put_some(std::string_view name, std::string_view text, std::size_t longest) {
  if (!text.empty()) put_text(name, text, longest);
}

void document::is_apm(std::string_view event, std::int64_t time_us) {
  put("processor.event", event);
  put("timestamp.us", time_us);
  put("agent.name", "oficio");
  put("agent.version", "1");
  put("service.language.name", "C++");
  put("service.framework.name", "oficio");
}

void document::data_stream(std::string_view type, std::string_view dataset,
                           std::string_view environment) {
  put("data_stream.type", type);
  put("data_stream.dataset", dataset);
  put("data_stream.namespace", environment);
}

void document::http(const http_facts& facts) {
  put_some("http.request.method", facts.method);
  put_some("http.request.id", facts.request_id);
  if (facts.request_bytes > 0) put("http.request.body.bytes", facts.request_bytes);
  if (facts.status > 0) put("http.response.status_code", facts.status);
  if (facts.response_bytes > 0) put("http.response.body.bytes", facts.response_bytes);
  put_some("http.route", facts.route);
  put_some("url.path", facts.path, 2'048);
  put_some("client.ip", facts.client_ip);
  put_some("user_agent.original", facts.user_agent);
}

// An object in which nothing was placed has none of its own: whoever made it placed something.
void document::write(std::size_t object, std::string& to) const {
  to += '{';
  for (auto i = nodes_[object].first; i != 0; i = nodes_[i].next) {
    const auto& one = nodes_[i];
    if (!to.ends_with('{')) to += ',';
    quote(to, one.name);
    to += ':';
    if (one.size > 0) {
      to.append(values_, one.at, one.size);
    } else {
      write(i, to);
    }
  }
  to += '}';
}

std::string document::text() const {
  std::string out;
  out.reserve(values_.size() + nodes_.size() * 16);
  write(0, out);
  return out;
}

}  // namespace oficio::telemetry::detail
