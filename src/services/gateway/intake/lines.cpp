#include "services/gateway/intake/lines.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "services/gateway/intake/surrogates.hpp"

namespace oficio::gateway::intake {
namespace {

constexpr std::size_t deepest = 12;

constexpr std::array<std::pair<std::string_view, event_kind>, 4> kinds{
    {{"transaction", event_kind::transaction},
     {"span", event_kind::span},
     {"error", event_kind::error},
     {"log", event_kind::log}}};

error malformed(std::size_t line, std::string code, std::string message) {
  return {errc::bad_request,
          "malformed_events",
          "Line " + std::to_string(line + 1) + " " + message,
          {{"/" + std::to_string(line), std::move(code), message}}};
}

result<json::object> read_line(std::string_view text, std::size_t line) {
  auto parsed = json::parse(text, deepest);
  if (!parsed) parsed = json::parse(without_lone_surrogates(text), deepest);
  if (!parsed) return malformed(line, "json", "is not JSON that can be read.");
  auto* fields = parsed->if_object();
  if (!fields) return malformed(line, "type", "must be an object.");
  return std::move(*fields);
}

std::optional<event> event_of(json::object& line) {
  for (const auto& [name, kind] : kinds) {
    auto* found = line.if_contains(name);
    auto* fields = found ? found->if_object() : nullptr;
    if (fields) return event{kind, std::move(*fields)};
  }
  return std::nullopt;
}

}  // namespace

result<batch> read_lines(std::string_view text) {
  batch out;
  bool introduced = false;
  for (std::size_t number = 0; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (number >= most_lines) {
      return error{errc::too_large, "too_many_events",
                   "One request may have " + std::to_string(most_lines) + " lines."};
    }
    TRY(auto fields, read_line(line, number));
    if (!introduced) {
      auto* about = fields.if_contains("metadata");
      if (!about || !about->is_object()) {
        return malformed(number, "required", "must be the metadata: they come first.");
      }
      out.metadata = std::move(about->get_object());
      introduced = true;
    } else if (auto next = event_of(fields)) {
      out.events.push_back(std::move(*next));
    } else {
      ++out.ignored;
    }
  }
  if (!introduced) return malformed(0, "required", "must be the metadata: they come first.");
  return out;
}

}  // namespace oficio::gateway::intake
