#include "platform/events/envelope.hpp"

#include <boost/json/array.hpp>

#include "platform/base/uuid.hpp"

namespace oficio::events {
namespace {

namespace json = boost::json;

constexpr std::string_view spec_version = "1.0";

error malformed(std::string why) {
  return {errc::bad_request, "malformed_event", "An event cannot be read: " + std::move(why) + "."};
}

// The text of a member; nothing if it is absent or no text.
std::string_view text_of(const json::object& from, std::string_view name) {
  auto* found = from.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

result<std::string> required_text(const json::object& from, std::string_view name) {
  auto text = text_of(from, name);
  if (text.empty()) return malformed(std::string(name) + " is missing or no text");
  return std::string(text);
}

}  // namespace

std::int64_t envelope::version() const {
  auto* found = data.if_contains("version");
  if (!found || !found->is_number()) return 0;
  boost::system::error_code not_whole;
  auto number = found->to_number<std::int64_t>(not_whole);
  return not_whole ? 0 : number;
}

envelope seal(const raised& r, std::string_view source, std::string_view aggregate_id,
              std::int64_t write_version, std::size_t index, time_point now, const context& ctx) {
  envelope e;
  e.id = uuid_v5(std::string(aggregate_id) + "/" + std::to_string(write_version) + "/" +
                 std::to_string(index));
  e.source = source;
  e.type = r.type;
  e.subject = aggregate_id;
  e.time = now;
  if (!ctx.trace.trace_id.empty()) e.traceparent = ctx.trace.header();
  e.data = r.data;
  e.data["version"] = write_version;
  json::array concerns;
  for (const auto& account : r.concerns) concerns.emplace_back(account);
  e.data["concerns"] = std::move(concerns);
  return e;
}

json::object to_json(const envelope& e) {
  json::object out{{"specversion", spec_version},
                   {"id", e.id},
                   {"source", e.source},
                   {"type", e.type},
                   {"subject", e.subject},
                   {"time", format_time(e.time)},
                   {"datacontenttype", "application/json"},
                   {"dataschema", "/contracts/events/" + e.type + ".json"}};
  if (!e.traceparent.empty()) out["traceparent"] = e.traceparent;
  if (e.republished) out["republished"] = true;
  out["data"] = e.data;
  return out;
}

result<envelope> from_json(const json::value& v) {
  auto* from = v.if_object();
  if (!from) return malformed("it is not an object");
  if (text_of(*from, "specversion") != spec_version) return malformed("specversion is not 1.0");
  envelope e;
  TRY(e.id, required_text(*from, "id"));
  TRY(e.source, required_text(*from, "source"));
  TRY(e.type, required_text(*from, "type"));
  TRY(e.subject, required_text(*from, "subject"));
  auto time = parse_time(text_of(*from, "time"));
  if (!time) return malformed("time is missing or not RFC 3339");
  e.time = *time;
  // A trace that cannot be read costs only the link between traces, so it does not refuse the
  // event.
  e.traceparent = text_of(*from, "traceparent");
  if (auto* again = from->if_contains("republished"); again && again->is_bool()) {
    e.republished = again->get_bool();
  }
  auto* data = from->if_contains("data");
  if (!data || !data->is_object()) return malformed("data is missing or not an object");
  e.data = data->get_object();
  return e;
}

}  // namespace oficio::events
