#include "platform/archive/documents.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace oficio::archive {
namespace {

// "a.b.c" is written in nested objects, or with dots in its names, or both.
const json::value* at(const json::object& in, std::string_view path) {
  if (auto* whole = in.if_contains(path)) return whole;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    auto* next = in.if_contains(path.substr(0, dot));
    auto* object = next ? next->if_object() : nullptr;
    if (!object) continue;
    if (auto* found = at(*object, path.substr(dot + 1))) return found;
  }
  return nullptr;
}

time_point time_in(const json::object& document) {
  auto parsed = parse_time(text_in(document, "@timestamp"));
  return parsed ? *parsed : time_point{};
}

std::string kind_of(const json::object& document) {
  auto event = text_in(document, "processor.event");
  return event.empty() ? "log" : event;
}

}  // namespace

std::string text_in(const json::object& document, std::string_view path) {
  auto* found = at(document, path);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

std::int64_t number_in(const json::object& document, std::string_view path,
                       std::int64_t otherwise) {
  auto* found = at(document, path);
  if (!found || !found->is_number()) return otherwise;
  auto number = found->to_number<double>();
  constexpr double most = 9e15;
  return std::isfinite(number) && std::abs(number) < most ? std::llround(number) : otherwise;
}

log_line line_of(json::object document) {
  log_line out{.at = time_in(document),
               .service = text_in(document, "service.name"),
               .level = text_in(document, "log.level"),
               .message = text_in(document, "message"),
               .trace_id = text_in(document, "trace.id")};
  out.document = std::move(document);
  return out;
}

entry entry_of(json::object document) {
  entry out{.kind = kind_of(document),
            .parent_id = text_in(document, "parent.id"),
            .transaction_id = text_in(document, "transaction.id"),
            .service = text_in(document, "service.name"),
            .name = text_in(document, "message"),
            .outcome = text_in(document, "event.outcome"),
            .level = text_in(document, "log.level"),
            .status = number_in(document, "http.response.status_code")};
  auto ms = time_in(document).time_since_epoch().count();
  out.at_us = number_in(document, "timestamp.us", ms * 1'000);
  if (out.kind == "transaction" || out.kind == "span") {
    out.id = text_in(document, out.kind + ".id");
    out.name = text_in(document, out.kind + ".name");
    out.type = text_in(document, out.kind + ".type");
    out.duration_us = number_in(document, out.kind + ".duration.us");
  } else if (out.parent_id.empty()) {
    // A log is a part of the work that it was written in.
    out.parent_id = text_in(document, "span.id");
    if (out.parent_id.empty()) out.parent_id = out.transaction_id;
  }
  out.document = std::move(document);
  return out;
}

request_line request_of(const json::object& document) {
  auto us = number_in(document, "transaction.duration.us", 0);
  return {.at = time_in(document),
          .service = text_in(document, "service.name"),
          .route = text_in(document, "transaction.name"),
          .path = text_in(document, "url.path"),
          .outcome = text_in(document, "event.outcome"),
          .status = number_in(document, "http.response.status_code", 0),
          .duration_ms = static_cast<double>(us) / 1'000,
          .trace_id = text_in(document, "trace.id"),
          .request_id = text_in(document, "http.request.id")};
}

error_group group_of(const json::object& document) {
  return {.key = text_in(document, "error.grouping_key"),
          .service = text_in(document, "service.name"),
          .type = text_in(document, "error.type"),
          .message = text_in(document, "error.message"),
          .culprit = text_in(document, "error.culprit"),
          .stack = text_in(document, "error.stack_trace"),
          .trace_id = text_in(document, "trace.id"),
          .page = text_in(document, "url.path")};
}

void put_in_order(std::vector<entry>& entries) {
  auto rank = [](const entry& e) { return e.kind == "transaction" ? 0 : e.kind == "span" ? 1 : 2; };
  auto key = [&](const entry& e) {
    return std::tuple(e.at_us, rank(e), -e.duration_us, std::string_view(e.id));
  };
  std::ranges::sort(entries, std::less{}, key);
}

}  // namespace oficio::archive
