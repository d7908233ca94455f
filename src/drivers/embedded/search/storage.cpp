#include "drivers/embedded/search/storage.hpp"

#include <utility>

#include "platform/json/json.hpp"

namespace oficio::embedded {
namespace {

constexpr std::int64_t tombstones_kept = 10'000;

// `seq` grows with every write: what memory has not seen yet. `old_fields` marks documents whose
// values were given for other fields. `vals` and `texts` are {field: [values]}. Bodies are in a
// table of their own: a start reads all of the first, a page of results a few of the second.
constexpr auto tables = R"(
  CREATE TABLE IF NOT EXISTS documents(
    doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    removed INTEGER NOT NULL, hidden INTEGER NOT NULL, seq INTEGER NOT NULL,
    old_fields INTEGER NOT NULL DEFAULT 0, vals TEXT NOT NULL, texts TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS documents_seq ON documents(seq);
  CREATE INDEX IF NOT EXISTS tombstones ON documents(seq) WHERE removed = 1;
  CREATE TABLE IF NOT EXISTS bodies(doc INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
)";

// Files of the first version kept the words in FTS5, and everything of a document in one row.
void take_over_first_version(connection& c) {
  {
    auto ask = c.prepare("SELECT 1 FROM sqlite_master WHERE name = 'docs'");
    if (!ask.step()) return;
  }
  c.execute(
      "INSERT INTO documents SELECT doc, id, version, removed, hidden, seq, old_fields, vals, texts"
      " FROM docs; INSERT INTO bodies SELECT doc, body FROM docs WHERE removed = 0;"
      "DROP TABLE docs; DROP TABLE IF EXISTS words;");
}

std::int64_t setting(connection& c, const char* name) {
  auto ask = c.prepare("SELECT value FROM settings WHERE name = ?");
  ask.bind(1, name);
  return ask.step() ? ask.integer(0) : 0;
}

struct split_values {
  json::object vals;
  json::object texts;
};

result<split_values> split(const layout& fields, const search::document& d) {
  split_values out;
  for (const auto& v : d.values) {
    auto* to = fields.find(v.field);
    auto* text = std::get_if<std::string>(&v.content);
    bool fits = to && (to->kind == search::field_kind::number) == !text;
    if (!fits) {
      return error{errc::internal, "bad_search_value",
                   "Document " + d.id + " has a value that the schema does not take: " + v.field};
    }
    auto& into = to->kind == search::field_kind::text ? out.texts : out.vals;
    auto& list = into[v.field];
    if (!list.is_array()) list = json::array{};
    json::value content;
    if (text) {
      content = *text;
    } else {
      content = std::get<std::int64_t>(v.content);
    }
    list.as_array().push_back(std::move(content));
  }
  return out;
}

// Is there something as new?
bool is_old(connection& c, const search::versioned& v) {
  auto s = c.prepare("SELECT version, old_fields FROM documents WHERE id = ?");
  s.bind(1, v.doc.id);
  return s.step() && (s.integer(0) > v.version || (s.integer(0) == v.version && s.integer(1) == 0));
}

search::hit read_hit(statement& s) {
  return {s.text(0), s.integer(1), {}};
}

}  // namespace

void prepare_storage(const std::string& path, const layout& fields) {
  connection c(path, open_mode::read_write);
  c.execute("BEGIN IMMEDIATE");
  c.execute(tables);
  take_over_first_version(c);
  std::string written_for;
  {
    auto ask = c.prepare("SELECT value FROM settings WHERE name = 'fields'");
    if (ask.step()) written_for = ask.text(0);
  }
  if (written_for != fields.fingerprint()) {
    c.execute("UPDATE documents SET old_fields = 1");
    auto mark = c.prepare("INSERT OR REPLACE INTO settings VALUES('fields', ?)");
    mark.bind(1, fields.fingerprint()).run();
  }
  c.execute("COMMIT");
}

result<void> put_document(connection& c, const layout& fields, const search::versioned& v) {
  TRY(auto values, split(fields, v.doc));
  if (is_old(c, v)) return {};
  if (v.removed) values = {};
  auto write = c.prepare(
      "INSERT INTO documents(id, version, removed, hidden, seq, vals, texts) "
      "VALUES(?1, ?2, ?3, ?4, (SELECT coalesce(max(seq), 0) + 1 FROM documents), ?5, ?6) "
      "ON CONFLICT(id) DO UPDATE SET version = excluded.version, removed = excluded.removed, "
      "hidden = excluded.hidden, seq = excluded.seq, old_fields = 0, vals = excluded.vals, "
      "texts = excluded.texts RETURNING doc");
  write.bind(1, v.doc.id).bind(2, v.version);
  write.bind(3, std::int64_t{v.removed}).bind(4, std::int64_t{v.doc.hidden});
  write.bind(5, json::to_text(json::value(std::move(values.vals))));
  write.bind(6, json::to_text(json::value(std::move(values.texts))));
  write.step();
  auto doc = write.integer(0);
  write.run();
  if (v.removed) {
    c.prepare("DELETE FROM bodies WHERE doc = ?").bind(1, doc).run();
  } else {
    auto body = c.prepare("INSERT OR REPLACE INTO bodies VALUES(?, ?)");
    body.bind(1, doc).bind(2, v.doc.body).run();
  }
  return {};
}

bool wants_all_documents(connection& c) {
  auto ask = c.prepare(
      "SELECT NOT EXISTS(SELECT 1 FROM documents) OR "
      "EXISTS(SELECT 1 FROM documents WHERE old_fields = 1 AND removed = 0)");
  return ask.step() && ask.integer(0) != 0;
}

void purge_tombstones(connection& c) {
  std::int64_t last = 0;
  {
    auto ask =
        c.prepare("SELECT seq FROM documents WHERE removed = 1 ORDER BY seq DESC LIMIT 1 OFFSET ?");
    ask.bind(1, tombstones_kept);
    if (!ask.step()) return;
    last = ask.integer(0);
  }
  c.prepare("DELETE FROM documents WHERE removed = 1 AND seq <= ?").bind(1, last).run();
  c.prepare("INSERT OR REPLACE INTO settings VALUES('purged', ?)").bind(1, last).run();
}

std::int64_t last_change(connection& c) {
  auto ask = c.prepare("SELECT max(seq) FROM documents");
  return ask.step() ? ask.integer(0) : 0;
}

std::int64_t last_purged(connection& c) {
  return setting(c, "purged");
}

std::optional<search::hit> get_document(connection& c, const std::string& id) {
  auto s = c.prepare(
      "SELECT body, version FROM documents JOIN bodies USING(doc) WHERE id = ? AND removed = 0");
  s.bind(1, id);
  if (!s.step()) return std::nullopt;
  return read_hit(s);
}

std::optional<std::int64_t> key_of(connection& c, const std::string& id) {
  auto s = c.prepare("SELECT doc FROM documents WHERE id = ? AND removed = 0");
  s.bind(1, id);
  if (!s.step()) return std::nullopt;
  return s.integer(0);
}

std::optional<search::hit> body_of(connection& c, std::int64_t document) {
  auto s = c.prepare(
      "SELECT body, version FROM documents JOIN bodies USING(doc) "
      "WHERE doc = ? AND removed = 0 AND hidden = 0");
  s.bind(1, document);
  if (!s.step()) return std::nullopt;
  return read_hit(s);
}

json::object texts_of(connection& c, std::int64_t document) {
  auto s = c.prepare("SELECT texts FROM documents WHERE doc = ?");
  s.bind(1, document);
  if (!s.step()) return {};
  return json::parse(s.text(0)).value().as_object();
}

}  // namespace oficio::embedded
