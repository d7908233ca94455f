#include "conformance/archive/samples.hpp"

#include "platform/base/random.hpp"
#include "platform/telemetry/documents.hpp"

namespace oficio::archive::conformance {
namespace {

using telemetry::kind;
using telemetry::record;

const telemetry::origin us{.version = "1", .environment = "test", .node = "here:1", .host = "here"};

std::int64_t time_us(std::chrono::milliseconds after) {
  return (noon() + after).time_since_epoch().count() * 1'000;
}

trace_context trace_of(const std::string& trace, const std::string& span,
                       const std::string& parent) {
  return {trace.empty() ? random_hex(16) : trace, span, parent};
}

// What the gateway makes of a browser's report.
class sample {
 public:
  sample(kind k, std::string stream, const std::string& service, std::chrono::milliseconds after) {
    out_.about.kind = k;
    out_.about.service = service;
    out_.stream = std::move(stream);
    out_.id = random_hex(10);
    out_.time_us = time_us(after);
    put("@timestamp", format_time(noon() + after));
    put("service.name", service);
  }

  void put(std::string_view path, json::value v) {
    json::object* in = &document_;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
      auto& next = (*in)[path.substr(0, dot)];
      if (!next.is_object()) next.emplace_object();
      in = &next.get_object();
      path.remove_prefix(dot + 1);
    }
    (*in)[path] = std::move(v);
  }
  void put(std::string_view path, const std::string& text) {
    if (!text.empty()) put(path, json::value(boost::json::string_view(text.data(), text.size())));
  }
  void put(std::string_view path, const char* text) { put(path, std::string(text)); }

  void is(const std::string& event) {
    put("processor.event", event);
    put("timestamp.us", json::value(out_.time_us));
  }
  telemetry::summary& about() { return out_.about; }
  record done() {
    out_.document = json::to_text(json::value(document_));
    return out_;
  }

 private:
  record out_;
  json::object document_;
};

}  // namespace

time_point noon() {
  static const auto at = std::chrono::floor<std::chrono::hours>(
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()) -
      std::chrono::hours(2));
  return at;
}

record request(const request_sample& s) {
  telemetry::transaction_facts facts{.service = s.service,
                                     .name = s.route,
                                     .type = s.status > 0 ? "request" : "messaging",
                                     .outcome = s.outcome,
                                     .trace = trace_of(s.trace_id, s.id, s.parent_id),
                                     .time_us = time_us(s.after),
                                     .duration_us = s.us,
                                     .weight = s.weight};
  if (s.status > 0) {
    facts.http =
        telemetry::http_facts{.method = "GET", .status = s.status, .request_id = s.request_id};
  }
  return transaction_record(us, facts);
}

record call(const call_sample& s) {
  auto id = s.id.empty() ? random_hex(8) : s.id;
  return span_record(us, {.service = s.service,
                          .name = "call " + s.target,
                          .type = s.type,
                          .target = s.target,
                          .outcome = s.outcome,
                          .trace = trace_of(s.trace_id, id, s.parent_id),
                          .transaction_id = s.parent_id,
                          .time_us = time_us(s.after),
                          .duration_us = s.us,
                          .status = s.status});
}

record log(const log_sample& s) {
  context ctx;
  ctx.trace.trace_id = s.trace_id;
  return log_record(us, {.level = s.level,
                         .service = s.service,
                         .message = s.message,
                         .ctx = &ctx,
                         .time_us = time_us(s.after)});
}

record error(const error_sample& s) {
  telemetry::error_facts facts{.service = s.service,
                               .message = s.message,
                               .type = "std::runtime_error",
                               .frames = {s.place, "handle"},
                               .time_us = time_us(s.after),
                               .user_id = s.user_id};
  facts.trace.trace_id = s.trace_id;
  return error_record(us, facts);
}

record page(const page_sample& s) {
  sample out(kind::rum, "traces-apm.rum-test", "web", s.after);
  out.is("transaction");
  out.put("transaction.id", random_hex(8));
  out.put("transaction.name", s.page);
  out.put("transaction.type", s.type);
  out.put("transaction.duration.us", json::value(s.us));
  if (s.lcp >= 0) out.put("transaction.marks.agent.largestContentfulPaint", json::value(s.lcp));
  if (s.cls >= 0) out.put("transaction.experience.cls", json::value(s.cls));
  if (s.inp >= 0) out.put("transaction.experience.inp", json::value(s.inp));
  out.about().name = s.page;
  out.about().duration_us = s.us;
  return out.done();
}

}  // namespace oficio::archive::conformance
