#include "search_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include <stdlib.h>

#include "conformance/support.hpp"
#include "platform/json/json.hpp"

namespace oficio::search::conformance {
namespace {

using oficio::conformance::run;

}  // namespace

void search_conformance::SetUp() {
  std::string pattern = std::filesystem::temp_directory_path() / "search-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  pool_ = std::make_unique<runtime::blocking_pool>("search", 2, 64);
  restart();
}

void search_conformance::TearDown() {
  index_.reset();
  pool_.reset();
  std::filesystem::remove_all(folder_);
}

void search_conformance::restart_with(schema s) {
  index_.reset();
  index_ = GetParam().make(folder_, std::move(s), *pool_);
}

schema search_conformance::schema_of_samples() {
  return {"samples",
          {{"title", field_kind::text, 4.0},
           {"description", field_kind::text, 1.0},
           {"category", field_kind::keyword},
           {"tags", field_kind::keyword},
           {"price", field_kind::number},
           {"sales", field_kind::number}},
          {{"sales", 2.0}},
          {{"logo", "logotipo", "isotipo"},
           {"website", "página web", "sitio web"},
           {"translation", "traducción"},
           {"fast", "rápido", "express"}}};
}

document search_conformance::document_of(const sample& s) {
  document d{.id = s.id, .hidden = s.hidden};
  d.body = json::to_text(json::value{{"id", s.id}, {"title", s.title}});
  d.values = {{"title", s.title},
              {"description", s.description},
              {"category", s.category},
              {"price", s.price},
              {"sales", s.sales}};
  for (const auto& tag : s.tags) d.values.push_back({"tags", tag});
  return d;
}

result<void> search_conformance::put(std::vector<versioned> documents) {
  context ctx;
  return run(index_->put(ctx, std::move(documents)));
}

void search_conformance::put(const sample& s) {
  put_all({s});
}

void search_conformance::put_all(const std::vector<sample>& samples) {
  std::vector<versioned> batch;
  for (const auto& s : samples) batch.push_back({document_of(s), s.version, false});
  auto done = put(std::move(batch));
  ASSERT_TRUE(done.has_value()) << done.error().code << ": " << done.error().detail;
}

void search_conformance::put_visibly(const sample& s) {
  context ctx;
  std::vector<versioned> one;
  one.push_back({document_of(s), s.version, false});
  auto done = run(index_->put_visibly(ctx, std::move(one)));
  ASSERT_TRUE(done.has_value()) << done.error().code << ": " << done.error().detail;
}

void search_conformance::remove(const std::string& id, std::int64_t version) {
  document gone;
  gone.id = id;
  auto done = put({versioned{std::move(gone), version, true}});
  ASSERT_TRUE(done.has_value()) << done.error().detail;
}

std::optional<hit> search_conformance::get(const std::string& id) {
  context ctx;
  return run(index_->get(ctx, id)).value();
}

std::vector<std::string> search_conformance::get_many(std::vector<std::string> ids) {
  context ctx;
  page p;
  p.hits = run(index_->get_many(ctx, std::move(ids))).value();
  return ids_in(p);
}

result<void> search_conformance::ping() {
  context ctx;
  return run(index_->ping(ctx));
}

bool search_conformance::wants_all() {
  context ctx;
  return run(index_->wants_all(ctx)).value();
}

result<page> search_conformance::search(query q) {
  context ctx;
  return run(index_->search(ctx, std::move(q)));
}

page search_conformance::found(query q) {
  auto p = search(std::move(q));
  if (!p) {
    ADD_FAILURE() << p.error().code << ": " << p.error().detail;
    return {};
  }
  return *std::move(p);
}

std::vector<std::string> search_conformance::ids_of(const query& q) {
  return ids_in(found(q));
}

std::string search_conformance::correction_of(const std::string& text) {
  return found(text_query(text)).correction.value_or("");
}

std::vector<std::string> search_conformance::completed(completion_query q) {
  context ctx;
  std::vector<std::string> out;
  for (const auto& c : run(index_->complete(ctx, std::move(q))).value().items) {
    out.push_back(c.field + ": " + c.text);
  }
  return out;
}

std::vector<std::string> search_conformance::similar(likeness_query q) {
  context ctx;
  page p;
  p.hits = run(index_->similar(ctx, std::move(q))).value();
  return ids_in(p);
}

template <class Ids>
void search_conformance::expect_found(const std::vector<std::string>& wanted,
                                      const std::string& text, Ids find) {
  auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  auto now = find();
  if (now != wanted && settles_ && GetParam().settle) {
    GetParam().settle(folder_);
    now = find();
  }
  while (now != wanted && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    now = find();
  }
  EXPECT_EQ(now, wanted) << "for: " << text.substr(0, 100);
}

void search_conformance::expect_ids(const query& q, const std::vector<std::string>& ids) {
  expect_found(ids, q.text, [&] { return ids_of(q); });
}

void search_conformance::expect_text_now(const std::string& text, std::vector<std::string> ids) {
  EXPECT_EQ(sorted_ids_of(text), ids) << "for: " << text;
}

void search_conformance::expect_text(const std::string& text, std::vector<std::string> ids) {
  std::ranges::sort(ids);
  expect_found(ids, text, [&] { return sorted_ids_of(text); });
}

std::vector<std::string> search_conformance::sorted_ids_of(const std::string& text) {
  auto out = ids_of(text_query(text));
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> search_conformance::all_pages(query q) {
  std::vector<std::string> out;
  for (int page = 0; page < 100; ++page) {
    auto p = found(q);
    if (p.hits.empty()) return out;
    for (auto& id : ids_in(p)) out.push_back(id);
    q.after = p.hits.back().position;
  }
  ADD_FAILURE() << "no end";
  return out;
}

void search_conformance::expect_same_as_one_page(query q, std::size_t count) {
  q.limit = 1'000;
  auto whole = ids_of(q);
  EXPECT_EQ(whole.size(), count);
  q.limit = 7;
  EXPECT_EQ(all_pages(q), whole);
}

query text_query(std::string text) {
  query q;
  q.text = std::move(text);
  return q;
}

std::string member(const hit& h, const std::string& name) {
  return std::string(json::parse(h.body).value().at(name).as_string());
}

std::vector<std::string> ids_in(const page& p) {
  std::vector<std::string> out;
  for (const auto& h : p.hits) out.push_back(member(h, "id"));
  return out;
}

}  // namespace oficio::search::conformance
