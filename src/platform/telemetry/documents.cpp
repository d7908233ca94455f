#include "platform/telemetry/documents.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "platform/base/random.hpp"
#include "platform/base/time.hpp"
#include "platform/base/uuid.hpp"
#include "platform/telemetry/document.hpp"

namespace oficio::telemetry {

using detail::clean;
using detail::document;
namespace json = boost::json;

namespace {

constexpr std::size_t longest_message = 8'192;
constexpr std::size_t longest_name = 256;

std::string_view name_of(level l) {
  constexpr std::array<std::string_view, 4> names{"debug", "info", "warn", "error"};
  return names.at(static_cast<std::size_t>(l));
}

// Fields that are texts to ECS, whatever a caller has put there, and that are ours to say.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 7> ours{"@timestamp",   "message",  "log.level",
                                                 "service.name", "trace.id", "transaction.id",
                                                 "ecs.version"};
  return std::ranges::find(ours, name) != ours.end();
}

void put_field(document& to, const field& f) {
  if (const auto* text = std::get_if<std::string>(&f.value)) {
    auto longest = f.name == "error.stack_trace" ? longest_message * 4 : std::size_t{1'024};
    return to.put_text(f.name, *text, longest);
  }
  std::visit([&](const auto& v) { to.put(f.name, v); }, f.value);
}

json::object texts(const std::vector<std::pair<std::string, std::string>>& labels) {
  json::object out;
  for (const auto& [name, value] : labels) out[name] = clean(value, 1'024);
  return out;
}

void put_target(document& to, const std::string& target, std::string_view subtype) {
  to.put_some("span.destination.service.resource", target);
  to.put_some("service.target.type", subtype);
  if (auto slash = target.find('/'); slash != std::string::npos) {
    to.put_text("service.target.name", target.substr(slash + 1));
  }
}

std::string stack_text(const std::vector<std::string>& frames) {
  std::string out;
  for (const auto& f : frames) out.append(out.empty() ? "" : "\n").append("at ").append(f);
  return out;
}

// The innermost function of our own: libraries throw what they were given.
std::string culprit_of(const error_facts& of) {
  auto ours =
      std::ranges::find_if(of.frames, [](const auto& f) { return f.starts_with("oficio::"); });
  if (ours != of.frames.end()) return *ours;
  return of.frames.empty() ? of.transaction_name : of.frames.front();
}

// Numbers and ids differ each time that the same thing goes wrong.
std::string without_digits(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool digit = std::isxdigit(static_cast<unsigned char>(c)) != 0 &&
                 std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!digit) out += c;
  }
  return out;
}

// What an error of no known place is alike by: a word with a digit in it is an id or a number.
std::string shape_of(std::string_view message) {
  std::string out;
  while (!message.empty()) {
    auto end = std::min(message.find_first_of(" \t\n\"'()/:,="), message.size());
    auto word = message.substr(0, end);
    bool varies = without_digits(word).size() != word.size();
    out.append(varies ? "#" : word);
    if (end < message.size()) out += message[end];
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  return out.substr(0, 500);
}

}  // namespace

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string timestamp(std::int64_t time_us) {
  return format_time(time_point(std::chrono::milliseconds(time_us / 1'000)));
}

std::string stream_part(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 100)) {
    auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    bool fit = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '.';
    out += fit ? lower : '_';
  }
  return out.empty() ? "default" : out;
}

std::string line_id(std::int64_t time_us) {
  constexpr std::size_t width = 14;  // hex digits; enough until the year 4253
  std::array<char, 2 * sizeof(time_us)> digits{};
  auto* end = std::to_chars(digits.data(), digits.data() + digits.size(),
                            static_cast<std::uint64_t>(time_us), 16)
                  .ptr;
  std::string out(digits.data(), end);
  out.insert(0, width - std::min(width, out.size()), '0');
  return out + random_hex(5);
}

record log_record(const origin& from, const log_facts& facts) {
  document d(from, facts.service, facts.time_us);
  auto dataset = "oficio." + stream_part(facts.service);
  d.put("log.level", name_of(facts.level));
  d.put_text("message", facts.message, longest_message);
  d.put("event.dataset", dataset);
  d.data_stream("logs", dataset, from.environment);
  d.put_text("log.logger", facts.service);
  record r;
  r.id = line_id(facts.time_us);
  d.put("oficio.line", r.id);
  r.about = {.kind = kind::log, .level = std::string(name_of(facts.level))};
  r.about.service = facts.service;
  r.about.name = clean(facts.message, longest_name);
  if (const auto* ctx = facts.ctx) {
    d.put_some("trace.id", ctx->trace.trace_id);
    d.put_some("transaction.id", ctx->trace.span_id);
    d.put_some("http.request.id", ctx->request_id);
    d.put_some("user.id", ctx->who.sub);
    r.about.trace_id = ctx->trace.trace_id;
    r.about.transaction_id = ctx->trace.span_id;
    r.about.user_id = ctx->who.sub;
  }
  if (facts.fields) {
    for (const auto& f : *facts.fields) {
      if (!is_reserved(f.name)) put_field(d, f);
      if (f.name == "http.response.status_code") {
        if (const auto* code = std::get_if<std::int64_t>(&f.value)) {
          r.about.status = static_cast<int>(*code);
        }
      }
    }
  }
  r.stream = detail::stream("logs", dataset, from.environment);
  r.time_us = facts.time_us;
  r.document = d.text();
  return r;
}

record transaction_record(const origin& from, const transaction_facts& facts) {
  document d(from, facts.service, facts.time_us);
  d.is_apm("transaction", facts.time_us);
  d.data_stream("traces", "apm", from.environment);
  d.put("trace.id", facts.trace.trace_id);
  d.put("transaction.id", facts.trace.span_id);
  d.put("span.id", facts.trace.span_id);
  d.put_some("parent.id", facts.trace.parent_id);
  d.put_text("transaction.name", facts.name);
  d.put("transaction.type", facts.type);
  d.put("transaction.duration.us", facts.duration_us);
  d.put_some("transaction.result", facts.result);
  d.put("transaction.sampled", true);
  d.put("transaction.representative_count", facts.weight);
  d.put("transaction.span_count.started", facts.spans);
  d.put("transaction.span_count.dropped", facts.spans_dropped);
  d.put("event.outcome", facts.outcome);
  if (facts.outcome != "unknown") d.put("event.success_count", facts.outcome == "success" ? 1 : 0);
  d.put_some("user.id", facts.user_id);
  if (facts.http) d.http(*facts.http);
  if (!facts.labels.empty()) d.put("labels", texts(facts.labels));
  record r;
  r.stream = detail::stream("traces", "apm", from.environment);
  r.id = facts.trace.trace_id + facts.trace.span_id;
  r.time_us = facts.time_us;
  r.document = d.text();
  r.about = {.kind = kind::transaction,
             .service = facts.service,
             .trace_id = facts.trace.trace_id,
             .transaction_id = facts.trace.span_id,
             .span_id = facts.trace.span_id,
             .parent_id = facts.trace.parent_id,
             .name = clean(facts.name, longest_name),
             .outcome = std::string(facts.outcome),
             .status = facts.http ? facts.http->status : -1,
             .duration_us = facts.duration_us,
             .user_id = facts.user_id,
             .weight = facts.weight};
  return r;
}

record span_record(const origin& from, const span_facts& facts) {
  document d(from, facts.service, facts.time_us);
  d.is_apm("span", facts.time_us);
  d.data_stream("traces", "apm", from.environment);
  d.put("trace.id", facts.trace.trace_id);
  d.put_some("transaction.id", facts.transaction_id);
  d.put("parent.id", facts.trace.parent_id);
  d.put("span.id", facts.trace.span_id);
  d.put_text("span.name", facts.name);
  d.put("span.type", facts.type);
  if (!facts.subtype.empty()) d.put("span.subtype", facts.subtype);
  if (!facts.action.empty()) d.put("span.action", facts.action);
  d.put("span.duration.us", facts.duration_us);
  d.put("span.representative_count", facts.weight);
  if (facts.type == "db") d.put("span.db.type", facts.subtype);
  d.put_some("span.db.statement", facts.statement);
  put_target(d, facts.target, facts.subtype);
  d.put("event.outcome", facts.outcome);
  d.put_some("http.request.method", facts.method);
  if (facts.status > 0) d.put("http.response.status_code", facts.status);
  record r;
  r.stream = detail::stream("traces", "apm", from.environment);
  r.id = facts.trace.trace_id + facts.trace.span_id;
  r.time_us = facts.time_us;
  r.document = d.text();
  r.about = {.kind = kind::span,
             .service = facts.service,
             .trace_id = facts.trace.trace_id,
             .transaction_id = facts.transaction_id,
             .span_id = facts.trace.span_id,
             .parent_id = facts.trace.parent_id,
             .name = clean(facts.name, longest_name),
             .outcome = std::string(facts.outcome),
             .status = facts.status > 0 ? facts.status : -1,
             .duration_us = facts.duration_us,
             .target = std::string(facts.target),
             .weight = facts.weight};
  return r;
}

std::string grouping_key(const error_facts& of) {
  std::string name = of.service + "\n" + of.type + "\n";
  if (of.frames.empty()) {
    name += shape_of(of.message);
  } else {
    for (std::size_t i = 0; i < std::min<std::size_t>(of.frames.size(), 5); ++i) {
      name += of.frames[i] + "\n";
    }
  }
  auto key = uuid_v5(name);
  std::erase(key, '-');
  return key;
}

static json::object exception_of(const error_facts& facts) {
  json::object out{{"message", clean(facts.message, longest_message)},
                   {"type", clean(facts.type, 1'024)},
                   {"handled", facts.handled}};
  json::array stack;
  for (const auto& f : facts.frames) stack.push_back({{"function", clean(f, 1'024)}});
  if (!stack.empty()) out["stacktrace"] = std::move(stack);
  return out;
}

record error_record(const origin& from, const error_facts& facts) {
  document d(from, facts.service, facts.time_us);
  auto key = grouping_key(facts);
  auto id = random_hex(16);
  d.is_apm("error", facts.time_us);
  d.data_stream("logs", "apm.error", from.environment);
  d.put("error.id", id);
  d.put("error.grouping_key", key);
  d.put_text("error.grouping_name", facts.message);
  d.put_text("error.culprit", culprit_of(facts));
  d.put("error.exception", json::array{exception_of(facts)});
  d.put_text("error.message", facts.message, longest_message);
  d.put_text("error.type", facts.type);
  d.put_some("error.stack_trace", stack_text(facts.frames), longest_message * 4);
  d.put_text("message", facts.message, longest_message);
  d.put("log.level", "error");
  d.put_some("trace.id", facts.trace.trace_id);
  d.put_some("transaction.id", facts.trace.span_id);
  d.put_some("parent.id", facts.trace.span_id);
  d.put_some("transaction.name", facts.transaction_name);
  d.put_some("transaction.type", facts.transaction_type);
  d.put("transaction.sampled", facts.sampled);
  d.put_some("user.id", facts.user_id);
  if (facts.http) d.http(*facts.http);
  record r;
  r.stream = detail::stream("logs", "apm.error", from.environment);
  r.id = id;
  r.time_us = facts.time_us;
  r.document = d.text();
  r.about = {.kind = kind::error,
             .service = facts.service,
             .level = "error",
             .trace_id = facts.trace.trace_id,
             .transaction_id = facts.trace.span_id,
             .parent_id = facts.trace.span_id,
             .name = clean(facts.message, longest_name),
             .outcome = "failure",
             .status = facts.http ? facts.http->status : -1,
             .grouping_key = key,
             .user_id = facts.user_id};
  return r;
}

record metric_record(const origin& from, const metric_facts& facts) {
  document d(from, facts.service, facts.time_us);
  auto dataset = "apm.app." + stream_part(facts.service);
  d.put("processor.event", "metric");
  d.data_stream("metrics", dataset, from.environment);
  d.put("agent.name", "oficio");
  d.put("metricset.name", "app");
  d.put("metricset.interval", std::to_string(facts.interval_s) + "s");
  if (!facts.labels.empty()) d.put("labels", texts(facts.labels));
  for (const auto& [name, value] : facts.samples) d.put(name, value);
  record r;
  r.stream = detail::stream("metrics", dataset, from.environment);
  r.id = random_hex(10);
  r.time_us = facts.time_us;
  r.document = d.text();
  r.about = {.kind = kind::metric, .service = facts.service, .name = "app"};
  return r;
}

record destination_record(const origin& from, const destination_facts& facts) {
  constexpr std::string_view dataset = "apm.service_destination.1m";
  document d(from, facts.service, facts.minute_us);
  d.is_apm("metric", facts.minute_us);
  d.data_stream("metrics", dataset, from.environment);
  d.put("metricset.name", "service_destination");
  d.put("metricset.interval", "1m");
  // For how many documents Elasticsearch counts this one, in whatever it adds up.
  d.put("_doc_count", facts.count);
  d.put_some("span.type", facts.type);
  d.put_some("span.subtype", facts.subtype);
  put_target(d, facts.target, facts.subtype);
  d.put("span.destination.service.response_time.count", facts.count);
  d.put("span.destination.service.response_time.sum.us", facts.sum_us);
  d.put("event.outcome", facts.outcome);
  record r;
  r.stream = detail::stream("metrics", dataset, from.environment);
  r.id = random_hex(10);
  r.time_us = facts.minute_us;
  r.document = d.text();
  r.about = {.kind = kind::metric, .service = facts.service, .name = "service_destination"};
  return r;
}

}  // namespace oficio::telemetry
