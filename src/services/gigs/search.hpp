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

// What people ask of GET /gigs/search, without paging. Errors are left in `in`.
search::query read_search(http::query_reader& in);

// {category: [{value, count}], price: [{from, to, count}], …}
json::object facets_to_json(const std::vector<search::facet>& facets);

}  // namespace oficio::gigs
