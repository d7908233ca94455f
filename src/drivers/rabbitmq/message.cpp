#include "drivers/rabbitmq/message.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "drivers/rabbitmq/table.hpp"
#include "platform/base/uuid.hpp"
#include "platform/json/json.hpp"

namespace oficio::rabbitmq {
namespace {

constexpr std::size_t depth = 64;
constexpr std::size_t longest_reason = 1'000;

const amqp_field_value_t* find(const amqp_table_t& in, std::string_view name) {
  for (int i = 0; i < in.num_entries; ++i) {
    if (view(in.entries[i].key) == name) return &in.entries[i].value;
  }
  return nullptr;
}

std::string text_of(const amqp_table_t& in, std::string_view name) {
  auto* found = find(in, name);
  if (!found || found->kind != AMQP_FIELD_KIND_UTF8) return {};
  return std::string(view(found->value.bytes).substr(0, longest_reason));
}

std::optional<std::int64_t> number_of(const amqp_field_value_t& v) {
  switch (v.kind) {
    case AMQP_FIELD_KIND_I8:
      return v.value.i8;
    case AMQP_FIELD_KIND_U8:
      return v.value.u8;
    case AMQP_FIELD_KIND_I16:
      return v.value.i16;
    case AMQP_FIELD_KIND_U16:
      return v.value.u16;
    case AMQP_FIELD_KIND_I32:
      return v.value.i32;
    case AMQP_FIELD_KIND_U32:
      return v.value.u32;
    case AMQP_FIELD_KIND_I64:
      return v.value.i64;
    case AMQP_FIELD_KIND_U64:
    case AMQP_FIELD_KIND_TIMESTAMP:
      if (v.value.u64 > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return {};
      return static_cast<std::int64_t>(v.value.u64);
    default:
      return {};
  }
}

// A time that fits every calendar, whatever a header says.
std::optional<time_point> moment(std::optional<std::int64_t> milliseconds) {
  constexpr std::int64_t year_9999 = 253'402'300'799'999;
  if (!milliseconds || *milliseconds < 0 || *milliseconds > year_9999) return {};
  return time_point(std::chrono::milliseconds(*milliseconds));
}

// The newest of the server's own dead-letterings.
void read_death(const amqp_table_t& headers, message& to) {
  auto* deaths = find(headers, "x-death");
  if (!deaths || deaths->kind != AMQP_FIELD_KIND_ARRAY) return;
  const auto& list = deaths->value.array;
  if (list.num_entries < 1 || list.entries[0].kind != AMQP_FIELD_KIND_TABLE) return;
  const auto& newest = list.entries[0].value.table;
  auto why = text_of(newest, "reason");
  if (why == "delivery_limit") {
    to.reason = why + ": it was handed out again and again, and whoever had it never answered.";
  } else if (why == "rejected") {
    to.reason = why + ": it is too large, or no event at all.";
  } else if (!why.empty()) {
    to.reason = why;
  }
  auto* at = find(newest, "time");
  auto seconds = at ? number_of(*at) : std::nullopt;
  if (seconds && *seconds < std::numeric_limits<std::int64_t>::max() / 1'000) {
    to.died_at = moment(*seconds * 1'000);
  }
}

}  // namespace

message to_message(const events::envelope& e) {
  message m;
  m.body = json::to_text(json::value(events::to_json(e)));
  m.id = e.id;
  m.type = e.type;
  return m;
}

result<events::envelope> to_event(const message& m) {
  TRY(auto parsed, json::parse(m.body, depth));
  return events::from_json(parsed);
}

std::string id_in(const message& m) {
  auto event = to_event(m);
  return event ? event->id : uuid_v5(m.body);
}

events::dead_letter to_letter(const message& m, const std::string& queue) {
  events::dead_letter letter;
  if (auto event = to_event(m)) {
    letter.event = std::move(*event);
  } else {
    letter.event.id = uuid_v5(m.body);
    letter.event.type = "malformed";
  }
  letter.queue = queue;
  letter.reason = m.reason;
  letter.attempts = m.attempts;
  letter.died_at = m.died_at.value_or(time_point{});
  return letter;
}

void read_properties(const amqp_basic_properties_t& from, message& to) {
  auto has = [&](amqp_flags_t flag) { return (from._flags & flag) != 0; };
  if (has(AMQP_BASIC_MESSAGE_ID_FLAG)) to.id = view(from.message_id);
  if (has(AMQP_BASIC_TYPE_FLAG)) to.type = view(from.type);
  if (has(AMQP_BASIC_CORRELATION_ID_FLAG)) to.correlation = view(from.correlation_id);
  if (!has(AMQP_BASIC_HEADERS_FLAG)) return;
  const auto& headers = from.headers;
  if (auto* attempts = find(headers, header::attempts)) {
    auto count = number_of(*attempts).value_or(0);
    to.attempts = static_cast<int>(std::clamp<std::int64_t>(count, 0, 1'000'000));
  }
  to.reason = text_of(headers, header::reason);
  if (auto* died = find(headers, header::died_at)) to.died_at = moment(number_of(*died));
  if (!to.died_at) read_death(headers, to);
}

}  // namespace oficio::rabbitmq
