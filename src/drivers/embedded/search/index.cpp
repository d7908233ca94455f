#include "drivers/embedded/search/index.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "drivers/embedded/search/completing.hpp"
#include "drivers/embedded/search/likeness.hpp"
#include "drivers/embedded/search/mirror.hpp"
#include "drivers/embedded/search/query.hpp"
#include "drivers/embedded/search/reading.hpp"
#include "drivers/embedded/search/storage.hpp"
#include "drivers/embedded/sqlite/file.hpp"
#include "platform/json/json.hpp"

namespace oficio::embedded {
namespace {

// The port has a name of its own for a database that is away.
template <class T>
result<T> renamed(result<T> outcome) {
  if (!outcome && outcome.error().code == "database_unavailable") {
    auto e = std::move(outcome).error();
    e.code = "search_unavailable";
    return e;
  }
  return outcome;
}

// Nothing but white space: no search for words at all.
bool is_blank(std::string_view typed) {
  return typed.find_first_not_of(" \t\n\r\f\v") == std::string_view::npos;
}

class embedded_index : public search::index {
 public:
  embedded_index(std::string path, const search::schema& s, runtime::blocking_pool& pool)
      : fields_(s),
        same_(s.synonyms),
        prepared_(prepared(path, fields_)),
        file_(path, pool),
        mirror_(fields_) {
    connection reader(path, open_mode::read_only);
    mirror_.catch_up(reader);
  }

  awaitable<result<void>> put(const context& ctx,
                              std::vector<search::versioned> documents) override {
    bool many = documents.size() >= 64;
    auto done = co_await file_.write(
        ctx, [this, all = std::move(documents)](connection& c) -> result<void> {
          for (const auto& d : all) TRY_VOID(put_document(c, fields_, d));
          if (std::ranges::any_of(all, &search::versioned::removed)) purge_tombstones(c);
          return {};
        });
    // A search would do it, and somebody would wait for it.
    if (done && many) co_await caught_up(ctx);
    co_return renamed(std::move(done));
  }

  awaitable<result<std::optional<search::hit>>> get(const context& ctx, std::string id) override {
    co_return renamed(co_await file_.read(
        ctx, [id = std::move(id)](connection& c) -> result<std::optional<search::hit>> {
          return get_document(c, id);
        }));
  }

  awaitable<result<std::vector<search::hit>>> get_many(const context& ctx,
                                                       std::vector<std::string> ids) override {
    auto found = co_await file_.read(
        ctx, [ids = std::move(ids)](connection& c) -> result<std::vector<search::hit>> {
          std::vector<search::hit> out;
          for (const auto& id : ids) {
            if (auto one = get_document(c, id)) out.push_back(std::move(*one));
          }
          return out;
        });
    co_return renamed(std::move(found));
  }

  awaitable<result<search::page>> search(const context& ctx, search::query q) override {
    if (is_blank(q.text)) q.text.clear();
    auto found = co_await file_.read(
        ctx, [this, q = std::move(q)](connection& c) { return search_now(c, q); });
    co_return renamed(std::move(found));
  }

  awaitable<result<search::completions>> complete(const context& ctx,
                                                  search::completion_query q) override {
    auto found = co_await file_.read(
        ctx, [this, q = std::move(q)](connection& c) { return complete_now(c, q); });
    co_return renamed(std::move(found));
  }

  awaitable<result<std::vector<search::hit>>> similar(const context& ctx,
                                                      search::likeness_query q) override {
    auto found = co_await file_.read(
        ctx, [this, q = std::move(q)](connection& c) -> result<std::vector<search::hit>> {
          return similar_now(c, q);
        });
    co_return renamed(std::move(found));
  }

  awaitable<result<bool>> wants_all(const context& ctx) override {
    co_return renamed(co_await file_.read(
        ctx, [](connection& c) -> result<bool> { return wants_all_documents(c); }));
  }

  awaitable<result<void>> ping(const context& ctx) override {
    auto done = co_await file_.read(ctx, [](connection& c) -> result<void> {
      c.prepare("SELECT count(*) FROM settings").run();
      return {};
    });
    co_return renamed(std::move(done));
  }

 private:
  static bool prepared(const std::string& path, const layout& fields) {
    prepare_storage(path, fields);
    return true;
  }

  // What fails here is told by the next search.
  awaitable<void> caught_up(const context& ctx) {
    co_await file_.read(ctx, [this](connection& c) -> result<void> {
      mirror_.catch_up(c);
      return {};
    });
  }

  struct found_words {
    result<outline> list;
    std::optional<std::string> correction;
  };

  found_words find(const search::query& q) {
    auto held = mirror_.hold();
    const auto& all = mirror_.now();
    if (q.text.empty()) return {evaluate(all, fields_, q, std::nullopt), std::nullopt};
    auto meant = read_text(q.text, all, same_);
    tallies::loan scratch(tallies_);
    auto least = match_all(all, meant.meanings, *scratch);
    return {evaluate(all, fields_, q, matches{*scratch, least}), std::move(meant.correction)};
  }

  result<search::page> search_now(connection& c, const search::query& q) {
    mirror_.catch_up(c);
    auto found = find(q);
    TRY(auto list, std::move(found.list));
    search::page out{{}, list.total, std::move(list.facets), std::move(found.correction)};
    for (auto& entry : list.entries) {
      auto body = body_of(c, entry.document);
      if (!body) continue;  // removed since the pass
      body->position = std::move(entry.position);
      out.hits.push_back(std::move(*body));
    }
    return out;
  }

  result<search::completions> complete_now(connection& c, const search::completion_query& q) {
    mirror_.catch_up(c);
    search::completions out;
    if (is_blank(q.text)) return out;
    {
      auto held = mirror_.hold();
      out.correction = read_text(q.text, mirror_.now(), same_).correction;
    }
    auto text = out.correction.value_or(q.text);
    std::set<std::string> known;
    for (const auto& field : q.fields) {
      auto last = out.items.size() + q.limit;
      for (auto& one : completed(c, q, field, text)) {
        if (out.items.size() == last) break;
        if (known.insert(search::folded(one)).second) out.items.push_back({std::move(one), field});
      }
    }
    return out;
  }

  std::vector<std::string> completed(connection& c, const search::completion_query& q,
                                     const std::string& field, const std::string& text) {
    auto* column = fields_.find(field);
    if (column && column->kind == search::field_kind::text) {
      return completing_texts(c, q, field, text);
    }
    auto held = mirror_.hold();
    return complete_keyword(mirror_.now(), fields_, q, field, text);
  }

  std::vector<std::string> completing_texts(connection& c, const search::completion_query& q,
                                            const std::string& field, const std::string& text) {
    constexpr std::size_t looked_at = 3;  // the words may be in other fields of some
    auto list = find({.text = text, .terms = q.terms, .limit = q.limit * looked_at}).list;
    search::typing wanted(text);
    std::vector<std::string> out;
    for (const auto& entry : list.value().entries) {
      auto texts = texts_of(c, entry.document);
      auto* values = texts.if_contains(field);
      if (!values) continue;
      for (const auto& v : values->as_array()) {
        std::string whole(v.as_string());
        if (wanted.stands_in(whole)) out.push_back(std::move(whole));
      }
    }
    return out;
  }

  std::vector<search::hit> similar_now(connection& c, const search::likeness_query& q) {
    mirror_.catch_up(c);
    std::vector<search::hit> out;
    auto document = key_of(c, q.id);
    if (!document) return out;
    auto texts = texts_of(c, *document);
    for (auto other : similar_keys(*document, q, texts)) {
      if (auto body = body_of(c, other)) out.push_back(std::move(*body));
    }
    return out;
  }

  std::vector<std::int64_t> similar_keys(std::int64_t document, const search::likeness_query& q,
                                         const json::object& texts) {
    auto held = mirror_.hold();
    const auto& all = mirror_.now();
    auto key = static_cast<std::size_t>(document);
    if (key >= all.row_of_document.size()) return {};
    auto row = all.row_of_document[key];
    if (row == postings::gone) return {};
    tallies::loan scratch(tallies_);
    return find_similar(all, fields_, q, row, texts, *scratch);
  }

  layout fields_;
  search::synonyms same_;
  bool prepared_;  // before the file is opened by anybody else
  file file_;
  mirror mirror_;
  tallies tallies_;
};

}  // namespace

std::unique_ptr<search::index> make_index(std::string path, search::schema s,
                                          runtime::blocking_pool& pool) {
  return std::make_unique<embedded_index>(std::move(path), s, pool);
}

}  // namespace oficio::embedded
