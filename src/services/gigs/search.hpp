#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/http/query.hpp"
#include "platform/search/index.hpp"
#include "services/gigs/store.hpp"

namespace oficio::gigs {

// What a gig is to search.
search::schema search_schema();

// A gig for the index; its body is what everybody sees.
search::versioned searchable(const kept_gig& g, std::int64_t write_version);
search::versioned gone(std::string id, std::int64_t write_version);

// What every search counts.
std::vector<search::facet_request> search_facets();

// What people ask of GET /gigs/search, without paging. Errors are left in `in`.
search::query read_search(http::query_reader& in);

// What people ask of GET /gigs/top, without paging: the most popular of a category, or of all.
search::query read_top(http::query_reader& in);

// Gigs that are like one of them.
search::likeness_query like_gig(std::string id, std::size_t limit);

// One line that completes what somebody typed. Subcategories come with their place.
struct suggestion {
  std::string text;
  std::string kind;  // "subcategory", "tag" or "title"
  std::optional<std::string> category;
  std::optional<std::string> subcategory;
};
struct suggestions {
  std::vector<suggestion> items;
  std::optional<std::string> correction;  // what was typed, when it seems misspelt
};
search::completion_query completing(const std::string& typed, std::size_t limit);
suggestions suggestions_of(const std::string& typed, search::completions found, std::size_t limit);
json::object to_json(const suggestions& s);

// {category: [{value, count}], price: [{from, to, count}], …}
json::object facets_to_json(const std::vector<search::facet>& facets);

}  // namespace oficio::gigs
