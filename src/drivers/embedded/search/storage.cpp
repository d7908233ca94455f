#include "drivers/embedded/search/storage.hpp"

#include "platform/json/json.hpp"

namespace oficio::embedded {
namespace {

// `seq` grows with every write: what memory has not seen yet. `old_fields` marks documents whose
// values were given for other fields. `vals` and `texts` are {field: [values]}; hidden and removed
// documents are in no index of words.
constexpr auto tables = R"(
  CREATE TABLE IF NOT EXISTS docs(
    doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    removed INTEGER NOT NULL, hidden INTEGER NOT NULL, seq INTEGER NOT NULL,
    old_fields INTEGER NOT NULL DEFAULT 0, vals TEXT NOT NULL, texts TEXT NOT NULL,
    body TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS docs_seq ON docs(seq);
  CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)";

std::string column_names(const layout& fields) {
  std::string out;
  for (std::size_t i = 0; i < fields.texts().size(); ++i) {
    out += (i > 0 ? ", t" : "t") + std::to_string(i);
  }
  return out;
}

std::string placeholders(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += i > 0 ? ", ?" : "?";
  return out;
}

// All values of a text field are searched as one.
std::string joined(const json::object& texts, const std::string& field) {
  std::string out;
  auto* list = texts.if_contains(field);
  if (!list) return out;
  for (const auto& v : list->as_array()) {
    if (!out.empty()) out += '\n';
    out += std::string_view(v.as_string().data(), v.as_string().size());
  }
  return out;
}

json::object parsed(const std::string& stored) {
  return json::parse(stored).value().as_object();
}

// The index keeps no text itself: what is taken out must be told exactly as it was put in.
void change_words(connection& c, const layout& fields, std::int64_t doc, const json::object& texts,
                  bool add) {
  auto names = column_names(fields);
  auto marks = placeholders(fields.texts().size());
  auto sql =
      add ? "INSERT INTO words(rowid, " + names + ") VALUES(?, " + marks + ")"
          : "INSERT INTO words(words, rowid, " + names + ") VALUES('delete', ?, " + marks + ")";
  auto s = c.prepare(sql);
  s.bind(1, doc);
  int parameter = 2;
  for (const auto& field : fields.texts()) s.bind(parameter++, joined(texts, field));
  s.run();
}

void index_words_again(connection& c, const layout& fields) {
  c.execute("DROP TABLE IF EXISTS words");
  // All text is in the documents already, so none is kept twice (content='').
  c.execute("CREATE VIRTUAL TABLE words USING fts5(" + column_names(fields) +
            ", content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3')");
  auto all = c.prepare("SELECT doc, texts FROM docs WHERE removed = 0 AND hidden = 0");
  while (all.step()) change_words(c, fields, all.integer(0), parsed(all.text(1)), true);
  c.execute("UPDATE docs SET old_fields = 1");
  auto mark = c.prepare("INSERT OR REPLACE INTO settings VALUES('fields', ?)");
  mark.bind(1, fields.fingerprint()).run();
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

struct known {
  std::int64_t doc;
  bool searchable;
  std::string texts;
};

// What is stored, if anything; `newer` when the write must be ignored.
std::optional<known> stored_before(connection& c, const search::versioned& v, bool& newer) {
  auto s = c.prepare(
      "SELECT doc, removed = 0 AND hidden = 0, texts, version, old_fields FROM docs "
      "WHERE id = ?");
  s.bind(1, v.doc.id);
  if (!s.step()) return std::nullopt;
  newer = s.integer(3) > v.version || (s.integer(3) == v.version && s.integer(4) == 0);
  return known{s.integer(0), s.integer(1) != 0, s.text(2)};
}

search::hit read_hit(statement& s) {
  return {parsed(s.text(0)), s.integer(1), {}};
}

}  // namespace

void prepare_storage(const std::string& path, const layout& fields) {
  connection c(path, open_mode::read_write);
  c.execute("BEGIN IMMEDIATE");
  c.execute(tables);
  std::string written_for;
  {
    auto ask = c.prepare("SELECT value FROM settings WHERE name = 'fields'");
    if (ask.step()) written_for = ask.text(0);
  }
  if (written_for != fields.fingerprint()) index_words_again(c, fields);
  c.execute("COMMIT");
}

result<void> put_document(connection& c, const layout& fields, const search::versioned& v) {
  TRY(auto values, split(fields, v.doc));
  bool newer = false;
  auto before = stored_before(c, v, newer);
  if (newer) return {};
  if (v.removed) values = {};
  bool searchable = !v.removed && !v.doc.hidden;
  if (before && before->searchable) {
    change_words(c, fields, before->doc, parsed(before->texts), false);
  }
  auto write = c.prepare(
      "INSERT INTO docs(id, version, removed, hidden, seq, vals, texts, body) "
      "VALUES(?1, ?2, ?3, ?4, (SELECT coalesce(max(seq), 0) + 1 FROM docs), ?5, ?6, ?7) "
      "ON CONFLICT(id) DO UPDATE SET version = excluded.version, removed = excluded.removed, "
      "hidden = excluded.hidden, seq = excluded.seq, old_fields = 0, vals = excluded.vals, "
      "texts = excluded.texts, body = excluded.body RETURNING doc");
  write.bind(1, v.doc.id).bind(2, v.version);
  write.bind(3, std::int64_t{v.removed}).bind(4, std::int64_t{v.doc.hidden});
  write.bind(5, json::to_text(json::value(values.vals)));
  write.bind(6, json::to_text(json::value(values.texts)));
  write.bind(7, json::to_text(json::value(v.removed ? json::object{} : v.doc.body)));
  write.step();
  auto doc = write.integer(0);
  write.run();
  if (searchable) change_words(c, fields, doc, values.texts, true);
  return {};
}

result<std::optional<search::hit>> get_document(connection& c, const std::string& id) {
  auto s = c.prepare("SELECT body, version FROM docs WHERE id = ? AND removed = 0");
  s.bind(1, id);
  if (!s.step()) return std::optional<search::hit>{};
  return std::optional(read_hit(s));
}

std::optional<search::hit> row_body(connection& c, std::int64_t row) {
  auto s = c.prepare("SELECT body, version FROM docs WHERE doc = ? AND removed = 0 AND hidden = 0");
  s.bind(1, row);
  if (!s.step()) return std::nullopt;
  return read_hit(s);
}

}  // namespace oficio::embedded
