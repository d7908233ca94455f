#include "services/gateway/intake/timings.hpp"

#include <array>
#include <cmath>

namespace oficio::gateway::intake {
namespace {

constexpr double longest_ms = 3'600'000;  // an hour
constexpr std::int64_t most_bytes_sent = 1'000'000'000;

std::int64_t microseconds(double milliseconds) {
  return std::llround(milliseconds * 1'000);
}

time_point before(time_point end, double milliseconds) {
  return end - std::chrono::milliseconds(std::llround(milliseconds));
}

std::string outcome_of(const picker& from) {
  auto said = from.word("outcome");
  return said && (*said == "success" || *said == "failure") ? *said : "unknown";
}

// Milliseconds since the page began to load, as the agent names them.
void put_marks(json::object& to, const picker& from) {
  constexpr std::array<std::string_view, 5> agent{"timeToFirstByte", "domInteractive",
                                                  "domComplete", "firstContentfulPaint",
                                                  "largestContentfulPaint"};
  constexpr std::array<std::string_view, 16> navigation{"fetchStart",
                                                        "domainLookupStart",
                                                        "domainLookupEnd",
                                                        "connectStart",
                                                        "secureConnectionStart",
                                                        "connectEnd",
                                                        "requestStart",
                                                        "responseStart",
                                                        "responseEnd",
                                                        "domLoading",
                                                        "domInteractive",
                                                        "domContentLoadedEventStart",
                                                        "domContentLoadedEventEnd",
                                                        "domComplete",
                                                        "loadEventStart",
                                                        "loadEventEnd"};
  for (auto name : agent) {
    auto path = "marks.agent." + std::string(name);
    put(to, "transaction." + path, from.number(path, 0, longest_ms));
  }
  for (auto name : navigation) {
    auto path = "marks.navigationTiming." + std::string(name);
    put(to, "transaction." + path, from.number(path, 0, longest_ms));
  }
}

// How the page felt. What is known only at the end of a visit comes as labels of a transaction of
// its own ("page-exit"); here it stands where the others do.
void put_experience(json::object& to, const picker& from) {
  put(to, "transaction.experience.cls", from.number("experience.cls", 0, 1'000));
  for (std::string_view name : {"tbt", "fid", "inp"}) {
    auto path = "experience." + std::string(name);
    put(to, "transaction." + path, from.number(path, 0, longest_ms));
  }
  put(to, "transaction.experience.inp", from.number("context.tags.inp_value", 0, longest_ms));
  put(to, "transaction.experience.cls", from.number("context.tags.cls_value", 0, 1'000));
  put(to, "transaction.marks.agent.largestContentfulPaint",
      from.number("context.tags.lcp_value", 0, longest_ms));
  if (from.in("experience.longtask").empty()) return;
  put(to, "transaction.experience.longtask.count",
      from.whole("experience.longtask.count", 0, 1'000'000));
  put(to, "transaction.experience.longtask.sum", from.number("experience.longtask.sum", 0, 1e9));
  put(to, "transaction.experience.longtask.max", from.number("experience.longtask.max", 0, 1e9));
}

void put_call(json::object& to, const picker& from) {
  put(to, "http.request.method", from.word("context.http.method", 16));
  put(to, "http.response.status_code", from.whole("context.http.status_code", 100, 599));
  auto url = from.address("context.http.url");
  if (url) put(to, "url.original", url->full);
  auto resource = from.text("context.destination.service.resource", 256);
  if (!resource) return;
  // What a page calls at its own address is this gateway, whatever it is called there.
  auto page = from.address("context.page.url");
  bool ours = url && (page ? url->domain == page->domain : url->path.starts_with("/api/v1/"));
  put(to, "span.destination.service.resource", ours ? "http/gateway" : *resource);
  put(to, "service.target.type", from.word("subtype").value_or("http"));
  put(to, "service.target.name", ours ? "gateway" : *resource);
}

}  // namespace

time_point start_of_transaction(const picker& from, const about& of) {
  return before(of.arrived(), from.number("duration", 0, longest_ms).value_or(0));
}

std::optional<json::object> transaction_document(const picker& from, const about& of) {
  auto id = from.hex("id", 16);
  auto trace = from.hex("trace_id", 32);
  auto type = from.word("type");
  auto duration = from.number("duration", 0, longest_ms);
  if (!id || !trace || !type || !duration) return std::nullopt;
  auto out = of.begin(from, start_of_transaction(from, of));
  put(out, "processor.event", "transaction");
  put(out, "trace.id", *trace);
  put(out, "transaction.id", *id);
  put(out, "span.id", *id);
  put(out, "parent.id", from.hex("parent_id", 16));
  put(out, "transaction.name", from.text("name", 512).value_or("unknown"));
  put(out, "transaction.type", *type);
  put(out, "transaction.duration.us", microseconds(*duration));
  put(out, "transaction.result", from.word("result"));
  put(out, "transaction.sampled", from.flag("sampled").value_or(true));
  // One that stands for others (a tenth is sampled: for ten).
  auto rate = from.number("sample_rate", 0.001, 1).value_or(1);
  put(out, "transaction.representative_count", 1 / rate);
  put(out, "transaction.span_count.started", from.whole("span_count.started", 0, 10'000));
  put(out, "event.outcome", outcome_of(from));
  put(out, "http.response.transfer_size",
      from.whole("context.response.transfer_size", 0, most_bytes_sent));
  put(out, "http.response.encoded_body_size",
      from.whole("context.response.encoded_body_size", 0, most_bytes_sent));
  put(out, "http.response.decoded_body_size",
      from.whole("context.response.decoded_body_size", 0, most_bytes_sent));
  put(out, "session.id", from.hex("session.id", 16));
  put(out, "session.sequence", from.whole("session.sequence", 0, 1'000'000));
  put_marks(out, from);
  put_experience(out, from);
  return out;
}

std::optional<json::object> span_document(const picker& from, const about& of,
                                          std::optional<time_point> transaction_start) {
  auto id = from.hex("id", 16);
  auto trace = from.hex("trace_id", 32);
  auto transaction = from.hex("transaction_id", 16);
  auto duration = from.number("duration", 0, longest_ms);
  if (!id || !trace || !transaction || !duration) return std::nullopt;
  auto offset = from.number("start", 0, longest_ms).value_or(0);
  auto start =
      transaction_start ? before(*transaction_start, -offset) : before(of.arrived(), *duration);
  auto out = of.begin(from, start);
  put(out, "processor.event", "span");
  put(out, "trace.id", *trace);
  put(out, "transaction.id", *transaction);
  put(out, "parent.id", from.hex("parent_id", 16).value_or(*transaction));
  put(out, "span.id", *id);
  put(out, "span.name", from.text("name", 512).value_or("unknown"));
  put(out, "span.type", from.word("type").value_or("app"));
  put(out, "span.subtype", from.word("subtype"));
  put(out, "span.action", from.word("action"));
  put(out, "span.duration.us", microseconds(*duration));
  put(out, "span.representative_count", 1);
  put(out, "event.outcome", outcome_of(from));
  put_call(out, from);
  return out;
}

}  // namespace oficio::gateway::intake
