#include "drivers/embedded/search/index.hpp"

#include "drivers/embedded/search/columns.hpp"
#include "drivers/embedded/search/query.hpp"
#include "drivers/embedded/search/storage.hpp"
#include "drivers/embedded/search/words.hpp"
#include "drivers/embedded/sqlite/file.hpp"

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

class fts_index : public search::index {
 public:
  fts_index(std::string path, const search::schema& s, runtime::blocking_pool& pool)
      : fields_(s), columns_(fields_), prepared_(prepared(path, fields_)), file_(path, pool) {
    connection reader(path, open_mode::read_only);
    columns_.catch_up(reader);
    for (auto boost : fields_.boosts()) weights_ += ", " + std::to_string(boost);
  }

  awaitable<result<void>> put(const context& ctx,
                              std::vector<search::versioned> documents) override {
    auto done = co_await file_.write(
        ctx, [this, all = std::move(documents)](connection& c) -> result<void> {
          for (const auto& d : all) TRY_VOID(put_document(c, fields_, d));
          return {};
        });
    co_return renamed(std::move(done));
  }

  awaitable<result<std::optional<search::hit>>> get(const context& ctx, std::string id) override {
    co_return renamed(co_await file_.read(
        ctx, [id = std::move(id)](connection& c) { return get_document(c, id); }));
  }

  awaitable<result<std::vector<search::hit>>> get_many(const context& ctx,
                                                       std::vector<std::string> ids) override {
    auto found = co_await file_.read(
        ctx, [ids = std::move(ids)](connection& c) -> result<std::vector<search::hit>> {
          std::vector<search::hit> out;
          for (const auto& id : ids) {
            TRY(auto one, get_document(c, id));
            if (one) out.push_back(std::move(*one));
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

  result<search::page> search_now(connection& c, const search::query& q) {
    columns_.catch_up(c);
    std::optional<std::vector<word_hit>> found;
    if (!q.text.empty()) found = find_words(c, q);
    TRY(auto list, outlined(q, found));
    search::page out{{}, list.total, std::move(list.facets)};
    for (auto& entry : list.entries) {
      auto body = row_body(c, static_cast<std::int64_t>(entry.row));
      if (!body) continue;  // removed since the pass
      body->position = std::move(entry.position);
      out.hits.push_back(std::move(*body));
    }
    return out;
  }

  result<outline> outlined(const search::query& q,
                           const std::optional<std::vector<word_hit>>& found) const {
    auto held = columns_.hold();
    return evaluate(columns_, fields_, q, found);
  }

  std::vector<word_hit> find_words(connection& c, const search::query& q) const {
    std::vector<word_hit> out;
    auto expression = match_expression(q.text);
    if (expression.empty()) return out;
    bool scored = q.sort.field.empty();
    auto s = c.prepare(scored ? "SELECT rowid, bm25(words" + weights_ +
                                    ") FROM words WHERE words MATCH ?"
                              : std::string("SELECT rowid FROM words WHERE words MATCH ?"));
    s.bind(1, expression);
    while (s.step()) {
      // bm25() is smaller for better matches.
      out.push_back({static_cast<std::size_t>(s.integer(0)), scored ? -s.real(1) : 0});
    }
    return out;
  }

  layout fields_;
  columns columns_;
  bool prepared_;  // before the file is opened by anybody else
  file file_;
  std::string weights_;
};

}  // namespace

std::unique_ptr<search::index> make_index(std::string path, search::schema s,
                                          runtime::blocking_pool& pool) {
  return std::make_unique<fts_index>(std::move(path), s, pool);
}

}  // namespace oficio::embedded
