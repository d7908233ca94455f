#include "services/gateway/intake/about.hpp"

#include <cmath>

#include "platform/base/unicode.hpp"
#include "platform/base/uuid.hpp"
#include "services/gateway/intake/browser.hpp"

namespace oficio::gateway::intake {
namespace {

// Everybody can post here: whatever a page calls itself, it must not pass for one of the services.
constexpr std::string_view service_name = "web";
constexpr std::size_t most_labels = 20;
constexpr std::size_t longest_label_name = 40;
constexpr std::size_t longest_label = 1'024;
// Said once, and kept with each event: a small request must not become a hundred large documents.
constexpr std::size_t longest_common_label = 64;

// Names become fields of an index, where a dot would begin an object.
std::string label_name(std::string_view name) {
  std::string out;
  for (char c : name.substr(0, longest_label_name)) {
    bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += fine ? c : '_';
  }
  return out;
}

}  // namespace

static void put_browser(json::object& to, const std::string& user_agent) {
  auto is = browser_of(user_agent);
  put(to, "user_agent.original", user_agent);
  put(to, "user_agent.name", is.name);
  if (!is.version.empty()) put(to, "user_agent.version", is.version);
  put(to, "user_agent.os.name", is.system);
  put(to, "user_agent.device.name", is.device);
}

about::about(const picker& metadata, const sender& by) : arrived_(by.arrived) {
  put(common_, "service.name", service_name);
  put(common_, "service.version", metadata.word("service.version"));
  put(common_, "service.language.name", "javascript");
  put(common_, "agent.name", metadata.word("service.agent.name").value_or("rum-js"));
  put(common_, "agent.version", metadata.word("service.agent.version").value_or("unknown"));
  put(common_, "observer.type", "oficio-gateway");
  if (!by.address.empty()) put(common_, "client.ip", by.address);
  auto browser = tidy_line(by.user_agent.substr(0, 512), 512);
  if (!browser.empty()) put_browser(common_, browser);
  put_labels(common_, metadata.in("labels"), longest_common_label);
}

json::object about::begin(const picker& event, time_point at) const {
  auto out = common_;
  put(out, "@timestamp", format_time(at));
  put(out, "timestamp.us", at.time_since_epoch().count() * 1'000);
  put_address(out, event, "context.page.url");
  auto from_page = event.address("context.page.referer");
  if (from_page) put(out, "http.request.referrer", from_page->full);
  // Never a name or an e-mail address, which other people's agents like to send.
  auto account = event.word("context.user.id");
  if (account && is_uuid(*account)) put(out, "user.id", *account);
  put_labels(out, event.in("context.tags"), longest_label);
  return out;
}

void put_address(json::object& to, const picker& from, std::string_view path) {
  auto url = from.address(path);
  if (!url) return;
  put(to, "url.full", url->full);
  put(to, "url.scheme", url->scheme);
  put(to, "url.domain", url->domain);
  put(to, "url.path", url->path);
  if (url->port > 0) put(to, "url.port", url->port);
}

void put_labels(json::object& to, const picker& tags, std::size_t longest) {
  if (tags.empty()) return;
  std::size_t taken = 0;
  for (const auto& tag : *tags.members()) {
    if (tag.key().empty() || taken == most_labels) continue;
    auto name = label_name({tag.key().data(), tag.key().size()});
    if (auto* text = tag.value().if_string()) {
      put(to, "labels." + name, scrubbed({text->data(), text->size()}, longest));
    } else if (tag.value().is_bool()) {
      put(to, "labels." + name, tag.value().get_bool() ? "true" : "false");
    } else if (tag.value().is_number() && std::isfinite(tag.value().to_number<double>())) {
      put(to, "numeric_labels." + name, tag.value());
    } else {
      continue;
    }
    ++taken;
  }
}

}  // namespace oficio::gateway::intake
