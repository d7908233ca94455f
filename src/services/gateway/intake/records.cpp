#include "services/gateway/intake/records.hpp"

#include <cmath>

#include "platform/telemetry/documents.hpp"
#include "services/gateway/intake/picking.hpp"

namespace oficio::gateway::intake {
namespace {

struct stream_name {
  std::string_view type;
  std::string_view dataset;
};

stream_name name_of(stream to) {
  switch (to) {
    case stream::page_loads:
      return {"traces", "apm.rum"};
    case stream::errors:
      return {"logs", "apm.error"};
    case stream::logs:
      return {"logs", "oficio.web"};
  }
  return {"logs", "oficio.web"};
}

telemetry::kind kind_of(stream to) {
  switch (to) {
    case stream::page_loads:
      return telemetry::kind::rum;
    case stream::errors:
      return telemetry::kind::error;
    case stream::logs:
      return telemetry::kind::log;
  }
  return telemetry::kind::log;
}

std::string text(const json::object& in, std::string_view path) {
  auto* found = picker(in).at(path);
  auto* said = found ? found->if_string() : nullptr;
  return said ? std::string(said->data(), said->size()) : std::string();
}

std::int64_t whole(const json::object& in, std::string_view path) {
  return picker(in).whole(path, 0, 4'000'000'000'000'000).value_or(-1);
}

telemetry::summary summary_of(stream to, const json::object& in) {
  bool is_span = text(in, "processor.event") == "span";
  auto timing = std::string(is_span ? "span" : "transaction");
  telemetry::summary out{
      .kind = kind_of(to),
      .service = text(in, "service.name"),
      .level = text(in, "log.level"),
      .trace_id = text(in, "trace.id"),
      .transaction_id = text(in, "transaction.id"),
      .span_id = text(in, "span.id"),
      .parent_id = text(in, "parent.id"),
      .name = text(in, "message"),
      .outcome = text(in, "event.outcome"),
      .status = static_cast<int>(whole(in, "http.response.status_code")),
      .duration_us = whole(in, timing + ".duration.us"),
      .grouping_key = text(in, "error.grouping_key"),
      .user_id = text(in, "user.id"),
      .target = text(in, "span.destination.service.resource"),
      .weight = picker(in).number(timing + ".representative_count", 0, 1e6).value_or(1)};
  if (to == stream::page_loads) out.name = text(in, timing + ".name");
  return out;
}

}  // namespace

telemetry::record record_of(document from, const std::string& environment) {
  auto [type, dataset] = name_of(from.to);
  auto& fields = from.fields;
  put(fields, "service.environment", environment);
  put(fields, "data_stream.type", type);
  put(fields, "data_stream.dataset", dataset);
  put(fields, "data_stream.namespace", environment);
  telemetry::record out;
  out.stream = std::string(type) + "-" + std::string(dataset) + "-" + environment;
  out.time_us = whole(fields, "timestamp.us");
  // Not one of the browser's ids: anybody could take somebody else's.
  out.id = telemetry::line_id(out.time_us);
  if (from.to == stream::logs) put(fields, "oficio.line", out.id);
  out.about = summary_of(from.to, fields);
  out.document = json::to_text(json::value(std::move(fields)));
  return out;
}

}  // namespace oficio::gateway::intake
