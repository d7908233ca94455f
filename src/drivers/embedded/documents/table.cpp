#include "drivers/embedded/documents/table.hpp"

#include <algorithm>
#include <map>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "drivers/embedded/documents/query_text.hpp"
#include "platform/json/json.hpp"

namespace oficio::embedded {
namespace {

using documents::record;

constexpr std::string_view columns = "id, write_version, removed, body, outbox";

std::string quoted(std::string_view name) {
  return '"' + std::string(name) + '"';
}

std::string index_name(const documents::collection_spec& spec, const documents::index& i) {
  return spec.name + "." + i.name;
}

// As sqlite_master keeps it, so that a changed declaration is noticed.
std::string index_text(const documents::collection_spec& spec, const documents::index& i) {
  std::string text = i.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  text += quoted(index_name(spec, i)) + " ON " + quoted(spec.name) + " (";
  for (std::size_t p = 0; p < i.paths.size(); ++p) {
    text += (p > 0 ? ", " : "") + expression_of(i.paths[p]);
  }
  // The id at its end gives the order of ties without sorting.
  if (!i.unique) text += ", id";
  return text + ") WHERE removed = 0";
}

result<boost::json::value> parsed(const std::string& text) {
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::system::error_code failure;
  auto out = boost::json::parse(text, failure, {}, options);
  if (failure) return json::unreadable({{"", "malformed_json", failure.message()}});
  return out;
}

result<record> read_row(const statement& row) {
  record r;
  r.id = row.text(0);
  r.write_version = row.integer(1);
  r.removed = row.integer(2) != 0;
  TRY(auto body, parsed(row.text(3)));
  if (!body.is_object()) return json::unreadable({{"", "type", "must be an object"}});
  r.body = std::move(body.get_object());
  if (row.is_null(4)) return r;
  TRY(auto outbox, parsed(row.text(4)));
  if (!outbox.is_array()) return json::unreadable({{"/outbox", "type", "must be a list"}});
  for (const auto& e : outbox.get_array()) {
    TRY(auto event, events::from_json(e));
    r.outbox.push_back(std::move(event));
  }
  return r;
}

result<std::vector<record>> read_rows(statement& rows) {
  std::vector<record> out;
  while (rows.step()) {
    TRY(auto r, read_row(rows));
    out.push_back(std::move(r));
  }
  return out;
}

// Parameters 2 to 6 of the statements that write.
void bind_record(statement& s, const record& r) {
  s.bind(2, r.write_version)
      .bind(3, std::int64_t{r.removed})
      .bind(4, std::string_view(boost::json::serialize(r.body)));
  if (r.outbox.empty()) {
    s.bind(5, nullptr).bind(6, nullptr);
    return;
  }
  boost::json::array outbox;
  for (const auto& e : r.outbox) outbox.push_back(events::to_json(e));
  auto oldest = std::ranges::min(r.outbox, {}, &events::envelope::time).time;
  s.bind(5, std::string_view(boost::json::serialize(outbox)))
      .bind(6, std::int64_t{oldest.time_since_epoch().count()});
}

// The value at a path; null if it is absent.
boost::json::value value_at(const boost::json::object& body, std::string_view path) {
  const auto* in = &body;
  for (;;) {
    auto dot = path.find('.');
    auto* found = in->if_contains(path.substr(0, dot));
    if (!found) return nullptr;
    if (dot == std::string_view::npos) return *found;
    in = found->if_object();
    if (!in) return nullptr;
    path.remove_prefix(dot + 1);
  }
}

bool is_in(const std::vector<events::envelope>& events, const std::string& id) {
  return std::ranges::find(events, id, &events::envelope::id) != events.end();
}

}  // namespace

table::table(documents::collection_spec spec) : spec_(std::move(spec)), name_(quoted(spec_.name)) {
  check_name(spec_.name);
}

std::vector<std::string> table::set_up(connection& look, const documents::collection_spec& spec) {
  check_name(spec.name);
  auto name = quoted(spec.name);
  std::vector<std::string> out;
  out.push_back("CREATE TABLE IF NOT EXISTS " + name +
                " (id TEXT NOT NULL PRIMARY KEY, write_version INTEGER NOT NULL,"
                " removed INTEGER NOT NULL, body TEXT NOT NULL, outbox TEXT, outbox_at INTEGER)");
  std::map<std::string, std::string> wanted;
  wanted[spec.name + ".outbox_at"] = "CREATE INDEX " + quoted(spec.name + ".outbox_at") + " ON " +
                                     name + " (outbox_at, id) WHERE outbox_at IS NOT NULL";
  for (const auto& i : spec.indexes) {
    check_name(i.name);
    if (!wanted.emplace(index_name(spec, i), index_text(spec, i)).second) {
      throw std::invalid_argument("two indexes are named " + index_name(spec, i));
    }
  }
  auto known = look.prepare(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
      " AND sql IS NOT NULL");
  known.bind(1, std::string_view(spec.name));
  while (known.step()) {
    auto found = wanted.find(known.text(0));
    if (found != wanted.end() && found->second == known.text(1)) {
      wanted.erase(found);
    } else {
      out.push_back("DROP INDEX " + quoted(known.text(0)));
    }
  }
  for (auto& [index, text] : wanted) out.push_back(std::move(text));
  return out;
}

result<std::optional<record>> table::stored(connection& c, const std::string& id) const {
  auto row = c.prepare("SELECT " + std::string(columns) + " FROM " + name_ + " WHERE id = ?");
  row.bind(1, std::string_view(id));
  if (!row.step()) return std::optional<record>{};
  TRY(auto r, read_row(row));
  return std::optional<record>{std::move(r)};
}

result<std::optional<record>> table::get(connection& c, const std::string& id) const {
  TRY(auto found, stored(c, id));
  if (found && found->removed) found.reset();
  return found;
}

result<std::vector<record>> table::find(connection& c, const documents::query& q) const {
  std::vector<record> out;
  for (const auto& select : selects(columns, name_, q)) {
    if (out.size() >= q.limit) break;
    auto rows = c.prepare(select.text);
    bind_all(rows, select);
    rows.bind(static_cast<int>(select.values.size()) + 1,
              static_cast<std::int64_t>(q.limit - out.size()));
    TRY(auto more, read_rows(rows));
    std::ranges::move(more, std::back_inserter(out));
  }
  return out;
}

result<std::int64_t> table::count(connection& c,
                                  const std::vector<documents::condition>& where) const {
  auto select = matching("count(*)", name_, where);
  auto row = c.prepare(select.text);
  bind_all(row, select);
  row.step();
  return row.integer(0);
}

result<void> table::insert(connection& c, const record& r) const {
  TRY_VOID(check_unique(c, r));
  try {
    auto s = c.prepare("INSERT INTO " + name_ +
                       " (id, write_version, removed, body, outbox, outbox_at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    s.bind(1, std::string_view(r.id));
    bind_record(s, r);
    s.run();
  } catch (const sqlite_error& e) {
    if (!e.is_unique_violation()) throw;
    return duplicate(e);
  }
  return {};
}

result<void> table::replace(connection& c, const record& r, std::int64_t expected) const {
  TRY(auto now, stored(c, r.id));
  if (!now || now->removed) return not_found("The document");
  if (now->write_version != expected) {
    return error{errc::conflict, "stale_version", "Somebody else wrote it meanwhile."};
  }
  record next = r;
  // An event that was confirmed after the caller had loaded the document must not come back.
  std::erase_if(next.outbox, [&](const events::envelope& e) {
    return e.version() <= expected && !is_in(now->outbox, e.id);
  });
  if (next.removed && next.outbox.empty()) {
    erase(c, next.id);
    return {};
  }
  TRY_VOID(check_unique(c, next));
  try {
    write(c, next);
  } catch (const sqlite_error& e) {
    if (!e.is_unique_violation()) throw;
    return duplicate(e);
  }
  return {};
}

result<std::vector<record>> table::with_outbox(connection& c, std::size_t limit) const {
  auto rows = c.prepare("SELECT " + std::string(columns) + " FROM " + name_ +
                        " WHERE outbox_at IS NOT NULL ORDER BY outbox_at, id LIMIT ?");
  rows.bind(1, static_cast<std::int64_t>(limit));
  return read_rows(rows);
}

result<void> table::confirm(connection& c, const std::string& id,
                            const std::vector<std::string>& event_ids) const {
  TRY(auto now, stored(c, id));
  if (!now) return {};  // confirmed before, and gone with it
  std::erase_if(now->outbox, [&](const events::envelope& e) {
    return std::ranges::find(event_ids, e.id) != event_ids.end();
  });
  if (now->removed && now->outbox.empty()) {
    erase(c, id);
  } else {
    write(c, *now);
  }
  return {};
}

void table::write(connection& c, const record& r) const {
  auto s = c.prepare("UPDATE " + name_ +
                     " SET write_version = ?2, removed = ?3, body = ?4, outbox = ?5,"
                     " outbox_at = ?6 WHERE id = ?1");
  s.bind(1, std::string_view(r.id));
  bind_record(s, r);
  s.run();
}

void table::erase(connection& c, const std::string& id) const {
  auto s = c.prepare("DELETE FROM " + name_ + " WHERE id = ?");
  s.bind(1, std::string_view(id));
  s.run();
}

// SQLite's unique indexes let any number of nulls in; the port's do not.
result<void> table::check_unique(connection& c, const record& r) const {
  if (r.removed) return {};
  for (const auto& i : spec_.indexes) {
    std::vector<documents::condition> same;
    bool any_null = false;
    for (const auto& path : i.paths) {
      same.push_back({path, documents::op::eq, value_at(r.body, path)});
      any_null = any_null || same.back().value.is_null();
    }
    if (!i.unique || !any_null) continue;
    auto select = matching("1", name_, same);
    select.text += " AND id <> ?";
    select.values.emplace_back(r.id);
    auto row = c.prepare(select.text);
    bind_all(row, select);
    if (row.step()) return error{errc::conflict, "duplicate", i.name};
  }
  return {};
}

error table::duplicate(const sqlite_error& e) const {
  // "UNIQUE constraint failed: index 'accounts.by_email'", or "…: accounts.id" for the key.
  std::string_view what = e.what();
  auto start = what.find("index '" + spec_.name + ".");
  if (start == std::string_view::npos) return {errc::conflict, "duplicate", "id"};
  what.remove_prefix(start + 8 + spec_.name.size());
  return {errc::conflict, "duplicate", std::string(what.substr(0, what.find('\'')))};
}

}  // namespace oficio::embedded
