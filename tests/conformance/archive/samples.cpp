#include "conformance/archive/samples.hpp"

#include "platform/base/random.hpp"

namespace oficio::archive::conformance {
namespace {

using telemetry::kind;
using telemetry::record;

class sample {
 public:
  sample(kind k, std::string stream, const std::string& service, std::chrono::milliseconds after) {
    out_.about.kind = k;
    out_.about.service = service;
    out_.stream = std::move(stream);
    out_.id = random_hex(10);
    auto at = noon() + after;
    out_.time_us = at.time_since_epoch().count() * 1'000;
    put("@timestamp", format_time(at));
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

  void trace(const std::string& id) {
    put("trace.id", id);
    out_.about.trace_id = id;
  }
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
  sample out(kind::transaction, "traces-apm-test", s.service, s.after);
  out.is("transaction");
  out.trace(s.trace_id);
  out.put("transaction.id", s.id);
  out.put("parent.id", s.parent_id);
  out.put("transaction.name", s.route);
  out.put("transaction.type", s.status > 0 ? "request" : "messaging");
  out.put("transaction.duration.us", json::value(s.us));
  out.put("transaction.representative_count", json::value(s.weight));
  out.put("event.outcome", s.outcome);
  if (s.status > 0) out.put("http.response.status_code", json::value(s.status));
  auto& a = out.about();
  a.transaction_id = s.id;
  a.name = s.route;
  a.outcome = s.outcome;
  a.status = s.status > 0 ? s.status : -1;
  a.duration_us = s.us;
  a.weight = s.weight;
  return out.done();
}

record call(const call_sample& s) {
  sample out(kind::span, "traces-apm-test", s.service, s.after);
  out.is("span");
  out.trace(s.trace_id);
  out.put("span.id", s.id);
  out.put("parent.id", s.parent_id);
  out.put("transaction.id", s.parent_id);
  out.put("span.name", "call " + s.target);
  out.put("span.type", s.type);
  out.put("span.duration.us", json::value(s.us));
  out.put("span.representative_count", json::value(1));
  out.put("span.destination.service.resource", s.target);
  out.put("event.outcome", s.outcome);
  auto& a = out.about();
  a.span_id = s.id;
  a.name = "call " + s.target;
  a.outcome = s.outcome;
  a.duration_us = s.us;
  a.target = s.target;
  return out.done();
}

record log(const log_sample& s) {
  sample out(kind::log, "logs-oficio." + s.service + "-test", s.service, s.after);
  out.trace(s.trace_id);
  out.put("message", s.message);
  out.put("log.level", s.level);
  out.about().level = s.level;
  out.about().name = s.message.substr(0, 20);
  return out.done();
}

record error(const error_sample& s) {
  sample out(kind::error, "logs-apm.error-test", s.service, s.after);
  out.is("error");
  out.trace(s.trace_id);
  out.put("error.grouping_key", s.key);
  out.put("error.message", s.message);
  out.put("error.type", "std::runtime_error");
  out.put("error.culprit", "place_order");
  out.put("error.stack_trace", "at place_order\nat handle");
  out.put("message", s.message);
  out.put("user.id", s.user_id);
  auto& a = out.about();
  a.grouping_key = s.key;
  a.user_id = s.user_id;
  a.level = "error";
  a.name = s.message;
  return out.done();
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
