#include "drivers/mongodb/kept.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "drivers/mongodb/filter.hpp"
#include "drivers/mongodb/handles.hpp"
#include "drivers/mongodb/indexes.hpp"
#include "drivers/mongodb/json_form.hpp"
#include "drivers/mongodb/record_form.hpp"

namespace oficio::mongodb {
namespace {

using documents::record;

bool is_duplicate(const bson_error_t& e) {
  constexpr std::uint32_t duplicate_key_update = 11'001;
  if (e.code == MONGOC_ERROR_DUPLICATE_KEY || e.code == duplicate_key_update) return true;
  // FerretDB says so of inserts alone; of updates it passes on what its own database says.
  constexpr std::uint32_t internal = 1;
  std::string_view why = e.message;
  return e.code == internal && (why.find("UNIQUE constraint failed") != std::string_view::npos ||
                                why.find("violates unique constraint") != std::string_view::npos);
}

document by_id(const std::string& id) {
  document out;
  out.put(field::id, id);
  return out;
}

document of_version(const std::string& id, std::int64_t version) {
  auto out = by_id(id);
  out.put(field::version, version).put(field::gone, "");
  return out;
}

// Reads what a filter finds, and passes each document to `take`.
template <class Take>
result<void> each(servers::call& c, const std::string& collection, const document& filter,
                  const document& options, Take take) {
  auto from = collection_of(c, collection);
  cursor_pointer cursor(
      mongoc_collection_find_with_opts(from.get(), filter.get(), options.get(), nullptr));
  const bson_t* next = nullptr;
  while (mongoc_cursor_next(cursor.get(), &next)) TRY_VOID(take(next));
  bson_error_t e;
  if (mongoc_cursor_error(cursor.get(), &e)) return c.failure(e);
  return {};
}

result<std::optional<stored_record>> stored(servers::call& c, const std::string& collection,
                                            const std::string& id) {
  std::optional<stored_record> out;
  auto options = c.read_options();
  options.put("limit", std::int64_t{1});
  TRY_VOID(each(c, collection, by_id(id), options, [&](const bson_t* d) -> result<void> {
    TRY(out, to_record(d));
    return {};
  }));
  return out;
}

result<std::int64_t> deleted(servers::call& c, const std::string& collection,
                             const document& filter) {
  auto from = collection_of(c, collection);
  auto options = c.write_options();
  reply answer;
  bson_error_t e;
  if (!mongoc_collection_delete_one(from.get(), filter.get(), options.get(), answer.raw(), &e)) {
    return c.failure(e);
  }
  return answer.number("deletedCount");
}

// The name in "E11000 duplicate key error collection: db.items index: NAME dup key: {…}"; empty if
// the server does not say it.
std::string index_in(std::string_view message) {
  constexpr std::string_view mark = "index: ";
  auto start = message.find(mark);
  if (start == std::string_view::npos) return {};
  message.remove_prefix(start + mark.size());
  message = message.substr(0, message.find(' '));
  if (auto dollar = message.rfind('$'); dollar != std::string_view::npos) {
    message.remove_prefix(dollar + 1);
  }
  return std::string(message);
}

error duplicate_of(std::string index) {
  return {errc::conflict, "duplicate", std::move(index)};
}

// The value at a path; null if it is absent.
boost::json::value value_at(const boost::json::object& body, std::string_view path) {
  const auto* in = &body;
  for (;;) {
    auto dot = path.find('.');
    const auto* found = in->if_contains(path.substr(0, dot));
    if (!found) return nullptr;
    if (dot == std::string_view::npos) return *found;
    in = found->if_object();
    if (!in) return nullptr;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

kept::kept(documents::collection_spec spec) : spec_(std::move(spec)) {
  check_name(spec_.name);
  for (const auto& i : spec_.indexes) {
    check_name(i.name);
    for (const auto& p : i.paths) check_path(p);
  }
}

result<std::optional<record>> kept::get(call& c, const std::string& id) const {
  TRY(auto found, stored(c, spec_.name, id));
  if (!found || found->record.removed) return std::optional<record>{};
  return std::optional<record>{std::move(found->record)};
}

result<std::vector<record>> kept::read(call& c, const document& filter, document options,
                                       std::size_t limit) const {
  std::vector<record> out;
  options.put("limit", static_cast<std::int64_t>(limit));
  options.put("batchSize", static_cast<std::int64_t>(std::min<std::size_t>(limit, 1'000)));
  TRY_VOID(each(c, spec_.name, filter, options, [&](const bson_t* d) -> result<void> {
    TRY(auto one, to_record(d));
    out.push_back(std::move(one.record));
    return {};
  }));
  return out;
}

result<std::vector<record>> kept::find(call& c, const documents::query& q) const {
  std::vector<record> out;
  for (const auto& filter : filters_of(q)) {
    if (out.size() >= q.limit) break;  // a limit of 0 would be none
    auto options = c.read_options();
    options.put("sort", sort_of(q));
    TRY(auto more, read(c, filter, std::move(options), q.limit - out.size()));
    std::ranges::move(more, std::back_inserter(out));
  }
  return out;
}

result<std::int64_t> kept::count(call& c, const std::vector<documents::condition>& where) const {
  auto from = collection_of(c, spec_.name);
  auto filter = filter_of(where);
  auto options = c.read_options();
  bson_error_t e;
  auto out = mongoc_collection_count_documents(from.get(), filter.get(), options.get(), nullptr,
                                               nullptr, &e);
  if (out < 0) return c.failure(e);
  return out;
}

result<void> kept::insert(call& c, const record& r) const {
  TRY(auto made, to_document(r));
  auto into = collection_of(c, spec_.name);
  auto options = c.write_options();
  reply answer;
  bson_error_t e;
  if (mongoc_collection_insert_one(into.get(), made.get(), options.get(), answer.raw(), &e)) {
    return {};
  }
  if (!is_duplicate(e)) return c.failure(e);
  return duplicate(c, r, e);
}

result<void> kept::replace(call& c, const record& r, std::int64_t expected) const {
  if (r.removed) {
    TRY(bool done, removed_at_once(c, r, expected));
    if (done) return {};
  }
  TRY(auto update, to_update(r, expected));
  auto into = collection_of(c, spec_.name);
  auto filter = of_version(r.id, expected);
  auto options = c.write_options();
  reply answer;
  bson_error_t e;
  if (!mongoc_collection_update_one(into.get(), filter.get(), update.get(), options.get(),
                                    answer.raw(), &e)) {
    if (!is_duplicate(e)) return c.failure(e);
    return duplicate(c, r, e);
  }
  if (answer.number("matchedCount") > 0) return {};
  return not_replaced(c, r.id);
}

result<bool> kept::removed_at_once(call& c, const record& r, std::int64_t expected) const {
  bool tells = std::ranges::any_of(r.outbox, [&](const auto& e) { return e.version() > expected; });
  if (tells) return false;
  auto silent = of_version(r.id, expected);
  silent.put(field::due, nothing_due);
  TRY(auto count, deleted(c, spec_.name, silent));
  return count > 0;
}

error kept::not_replaced(call& c, const std::string& id) const {
  auto now = stored(c, spec_.name, id);
  if (!now) return now.error();
  if (!*now || (*now)->record.removed) return not_found("The document");
  return {errc::conflict, "stale_version", "Somebody else wrote it meanwhile."};
}

error kept::duplicate(call& c, const record& r, const bson_error_t& e) const {
  if (auto name = index_in(e.message); !name.empty()) {
    return duplicate_of(name == "_id_" ? "id" : declared_name(name));
  }
  // The server does not say which. Whoever has these values may have gone meanwhile.
  for (const auto& i : spec_.indexes) {
    if (!i.unique) continue;
    std::vector<documents::condition> same;
    for (const auto& p : i.paths) same.push_back({p, documents::op::eq, value_at(r.body, p)});
    auto found = read(c, filter_of(same), c.read_options(), 2);
    if (!found) return found.error();
    if (std::ranges::any_of(*found, [&](const auto& f) { return f.id != r.id; })) {
      return duplicate_of(i.name);
    }
  }
  return duplicate_of("id");
}

result<std::vector<record>> kept::with_outbox(call& c, std::size_t limit) const {
  if (limit == 0) return std::vector<record>{};
  document before;
  before.put("$lt", nothing_due);
  document filter;
  filter.put(field::due, before);
  document order;
  order.put(field::due, std::int64_t{1}).put(field::id, std::int64_t{1});
  auto options = c.read_options();
  options.put("sort", order);
  TRY(auto found, read(c, filter, std::move(options), limit));
  std::vector<record> out;
  for (auto& r : found) {
    if (!r.outbox.empty()) {
      out.push_back(std::move(r));
    } else if (r.removed) {
      // Its last event was confirmed while it was being removed.
      TRY_VOID(confirm(c, r.id, {}));
    }
  }
  return out;
}

result<void> kept::confirm(call& c, const std::string& id,
                           const std::vector<std::string>& event_ids) const {
  for (;;) {
    TRY(auto now, stored(c, spec_.name, id));
    if (!now) return {};  // confirmed before, and gone with it
    auto& outbox = now->record.outbox;
    auto count = std::erase_if(outbox, [&](const events::envelope& e) {
      return std::ranges::find(event_ids, e.id) != event_ids.end();
    });
    bool ended = now->record.removed && outbox.empty();
    if (count == 0 && !ended) return {};
    auto as_read = by_id(id);
    as_read.put(field::version, now->record.write_version).put(field::told, now->told);
    if (ended) {
      TRY(auto gone, deleted(c, spec_.name, as_read));
      if (gone > 0) return {};
    } else {
      TRY(bool done, told(c, as_read, event_ids, due_of(outbox)));
      if (done) return {};
    }
    // Somebody wrote it meanwhile.
    if (std::chrono::steady_clock::now() >= c.until()) {
      return error{errc::timeout, "deadline_exceeded", "There was no time left to write."};
    }
  }
}

result<bool> kept::told(call& c, const document& as_read, const std::vector<std::string>& event_ids,
                        std::int64_t due) const {
  document out_of_it;
  for (const auto& e : event_ids) {
    out_of_it.put(std::string(field::outbox) + "." + escaped_key(e), "");
  }
  document set;
  set.put(field::due, due);
  document once;
  once.put(field::told, std::int64_t{1});
  document update;
  update.put("$unset", out_of_it).put("$set", set).put("$inc", once);
  auto into = collection_of(c, spec_.name);
  auto options = c.write_options();
  reply answer;
  bson_error_t e;
  if (!mongoc_collection_update_one(into.get(), as_read.get(), update.get(), options.get(),
                                    answer.raw(), &e)) {
    return c.failure(e);
  }
  return answer.number("matchedCount") > 0;
}

}  // namespace oficio::mongodb
