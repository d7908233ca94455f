#include "platform/telemetry/log.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "platform/base/time.hpp"
#include "platform/base/unicode.hpp"
#include "platform/telemetry/document.hpp"
#include "platform/telemetry/output.hpp"

namespace oficio::telemetry {
namespace {

std::string_view name_of(level l) {
  switch (l) {
    case level::debug:
      return "debug";
    case level::info:
      return "info";
    case level::warning:
      return "warn";
    case level::error:
      return "error";
  }
  return "info";
}

spdlog::level::level_enum to_spdlog(level l) {
  switch (l) {
    case level::debug:
      return spdlog::level::debug;
    case level::info:
      return spdlog::level::info;
    case level::warning:
      return spdlog::level::warn;
    case level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

constexpr std::size_t longest_text = 32 * 1024;

// Bytes that are no UTF-8 would make the line no JSON.
boost::json::value json_of(const field& f) {
  if (const auto* text = std::get_if<std::string>(&f.value)) {
    return boost::json::value(detail::clean(*text, longest_text));
  }
  return std::visit([](const auto& v) { return boost::json::value(v); }, f.value);
}

std::string text_of(const field& f) {
  if (auto* text = std::get_if<std::string>(&f.value)) return *text;
  return boost::json::serialize(json_of(f));
}

std::string json_line(level l, std::string_view service, std::string_view message,
                      const context* ctx, const std::vector<field>& fields) {
  auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  boost::json::object line;
  line["@timestamp"] = format_time(now);
  line["log.level"] = name_of(l);
  line["message"] = detail::clean(message, longest_text);
  line["ecs.version"] = "8.11.0";
  line["service.name"] = service;
  if (ctx) {
    line["trace.id"] = ctx->trace.trace_id;
    line["transaction.id"] = ctx->trace.span_id;
    if (!ctx->request_id.empty()) line["http.request.id"] = ctx->request_id;
    if (!ctx->who.sub.empty()) line["user.id"] = ctx->who.sub;
  }
  for (const auto& f : fields) line[f.name] = json_of(f);
  return boost::json::serialize(line);
}

// One record stays one line, and does nothing to a terminal, whatever was in it.
std::string harmless(std::string_view text) {
  auto whole = detail::clean(text, longest_text);
  std::string out;
  for (std::size_t at = 0; at < whole.size();) {
    auto [c, size] = code_point(whole, at);
    bool shown = c >= 0x20 && !is_control(c);
    out.append(shown ? std::string_view(whole).substr(at, size) : " ");
    at += size;
  }
  return out;
}

std::string readable_line(std::string_view service, std::string_view message, const context* ctx,
                          const std::vector<field>& fields) {
  std::string line;
  line.append(service).append(": ").append(message);
  for (const auto& f : fields) line.append("  ").append(f.name).append("=").append(text_of(f));
  if (ctx && !ctx->request_id.empty()) line.append("  request=").append(ctx->request_id);
  return harmless(line);
}

class console_sink final : public sink {
 public:
  console_sink(std::shared_ptr<spdlog::sinks::sink> out, format f, level lowest)
      : format_(f), lowest_(lowest) {
    log_ = std::make_unique<spdlog::logger>("oficio", std::move(out));
    log_->set_pattern(f == format::json_lines ? "%v" : "%H:%M:%S.%e %^%-5l%$ %v");
    log_->set_level(spdlog::level::debug);
  }

  bool wants(level l) const override { return l >= lowest_; }

  void write(level l, std::string_view service, std::string_view message, const context* ctx,
             const std::vector<field>& fields) override {
    log_->log(to_spdlog(l), format_ == format::json_lines
                                ? json_line(l, service, message, ctx, fields)
                                : readable_line(service, message, ctx, fields));
  }

  void flush() override { log_->flush(); }

 private:
  format format_;
  level lowest_;
  std::unique_ptr<spdlog::logger> log_;
};

}  // namespace

std::shared_ptr<sink> make_console_sink(format f, level lowest) {
  auto out = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  return std::make_shared<console_sink>(std::move(out), f, lowest);
}

std::shared_ptr<sink> make_output_sink(format f, level lowest) {
  auto out = std::make_shared<spdlog::sinks::stdout_color_sink_mt>();
  return std::make_shared<console_sink>(std::move(out), f, lowest);
}

}  // namespace oficio::telemetry
