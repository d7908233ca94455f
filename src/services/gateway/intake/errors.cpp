#include "services/gateway/intake/errors.hpp"

#include <algorithm>
#include <array>

#include "platform/base/random.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::gateway::intake {
namespace {

constexpr std::size_t most_frames = 50;
constexpr std::size_t grouped_frames = 3;
constexpr std::int64_t last_line = 100'000'000;

struct stack {
  json::array frames;
  std::string top;  // what of it says that two errors are the same
};

std::string file_name(std::string_view path) {
  return without_build_hash(path.substr(std::min(path.rfind('/') + 1, path.size())));
}

stack stack_of(const picker& from) {
  stack out;
  auto* list = from.list("exception.stacktrace");
  if (!list) return out;
  for (const auto& item : *list) {
    if (out.frames.size() == most_frames) break;
    auto* members = item.if_object();
    if (!members) continue;
    picker frame(*members);
    json::object kept;
    auto file = frame.text("filename", 512);
    auto function = frame.text("function", 256);
    put(kept, "abs_path", frame.text("abs_path", 512));
    put(kept, "filename", file);
    put(kept, "function", function);
    put(kept, "line.number", frame.whole("lineno", 0, last_line));
    put(kept, "line.column", frame.whole("colno", 0, last_line));
    if (kept.empty()) continue;
    out.frames.emplace_back(std::move(kept));
    if (out.frames.size() <= grouped_frames) {
      out.top += "\n" + file_name(file.value_or("")) + ":" + function.value_or("");
    }
  }
  return out;
}

// The same for every time that this happens, whoever it happens to.
std::string grouping_key(const std::string& type, const std::string& message, const stack& trace) {
  auto by = trace.frames.empty() ? "\n" + without_numbers(message) : trace.top;
  return security::digest(type + by).substr(0, 32);
}

// "TypeError: x is undefined\n    at draw (index.js:3:14)", as the browser's console shows it.
std::string readable(const std::string& what, const json::array& frames) {
  std::string out = what;
  for (const auto& item : frames) {
    picker frame(item.get_object());
    out += "\n    at " + frame.text("function").value_or("<anonymous>") + " (" +
           frame.text("filename").value_or("?");
    for (auto path : {"line.number", "line.column"}) {
      if (auto n = frame.whole(path, 0, last_line)) out += ":" + std::to_string(*n);
    }
    out += ")";
  }
  return out;
}

// JavaScript's own codes are texts or numbers.
std::optional<std::string> code_of(const picker& from) {
  if (auto number = from.whole("exception.code", -1'000'000, 1'000'000)) {
    return std::to_string(*number);
  }
  return from.word("exception.code");
}

void put_exception(json::object& to, const picker& from, const std::string& type,
                   const std::optional<std::string>& message, const stack& trace) {
  json::object exception;
  put(exception, "type", type);
  put(exception, "message", message);
  put(exception, "code", code_of(from));
  put(exception, "handled", from.flag("exception.handled"));
  if (!trace.frames.empty()) exception["stacktrace"] = trace.frames;
  put(to, "error.exception", json::array{std::move(exception)});
  put(to, "error.type", type);
  // Some agents begin the message with the type.
  auto said = message.value_or(type);
  put(to, "error.stack_trace",
      readable(said.starts_with(type) ? said : type + ": " + said, trace.frames));
}

void put_trace(json::object& to, const picker& from) {
  put(to, "trace.id", from.hex("trace_id", 32));
  put(to, "transaction.id", from.hex("transaction_id", 16));
  put(to, "parent.id", from.hex("parent_id", 16));
}

std::string level_of(const picker& from, std::string_view path, std::string otherwise) {
  constexpr std::array<std::string_view, 5> known{"trace", "debug", "info", "warn", "error"};
  auto said = from.word(path).value_or("");
  if (said == "warning") return "warn";
  if (said == "critical" || said == "fatal") return "error";
  return std::ranges::find(known, said) == known.end() ? std::move(otherwise) : said;
}

}  // namespace

std::optional<json::object> error_document(const picker& from, const about& of) {
  auto message = from.text("exception.message");
  auto type = from.text("exception.type", 128);
  if (!message && !type) return std::nullopt;
  auto trace = stack_of(from);
  auto shown = message ? *message : *type;
  auto out = of.begin(from, of.arrived());
  put(out, "processor.event", "error");
  put(out, "message", shown);
  put(out, "log.level", "error");
  put(out, "error.id", from.hex("id", 32).value_or(random_hex(16)));
  put(out, "error.message", shown);
  put(out, "error.culprit", from.text("culprit", 512));
  put(out, "error.grouping_key", grouping_key(type.value_or(""), shown, trace));
  put(out, "error.grouping_name", shown);
  put_exception(out, from, type.value_or("Error"), message, trace);
  put_trace(out, from);
  put(out, "transaction.type", from.word("transaction.type"));
  put(out, "transaction.sampled", from.flag("transaction.sampled"));
  put(out, "event.outcome", "failure");
  return out;
}

std::optional<json::object> log_document(const picker& from, const about& of) {
  // The agent's own way to say it is an error that has no exception, only `log`.
  auto said = from.in("log");
  auto message = said.empty() ? from.text("message") : said.text("message");
  if (!message) return std::nullopt;
  auto out = of.begin(from, of.arrived());
  put(out, "message", *message);
  put(out, "log.level",
      said.empty() ? level_of(from, "level", "info") : level_of(said, "level", "error"));
  put(out, "log.logger", said.empty() ? from.word("logger") : said.word("logger_name"));
  put(out, "event.dataset", "oficio.web");
  put(out, "event.action", from.word("action"));
  put(out, "ecs.version", "8.11.0");
  put_trace(out, from);
  return out;
}

}  // namespace oficio::gateway::intake
