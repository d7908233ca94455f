#include "drivers/mongodb/record_form.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "drivers/mongodb/filter.hpp"
#include "drivers/mongodb/json_form.hpp"
#include "platform/json/json.hpp"

namespace oficio::mongodb {
namespace {

// MongoDB keeps 16 MiB at most; what is written around a body, and events to come, need room too.
constexpr std::uint32_t largest = 15 * 1024 * 1024;

error unreadable(const std::string& pointer, const std::string& why) {
  return json::unreadable({{pointer, "type", why}});
}

std::int64_t milliseconds_of(time_point t) {
  return std::int64_t{t.time_since_epoch().count()};
}

// {version, index, event}: MongoDB adds several members of one update in the order of their names,
// so their own order is kept with them.
result<document> entry_of(const events::envelope& e, std::size_t index) {
  TRY(auto event, to_bson(events::to_json(e)));
  document out;
  out.put("version", e.version()).put("index", static_cast<std::int64_t>(index));
  out.put("event", event);
  return out;
}

result<void> check_size(const document& d) {
  if (d.size() <= largest) return {};
  return error{errc::too_large, "document_too_large", "The document is larger than can be kept."};
}

struct placed_event {
  std::int64_t version = 0;
  std::int64_t index = 0;
  events::envelope event;
};

result<placed_event> read_entry(const bson_iter_t& at) {
  placed_event out;
  bson_iter_t in;
  if (!BSON_ITER_HOLDS_DOCUMENT(&at) || !bson_iter_recurse(&at, &in)) {
    return unreadable("/outbox", "must hold objects");
  }
  while (bson_iter_next(&in)) {
    std::string_view key = bson_iter_key(&in);
    if (key == "version") out.version = bson_iter_as_int64(&in);
    if (key == "index") out.index = bson_iter_as_int64(&in);
    if (key != "event") continue;
    TRY(auto object, to_json(in));
    TRY(out.event, events::from_json(boost::json::value(std::move(object))));
  }
  return out;
}

result<std::vector<events::envelope>> read_outbox(const bson_iter_t& at) {
  bson_iter_t in;
  if (!BSON_ITER_HOLDS_DOCUMENT(&at) || !bson_iter_recurse(&at, &in)) {
    return unreadable("/outbox", "must be an object");
  }
  std::vector<placed_event> placed;
  while (bson_iter_next(&in)) {
    TRY(auto one, read_entry(in));
    placed.push_back(std::move(one));
  }
  std::ranges::sort(placed, {},
                    [](const placed_event& p) { return std::pair(p.version, p.index); });
  std::vector<events::envelope> out;
  out.reserve(placed.size());
  for (auto& p : placed) out.push_back(std::move(p.event));
  return out;
}

std::string text_of(const bson_iter_t& at) {
  std::uint32_t size = 0;
  const char* text = BSON_ITER_HOLDS_UTF8(&at) ? bson_iter_utf8(&at, &size) : "";
  return {text, size};
}

}  // namespace

std::int64_t due_of(const std::vector<events::envelope>& outbox) {
  if (outbox.empty()) return nothing_due;
  return milliseconds_of(std::ranges::min(outbox, {}, &events::envelope::time).time);
}

result<document> to_document(const documents::record& r) {
  TRY(auto body, to_bson(r.body));
  document outbox;
  for (std::size_t i = 0; i < r.outbox.size(); ++i) {
    TRY(auto entry, entry_of(r.outbox[i], i));
    outbox.put(escaped_key(r.outbox[i].id), entry);
  }
  document out;
  out.put(field::id, r.id).put(field::version, r.write_version);
  out.put(field::gone, r.removed ? r.id : std::string());
  out.put(field::due, due_of(r.outbox)).put(field::told, std::int64_t{0});
  out.put(field::outbox, outbox).put(field::body, body);
  TRY_VOID(check_size(out));
  return out;
}

result<document> to_update(const documents::record& r, std::int64_t expected) {
  TRY(auto body, to_bson(r.body));
  document set;
  set.put(field::version, r.write_version);
  set.put(field::gone, r.removed ? r.id : std::string());
  std::vector<events::envelope> fresh;
  for (const auto& e : r.outbox) {
    if (e.version() <= expected) continue;
    TRY(auto entry, entry_of(e, fresh.size()));
    set.put(std::string(field::outbox) + "." + escaped_key(e.id), entry);
    fresh.push_back(e);
  }
  set.put(field::body, body);
  document out;
  out.put("$set", set);
  // A tombstone must be found by who looks for events, even if its last one goes just now.
  auto due = due_of(r.removed && fresh.empty() ? r.outbox : fresh);
  if (due != nothing_due) {
    document least;
    least.put(field::due, due);
    out.put("$min", least);
  }
  TRY_VOID(check_size(out));
  return out;
}

result<stored_record> to_record(const bson_t* from) {
  stored_record out;
  auto& r = out.record;
  bson_iter_t at;
  if (!bson_iter_init(&at, from)) return unreadable("", "is no BSON");
  while (bson_iter_next(&at)) {
    std::string_view key = bson_iter_key(&at);
    if (key == field::id) r.id = text_of(at);
    if (key == field::version) r.write_version = bson_iter_as_int64(&at);
    if (key == field::gone) r.removed = !text_of(at).empty();
    if (key == field::told) out.told = bson_iter_as_int64(&at);
    if (key == field::body) {
      TRY(r.body, to_json(at));
    }
    if (key == field::outbox) {
      TRY(r.outbox, read_outbox(at));
    }
  }
  if (r.id.empty()) return unreadable("/_id", "must be a text");
  return out;
}

}  // namespace oficio::mongodb
