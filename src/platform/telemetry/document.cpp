#include "platform/telemetry/document.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "platform/base/time.hpp"
#include "platform/base/unicode.hpp"

namespace oficio::telemetry::detail {
namespace {

namespace json = boost::json;

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// A byte that is no UTF-8 is told by code_point() as a character that no text has.
bool is_broken(char32_t c) {
  return c == 0xFFFF;
}

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
  put("@timestamp", timestamp(time_us));
  put("ecs.version", "8.11.0");
  put_text("service.name", service);
  put_some("service.version", from.version);
  put_some("service.environment", from.environment);
  put_some("service.node.name", from.node);
  put_some("host.hostname", from.host);
  if (from.pid > 0) put("process.pid", from.pid);
}

void document::place(std::string_view name, json::value value) {
  auto* at = &root_;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    auto& next = (*at)[name.substr(0, dot)];
    if (next.is_null()) next.emplace_object();
    if (!next.is_object()) return;
    at = &next.get_object();
    name.remove_prefix(dot + 1);
  }
  auto* there = at->if_contains(name);
  if (there && there->is_object()) return;
  (*at)[name] = std::move(value);
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

std::string document::text() const {
  return json::serialize(root_);
}

}  // namespace oficio::telemetry::detail
