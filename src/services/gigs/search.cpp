#include "services/gigs/search.hpp"

#include <algorithm>
#include <cmath>

#include "platform/search/words.hpp"
#include "services/gigs/catalogue.hpp"
#include "services/gigs/synonyms.hpp"

namespace oficio::gigs {
namespace {

using search::field_kind;

// Stars are kept as hundredths: 4.5 is 450.
std::int64_t hundredths(double stars) {
  return std::llround(stars * 100);
}

// A good average counts little while few have given it; sales count less the more there are.
std::int64_t popularity(const gig& g) {
  constexpr double usual = 3.5;
  constexpr double given = 5;
  auto count = static_cast<double>(g.rating.count);
  auto stars = (g.rating.average * count + usual * given) / (count + given);
  return std::llround(1'000 * stars * std::log2(2 + static_cast<double>(g.sales) + count));
}

void add_terms(search::query& q, http::query_reader& in, const std::string& parameter,
               std::size_t max) {
  auto said = in.list(parameter, max);
  if (!said.empty()) q.terms.push_back({parameter, std::move(said)});
}

search::sort sort_of(const std::optional<std::string>& said) {
  if (said == "newest") return {"created_at", true};
  if (said == "rating") return {"rating", true};
  if (said == "best_selling") return {"sales", true};
  if (said == "price_asc") return {"price", false};
  if (said == "price_desc") return {"price", true};
  return {};
}

json::value edge(const std::string& field, std::optional<std::int64_t> number) {
  if (!number) return nullptr;
  if (field == "rating") return static_cast<double>(*number) / 100;
  return *number;
}

}  // namespace

search::schema search_schema() {
  return {"gigs",
          {{"title", field_kind::text, 4.0},
           {"tag_words", field_kind::text, 3.0},
           {"place", field_kind::text, 2.0},  // the subcategory's names
           {"description", field_kind::text, 1.0},
           {"category", field_kind::keyword},
           {"subcategory", field_kind::keyword},
           {"tags", field_kind::keyword},
           {"country", field_kind::keyword},
           {"language", field_kind::keyword},
           {"seller", field_kind::keyword},
           {"seller_id", field_kind::keyword},
           {"active", field_kind::keyword},
           {"price", field_kind::number},
           {"delivery_days", field_kind::number},
           {"rating", field_kind::number},
           {"reviews", field_kind::number},
           {"sales", field_kind::number},
           {"popularity", field_kind::number},
           {"created_at", field_kind::number}},
          {{"reviews", 0.05}, {"sales", 0.1}, {"rating", 0.05}},
          market_synonyms()};
}

// A paused gig is no hidden document: its seller must find it among the others.
search::versioned searchable(const kept_gig& g, std::int64_t write_version) {
  search::document d{.id = g.id, .body = json::to_text(g.gig)};
  const auto& shown = g.gig;
  d.values = {{"title", shown.title},
              {"description", shown.description},
              {"category", shown.category},
              {"subcategory", shown.subcategory},
              {"country", shown.seller.country},
              {"seller", shown.seller.username},
              {"seller_id", shown.seller.id},
              {"active", std::string(shown.active ? "true" : "false")},
              {"price", shown.lowest_price()},
              {"delivery_days", std::int64_t{shown.fastest_delivery()}},
              {"rating", hundredths(shown.rating.average)},
              {"reviews", shown.rating.count},
              {"sales", shown.sales},
              {"popularity", popularity(shown)},
              {"created_at", std::int64_t{shown.created_at.time_since_epoch().count()}}};
  for (const auto& tag : shown.tags) {
    d.values.push_back({"tags", tag});
    d.values.push_back({"tag_words", tag});
  }
  for (const auto& name : names_of(shown.category, shown.subcategory)) {
    d.values.push_back({"place", name});
  }
  for (const auto& language : g.languages) d.values.push_back({"language", language});
  return {std::move(d), write_version, false};
}

search::versioned gone(std::string id, std::int64_t write_version) {
  search::document d;
  d.id = std::move(id);
  return {std::move(d), write_version, true};
}

std::vector<search::facet_request> search_facets() {
  return {{"category"},
          {"subcategory", 50},
          {"price", 20, {0, 2'500, 5'000, 10'000, 25'000, 50'000}},
          {"delivery_days", 20, {1, 2, 4, 8, 15}},
          {"rating", 20, {100, 200, 300, 400, 450}},
          {"country", 50},
          {"language"}};
}

search::query read_search(http::query_reader& in) {
  search::query q;
  q.text = in.text("q").value_or("");
  q.terms.push_back({"active", {"true"}});
  add_terms(q, in, "category", 10);
  add_terms(q, in, "subcategory", 20);
  add_terms(q, in, "country", 50);
  add_terms(q, in, "language", 20);
  add_terms(q, in, "seller", 20);
  // Each tag narrows the search.
  for (const auto& tag : in.list("tags", 5)) q.terms.push_back({"tags", {kept_tag(tag)}});
  auto least = in.number("min_price", 0, 100'000'000);
  auto most = in.number("max_price", 0, 100'000'000);
  if (least || most) q.ranges.push_back({"price", least, most});
  if (auto days = in.number("delivery_days", 1, 365)) {
    q.ranges.push_back({"delivery_days", std::nullopt, days});
  }
  if (auto stars = in.decimal("min_rating", 0, 5)) {
    q.ranges.push_back({"rating", hundredths(*stars), std::nullopt});
  }
  q.sort = sort_of(in.choice(
      "sort", {"relevance", "newest", "rating", "best_selling", "price_asc", "price_desc"}));
  q.facets = search_facets();
  return q;
}

search::query read_top(http::query_reader& in) {
  search::query q;
  q.terms.push_back({"active", {"true"}});
  if (auto category = in.choice("category", category_ids())) {
    q.terms.push_back({"category", {*category}});
  }
  q.sort = {"popularity", true};
  return q;
}

search::likeness_query like_gig(std::string id, std::size_t limit) {
  return {std::move(id),
          {{"subcategory", 4}, {"category", 1}, {"tags", 1.5}, {"language", 0.5}},
          {{"active", {"true"}}},
          limit};
}

search::completion_query completing(const std::string& typed, std::size_t limit) {
  return {typed, {"tags", "title"}, {{"active", {"true"}}}, limit};
}

suggestions suggestions_of(const std::string& typed, search::completions found, std::size_t limit) {
  suggestions out;
  constexpr std::size_t max_places = 3;
  auto meant = found.correction.value_or(typed);
  for (auto& p : find_places(meant, std::min(limit, max_places))) {
    out.items.push_back({std::move(p.name), "subcategory", p.category, p.subcategory});
  }
  constexpr std::size_t max_titles = 3;
  auto titles = static_cast<std::size_t>(
      std::ranges::count(found.items, "title", &search::completion::field));
  auto tags_left = limit - std::min(limit, out.items.size() + std::min(titles, max_titles));
  for (auto& c : found.items) {
    if (out.items.size() == limit) break;
    bool tag = c.field == "tags";
    if (tag && tags_left == 0) continue;
    if (tag) --tags_left;
    // A tag that reads like a subcategory says nothing more.
    bool again = std::ranges::any_of(out.items, [&](const suggestion& s) {
      return search::folded(s.text) == search::folded(c.text);
    });
    if (!again) out.items.push_back({std::move(c.text), tag ? "tag" : "title", {}, {}});
  }
  out.correction = std::move(found.correction);
  return out;
}

json::object to_json(const suggestions& s) {
  json::array items;
  for (const auto& one : s.items) {
    json::object item{{"text", one.text}, {"kind", one.kind}};
    if (one.subcategory) {
      item["category"] = *one.category;
      item["subcategory"] = *one.subcategory;
    }
    items.push_back(std::move(item));
  }
  json::object out{{"items", std::move(items)}, {"correction", nullptr}};
  if (s.correction) out["correction"] = *s.correction;
  return out;
}

json::object facets_to_json(const std::vector<search::facet>& facets) {
  json::object out;
  for (const auto& f : facets) {
    json::array buckets;
    for (const auto& b : f.buckets) {
      json::object one;
      if (b.from || b.to) {
        one = {{"from", edge(f.field, b.from)}, {"to", edge(f.field, b.to)}};
      } else {
        one = {{"value", b.value}};
      }
      one["count"] = b.count;
      buckets.push_back(std::move(one));
    }
    out.emplace(f.field, std::move(buckets));
  }
  return out;
}

}  // namespace oficio::gigs
