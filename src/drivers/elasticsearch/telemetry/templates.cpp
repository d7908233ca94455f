#include "drivers/elasticsearch/telemetry/templates.hpp"

#include <string_view>
#include <utility>

namespace oficio::elasticsearch {
namespace {

// Above everything that Elasticsearch (at most 240) or Kibana's packages (200) bring for these
// names.
constexpr int priority = 500;

json::object keyword() {
  return {{"type", "keyword"}, {"ignore_above", 1'024}};
}

json::object searched_text() {
  return {{"type", "text"},
          {"fields", {{"keyword", {{"type", "keyword"}, {"ignore_above", 256}}}}}};
}

// Kept and counted whole, and searched word by word beside it.
json::object keyword_with_text(int longest) {
  return {
      {"type", "keyword"}, {"ignore_above", longest}, {"fields", {{"text", {{"type", "text"}}}}}};
}

json::object plain(std::string_view type) {
  return {{"type", type}};
}

json::object rule(std::string_view name, json::object match, json::object mapping) {
  match["mapping"] = std::move(mapping);
  return {{name, std::move(match)}};
}

json::array dynamic_rules() {
  json::array out;
  out.push_back(rule("labels", {{"path_match", "labels.*"}}, keyword()));
  out.push_back(rule("numeric_labels", {{"path_match", "numeric_labels.*"}}, plain("double")));
  // A level that is a whole number at first may be none later.
  for (auto seen : {"long", "double"}) {
    out.push_back(rule(std::string(seen) + "_figures",
                       {{"path_match", "oficio.*"}, {"match_mapping_type", seen}},
                       plain("double")));
  }
  out.push_back(rule("texts", {{"match_mapping_type", "string"}}, keyword()));
  return out;
}

// {"a.b", mapping}: below "properties" of a.
void put(json::object& properties, std::string_view name, json::object mapping) {
  auto* at = &properties;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    auto& inner = (*at)[name.substr(0, dot)];
    if (inner.is_null()) inner = json::object{{"properties", json::object{}}};
    auto& below = inner.get_object()["properties"];
    at = &below.get_object();
    name.remove_prefix(dot + 1);
  }
  (*at)[name] = std::move(mapping);
}

void put_all(json::object& properties, std::string_view type,
             std::initializer_list<std::string_view> names) {
  for (auto name : names) put(properties, name, plain(type));
}

// Names of labels are the senders' own, and anybody may send as a browser: were each a field, a few
// requests would leave no room for others, and the server busy with its mappings. What the web
// application sends is found by them; what others send is kept and shown.
void put_labels_of_browsers(json::object& properties) {
  auto only = [](json::object known) {
    return json::object{{"type", "object"}, {"dynamic", false}, {"properties", std::move(known)}};
  };
  json::object texts;
  for (auto name : {"kind", "language", "method", "route", "width"}) texts[name] = keyword();
  json::object numbers;
  for (auto name : {"cls_value", "inp_value", "lcp_value", "lost", "status"}) {
    numbers[name] = plain("double");
  }
  put(properties, "labels", only(std::move(texts)));
  put(properties, "numeric_labels", only(std::move(numbers)));
}

// All fields whose kind cannot be guessed from a first value.
json::object known_fields() {
  json::object p;
  put_all(p, "date", {"@timestamp"});
  put_all(p, "ip", {"client.ip"});
  put_all(p, "long",
          {"event.duration", "event.success_count", "http.request.body.bytes",
           "http.response.body.bytes", "http.response.status_code", "process.pid",
           "process.thread.id", "server.port", "span.destination.service.response_time.count",
           "span.destination.service.response_time.sum.us", "span.duration.us", "timestamp.us",
           "transaction.duration.us", "transaction.span_count.dropped",
           "transaction.span_count.started", "log.origin.file.line"});
  put_all(
      p, "double",
      {"span.representative_count", "transaction.representative_count", "system.cpu.total.norm.pct",
       "system.memory.actual.free", "system.memory.total", "system.process.cpu.total.norm.pct",
       "system.process.memory.rss.bytes", "system.process.memory.size",
       "transaction.experience.cls", "transaction.experience.fid", "transaction.experience.inp",
       "transaction.experience.tbt", "transaction.experience.longtask.count",
       "transaction.experience.longtask.max", "transaction.experience.longtask.sum"});
  put_all(p, "boolean", {"transaction.sampled", "span.sync"});
  put(p, "message", searched_text());
  put(p, "error.message", searched_text());
  put(p, "error.stack_trace", {{"type", "text"}, {"index", false}});
  put(p, "url.path", keyword_with_text(2'048));
  put(p, "url.full", keyword_with_text(2'048));
  put(p, "url.original", keyword_with_text(2'048));
  put(p, "transaction.name", keyword_with_text(1'024));
  put(p, "span.name", keyword_with_text(1'024));
  put(p, "user_agent.original", keyword_with_text(1'024));
  put(p, "error.grouping_name", keyword_with_text(1'024));
  put(p, "span.db.statement",
      {{"type", "keyword"}, {"ignore_above", 2'048}, {"index", false}, {"doc_values", false}});
  // Read as a whole, never searched: a stack has as many fields as it has frames.
  put(p, "error.exception", {{"type", "object"}, {"enabled", false}});
  put(p, "transaction.marks", {{"type", "object"}, {"dynamic", true}});
  return p;
}

json::object index_settings(const json::value& more) {
  json::object index{
      {"mapping", {{"ignore_malformed", true}, {"total_fields", {{"limit", 2'000}}}}},
      {"number_of_shards", 1},
      {"auto_expand_replicas", "0-1"},
      {"refresh_interval", "5s"},
      {"codec", "best_compression"}};
  if (const auto* given = more.if_object()) {
    for (const auto& [name, value] : *given) index[name] = value;
  }
  return {{"index", std::move(index)}};
}

}  // namespace

std::vector<stream_template> stream_templates(const std::string& environment) {
  using kind = stream_template::kind;
  return {{"oficio-logs-" + environment, "logs-oficio.*-" + environment, kind::logs, true},
          {"oficio-errors-" + environment, "logs-apm.error-" + environment, kind::logs, true},
          {"oficio-traces-" + environment, "traces-apm-" + environment, kind::traces},
          {"oficio-rum-" + environment, "traces-apm.rum-" + environment, kind::traces, true},
          {"oficio-metrics-" + environment, "metrics-apm.app.*-" + environment, kind::metrics},
          {"oficio-destinations-" + environment,
           "metrics-apm.service_destination.1m-" + environment, kind::metrics}};
}

json::value template_body(const stream_template& of, int days, const json::value& settings,
                          const json::value& lifecycle) {
  auto fields = known_fields();
  if (of.from_browsers) put_labels_of_browsers(fields);
  json::object inner{{"settings", index_settings(settings)},
                     {"mappings",
                      {{"_meta", {{"template_version", template_version}}},
                       {"date_detection", false},
                       {"numeric_detection", false},
                       {"dynamic_templates", dynamic_rules()},
                       {"properties", std::move(fields)}}}};
  if (!lifecycle.is_null()) inner["lifecycle"] = lifecycle;
  return json::object{{"index_patterns", json::array{of.pattern}},
                      {"data_stream", json::object{}},
                      {"priority", priority},
                      {"version", template_version},
                      {"template", std::move(inner)},
                      {"_meta",
                       {{"description", "Put by `oficio setup elasticsearch`"},
                        {"managed_by", "oficio"},
                        {"days", days}}}};
}

}  // namespace oficio::elasticsearch
