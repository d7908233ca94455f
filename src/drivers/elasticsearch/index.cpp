#include "drivers/elasticsearch/index.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "drivers/elasticsearch/address.hpp"
#include "drivers/elasticsearch/completing.hpp"
#include "drivers/elasticsearch/indexes.hpp"
#include "drivers/elasticsearch/likeness.hpp"
#include "drivers/elasticsearch/opening.hpp"
#include "drivers/elasticsearch/rebuilding.hpp"
#include "drivers/elasticsearch/understanding.hpp"
#include "drivers/elasticsearch/writing.hpp"

namespace oficio::elasticsearch {
namespace {

bool is_blank(std::string_view typed) {
  return typed.find_first_not_of(" \t\n\r\f\v") == std::string_view::npos;
}

std::int64_t now_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

class elastic_index final : public search::index {
 public:
  elastic_index(std::unique_ptr<http::upstream> to, const place& at, layout fields,
                const search::schema& s, int generation)
      : server_(std::move(to), at.authorization),
        fields_(std::move(fields)),
        same_(s.synonyms),
        alias_(at.prefix + "-" + s.name),
        replicas_(at.replicas),
        generation_(generation) {}

  awaitable<result<void>> put(const context& ctx,
                              std::vector<search::versioned> documents) override {
    co_return co_await write(ctx, std::move(documents), false);
  }

  awaitable<result<void>> put_visibly(const context& ctx,
                                      std::vector<search::versioned> documents) override {
    co_return co_await write(ctx, std::move(documents), true);
  }

  awaitable<result<std::optional<search::hit>>> get(const context& ctx, std::string id) override {
    std::vector<std::string> ids{std::move(id)};
    CO_TRY(auto found, co_await get_many(ctx, std::move(ids)));
    if (found.empty()) co_return std::optional<search::hit>{};
    co_return std::optional<search::hit>(std::move(found.front()));
  }

  awaitable<result<std::vector<search::hit>>> get_many(const context& ctx,
                                                       std::vector<std::string> ids) override {
    std::vector<search::hit> out;
    CO_TRY(auto found, co_await stored(ctx, std::move(ids), "body,removed"));
    for (const auto& one : found) out.push_back(read_hit(one));
    co_return out;
  }

  awaitable<result<search::page>> search(const context& ctx, search::query q) override {
    if (is_blank(q.text)) q.text.clear();
    if (q.text.empty()) co_return co_await found(ctx, q, nullptr);
    // A position that is none is told before anything is asked.
    CO_TRY_VOID(search_request(fields_, q, nullptr));
    CO_TRY(auto text, co_await understand(ctx, q.text));
    CO_TRY(auto page, co_await found(ctx, q, &text.words));
    page.correction = std::move(text.correction);
    co_return page;
  }

  awaitable<result<search::completions>> complete(const context& ctx,
                                                  search::completion_query q) override {
    search::completions out;
    if (is_blank(q.text)) co_return out;
    CO_TRY(auto text, co_await understand(ctx, q.text));
    out.correction = text.correction;
    q.text = text.correction.value_or(q.text);
    std::set<std::string> known;
    for (const auto& field : q.fields) {
      CO_TRY(auto all, co_await completed(ctx, q, field, text.words));
      auto last = out.items.size() + q.limit;
      for (auto& one : all) {
        if (out.items.size() == last) break;
        if (known.insert(search::folded(one)).second) out.items.push_back({std::move(one), field});
      }
    }
    co_return out;
  }

  awaitable<result<std::vector<search::hit>>> similar(const context& ctx,
                                                      search::likeness_query q) override {
    std::vector<search::hit> out;
    std::vector<std::string> ids{q.id};
    CO_TRY(auto found, co_await stored(ctx, std::move(ids), "stems,keywords,removed"));
    if (found.empty() || q.limit == 0) co_return out;
    const auto* source = find(found.front(), {"_source"});
    CO_TRY(auto said, co_await likeness(server_, fields_, alias_).find_like(ctx, q, *source));
    const auto* hits = find(said, {"hits", "hits"});
    if (!hits || !hits->is_array()) co_return out;
    for (const auto& h : hits->get_array()) out.push_back(read_hit(h));
    co_return out;
  }

  awaitable<result<bool>> wants_all(const context& ctx) override {
    CO_TRY_VOID(accepted(co_await server_.post(ctx, "/" + alias_ + "/_refresh")));
    json::object old{{"bool", {{"must_not", json::array{term("layout", fields_.fingerprint())}}}}};
    json::object request{{"size", 0},
                         {"track_total_hits", true},
                         {"query", term("removed", false)},
                         {"aggs", {{"old", {{"filter", std::move(old)}}}}}};
    CO_TRY(auto said, co_await ask(ctx, "", std::move(request)));
    bool empty = integer_of(find(said, {"hits", "total", "value"})) == 0;
    co_return empty || integer_of(find(said, {"aggregations", "old", "doc_count"})) > 0;
  }

  awaitable<result<std::unique_ptr<search::rebuilding>>> rebuild(const context& ctx) override {
    auto fresh =
        std::make_unique<index_rebuilding>(server_, fields_, alias_, replicas_, generation_);
    CO_TRY_VOID(co_await fresh->begin(ctx));
    co_return std::unique_ptr<search::rebuilding>(std::move(fresh));
  }

  awaitable<result<void>> ping(const context& ctx) override {
    json::object request{{"size", 0}, {"track_total_hits", false}, {"terminate_after", 1}};
    CO_TRY_VOID(co_await ask(ctx, "", std::move(request)));
    co_return result<void>{};
  }

 private:
  awaitable<result<void>> write(const context& ctx, std::vector<search::versioned> documents,
                                bool visibly) {
    for (const auto& d : documents) CO_TRY_VOID(fields_.check(d));
    std::vector<writer::line> lines;
    for (const auto& d : documents) {
      lines.push_back({d.doc.id, outer_version(d.version, generation_),
                       json::to_text(json::value(fields_.source(d, now_ms())))});
    }
    auto done = co_await writer(server_, alias_, true, visibly).write(ctx, lines);
    if (done || !is_write_block(done.error())) co_return done;
    CO_TRY(auto open, co_await reopen_abandoned(server_, ctx, alias_));
    if (open) done = co_await writer(server_, alias_, true, visibly).write(ctx, std::move(lines));
    co_return done;
  }

  awaitable<result<understood_text>> understand(const context& ctx, const std::string& text) {
    co_return co_await understanding(server_, fields_, alias_, same_).read(ctx, text);
  }

  // The server's answer to a search.
  awaitable<result<json::value>> ask(const context& ctx, const std::string& text,
                                     json::object request) {
    auto target = search_target(alias_, text);
    auto said = co_await server_.get(ctx, target, within(ctx, request));
    // The index that the alias named just before may have been replaced and deleted.
    if (said && said->status == 404) {
      said = co_await server_.get(ctx, target, within(ctx, std::move(request)));
    }
    CO_TRY(auto good, accepted(std::move(said)));
    CO_TRY_VOID(check_whole(good.body));
    co_return std::move(good.body);
  }

  awaitable<result<search::page>> found(const context& ctx, const search::query& q,
                                        const understood* words) {
    CO_TRY(auto request, search_request(fields_, q, words));
    CO_TRY(auto said, co_await ask(ctx, q.text, std::move(request)));
    co_return read_page(fields_, q, said);
  }

  // What is stored under the ids, in their order, without tombstones.
  awaitable<result<std::vector<json::value>>> stored(const context& ctx,
                                                     std::vector<std::string> ids,
                                                     std::string members) {
    std::vector<json::value> out;
    json::array asked;
    for (auto& id : ids) {
      if (is_id(id)) asked.emplace_back(std::move(id));
    }
    if (asked.empty()) co_return out;
    CO_TRY(auto said, accepted(co_await server_.get(ctx, "/" + alias_ + "/_mget?_source=" + members,
                                                    json::object{{"ids", std::move(asked)}})));
    const auto* docs = find(said.body, {"docs"});
    if (!docs || !docs->is_array())
      co_return search_unavailable("The search server's answer is none.");
    for (const auto& d : docs->get_array()) {
      if (find(d, {"error"})) co_return refused(503, d);
      const auto* there = find(d, {"found"});
      const auto* removed = find(d, {"_source", "removed"});
      bool is_there = there && there->is_bool() && there->get_bool();
      bool is_removed = removed && removed->is_bool() && removed->get_bool();
      if (is_there && !is_removed) out.push_back(d);
    }
    co_return out;
  }

  awaitable<result<std::vector<std::string>>> completed(const context& ctx,
                                                        const search::completion_query& q,
                                                        const std::string& field,
                                                        const understood& words) {
    if (!fields_.is_text(field)) {
      CO_TRY(auto said, co_await ask(ctx, q.text, completion_request(fields_, q, field, q.text)));
      co_return read_completions(said, q.text);
    }
    constexpr std::size_t looked_at = 3;  // the words may be in other fields of some
    search::query best{.text = q.text, .terms = q.terms, .limit = q.limit * looked_at};
    CO_TRY(auto request, search_request(fields_, best, &words));
    request["_source"] = json::array{"texts"};
    CO_TRY(auto said, co_await ask(ctx, q.text, std::move(request)));
    co_return texts_of(said, field, q.text);
  }

  static std::vector<std::string> texts_of(const json::value& said, const std::string& field,
                                           const std::string& text) {
    search::typing wanted(text);
    std::vector<std::string> out;
    const auto* hits = find(said, {"hits", "hits"});
    if (!hits || !hits->is_array()) return out;
    for (const auto& h : hits->get_array()) {
      const auto* values = find(h, {"_source", "texts", field});
      if (!values || !values->is_array()) continue;
      for (const auto& v : values->get_array()) {
        auto whole = text_of(&v);
        if (wanted.stands_in(whole)) out.push_back(std::move(whole));
      }
    }
    return out;
  }

  server server_;
  layout fields_;
  search::synonyms same_;
  std::string alias_;
  int replicas_;
  int generation_;
};

}  // namespace

std::unique_ptr<search::index> make_index(const config::server_address& address, search::schema s,
                                          boost::asio::io_context& io,
                                          telemetry::metrics* metrics) {
  auto at = read_place(address);
  layout fields(s);
  auto generation = open_at_start(address, at, fields, at.prefix + "-" + s.name);
  http::client_options options;
  options.metrics = metrics;
  options.trust = at.trust;
  options.max_answer_bytes = max_answer_bytes;
  return std::make_unique<elastic_index>(http::make_http_upstream(io, at.nodes, options), at,
                                         std::move(fields), s, generation);
}

}  // namespace oficio::elasticsearch
