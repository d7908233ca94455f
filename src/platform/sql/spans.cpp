#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include "platform/sql/database.hpp"
#include "platform/telemetry/metrics.hpp"
#include "platform/telemetry/tracer.hpp"

namespace oficio::sql {
namespace {

constexpr std::size_t longest_statement = 2'000;

std::string on_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string out;
  for (std::string word; words >> word && out.size() < longest_statement;) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

// "SELECT sessions": what it does, to which table.
std::string name_of(const std::string& statement) {
  std::istringstream words(statement);
  std::string verb;
  words >> verb;
  std::ranges::transform(verb, verb.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string before = verb;
  for (std::string word; words >> word; before = word) {
    std::ranges::transform(before, before.begin(), [](unsigned char c) { return std::toupper(c); });
    if (before != "FROM" && before != "INTO" && before != "UPDATE") continue;
    return verb + " " + word.substr(0, word.find_first_of("(,;"));
  }
  return verb;
}

}  // namespace

// Written by the pool's thread, then read by the caller's.
struct database::call {
  telemetry::span span;
  std::string statement;
};

void database::watch(telemetry::tracer* by, std::string target, telemetry::metrics* figures) {
  watcher_ = by;
  target_ = std::move(target);
  reads_ = telemetry::call_durations(figures, target_, "query");
  writes_ = telemetry::call_durations(figures, target_, "change");
}

void database::count_call(access a, std::chrono::nanoseconds took) const {
  if (auto* time = a == access::read ? reads_ : writes_) time->observe(took);
}

std::shared_ptr<database::call> database::begin_call(const context& ctx, access a) const {
  auto within = watcher_->find(ctx);
  if (!within) return nullptr;
  auto kind = dialect();
  telemetry::span_notes notes;
  notes.name = a == access::read ? "read" : "write";
  notes.type = "db";
  notes.subtype = kind == sql::dialect::sqlite  ? "sqlite"
                  : kind == sql::dialect::mysql ? "mysql"
                                                : "postgresql";
  notes.action = a == access::read ? "query" : "write";
  notes.target = target_;
  return std::make_shared<call>(telemetry::span(std::move(within), std::move(notes)), "");
}

void database::note_statement(call& of, std::string statement) {
  of.statement = std::move(statement);
}

void database::end_call(call& of, std::optional<errc> failure) {
  auto line = on_one_line(of.statement);
  if (!line.empty()) of.span.name(name_of(line));
  of.span.statement(std::move(line));
  if (failure == errc::unavailable || failure == errc::timeout || failure == errc::internal) {
    of.span.fail();
  }
  // Now, and not when the pool's thread lets go of it, too: its transaction may have ended by then.
  const telemetry::span ended = std::move(of.span);
}

}  // namespace oficio::sql
