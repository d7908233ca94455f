#include "platform/archive/documents.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/elasticsearch/archive/asking.hpp"
#include "drivers/elasticsearch/archive/questions.hpp"

namespace oficio::elasticsearch {
namespace {

// The last line that was given: its millisecond, and its id, by which those of one millisecond are
// in order: "1769851800000.0649…". Lines of before ids were kept in them have none.
struct position {
  std::int64_t ms = 0;
  std::string line;
};

constexpr std::size_t longest_line_id = 100;

result<position> read_position(std::string_view text) {
  position out;
  auto [dot, failure] = std::from_chars(text.data(), text.data() + text.size(), out.ms);
  text.remove_prefix(static_cast<std::size_t>(dot - text.data()));
  if (failure != std::errc{} || !text.starts_with('.') || text.size() > longest_line_id) {
    return error{errc::bad_request, "bad_cursor", "This is no position in such a list."};
  }
  out.line = text.substr(1);
  return out;
}

position position_of(const json::value& hit) {
  const auto* sort = find(hit, {"sort"});
  const auto* keys = sort ? sort->if_array() : nullptr;
  if (!keys || keys->size() < 2) return {};
  return {integer_of(&(*keys)[0]), text_of(&(*keys)[1])};
}

json::array keys_of(const position& p) {
  return {p.ms, p.line.empty() ? json::value(nullptr) : json::value(p.line)};
}

json::object downwards(std::string_view by, const char* type) {
  json::object out;
  out[by] = json::object{{"order", "desc"}, {"unmapped_type", type}};
  return out;
}

}  // namespace

json::object ask_requests(const archive::request_query& q) {
  json::array filters{within(q.when), term("transaction.type", "request")};
  if (!q.service.empty()) filters.emplace_back(term("service.name", q.service));
  if (!q.route.empty()) filters.emplace_back(term("transaction.name", q.route));
  if (!q.request_id.empty()) filters.emplace_back(term("http.request.id", q.request_id));
  if (q.failed) filters.emplace_back(term("event.outcome", "failure"));
  json::array sort;
  if (q.slowest_first) sort.emplace_back(downwards("transaction.duration.us", "long"));
  sort.emplace_back(downwards("@timestamp", "date"));
  return {{"size", q.limit},
          {"track_total_hits", false},
          {"sort", std::move(sort)},
          {"query", all_of(std::move(filters))}};
}

std::vector<archive::request_line> read_requests(const json::value& said) {
  std::vector<archive::request_line> out;
  for (const auto& hit : hits(said)) out.push_back(archive::request_of(source_of(hit)));
  return out;
}

result<json::object> ask_logs(const archive::log_query& q) {
  json::array filters{within(q.when)};
  if (!q.service.empty()) filters.emplace_back(term("service.name", q.service));
  if (!q.levels.empty()) filters.emplace_back(terms("log.level", q.levels));
  if (!q.trace_id.empty()) filters.emplace_back(term("trace.id", q.trace_id));
  if (!q.text.empty()) {
    filters.emplace_back(json::object{
        {"match_bool_prefix", {{"message", {{"query", q.text}, {"operator", "and"}}}}}});
  }
  json::object out{
      {"size", q.limit + 1},
      {"track_total_hits", false},
      {"sort", json::array{downwards("@timestamp", "date"), downwards("oficio.line", "keyword")}},
      {"query", all_of(std::move(filters))}};
  if (!q.after.empty()) {
    TRY(auto after, read_position(q.after));
    out["search_after"] = keys_of(after);
  }
  return out;
}

archive::log_page read_logs(const json::value& said, const archive::log_query& q) {
  archive::log_page out;
  position last;
  for (const auto& hit : hits(said)) {
    if (out.items.size() == q.limit) {
      out.next = std::to_string(last.ms) + "." + last.line;
      break;
    }
    last = position_of(hit);
    out.items.push_back(archive::line_of(source_of(hit)));
  }
  return out;
}

json::object ask_trace(const std::string& trace_id) {
  return {{"size", archive::most_entries + 1},
          {"track_total_hits", false},
          {"sort", json::array{{{"@timestamp", {{"order", "asc"}, {"unmapped_type", "date"}}}}}},
          {"query", all_of({term("trace.id", trace_id)})}};
}

archive::trace read_trace(const json::value& said) {
  archive::trace out;
  for (const auto& hit : hits(said)) {
    if (out.entries.size() == archive::most_entries) {
      out.cut = true;
      break;
    }
    out.entries.push_back(archive::entry_of(source_of(hit)));
  }
  archive::put_in_order(out.entries);
  return out;
}

json::object ask_errors(const archive::error_query& q) {
  json::array filters{within(q.when)};
  if (!q.service.empty()) filters.emplace_back(term("service.name", q.service));
  json::object each{
      {"first", {{"min", {{"field", "@timestamp"}}}}},
      {"last", {{"max", {{"field", "@timestamp"}}}}},
      {"people", {{"cardinality", {{"field", "user.id"}}}}},
      {"latest", {{"top_hits", {{"size", 1}, {"sort", json::array{{{"@timestamp", "desc"}}}}}}}}};
  // Such groups cannot be gone on from; so those of the pages before come again, and are left out.
  auto most = std::min(q.skip + q.limit + 1, archive::most_error_groups);
  auto groups = count_by("error.grouping_key", most, std::move(each));
  groups["terms"].as_object()["order"] =
      json::array{{{"_count", "desc"}}, {{"last", "desc"}}, {{"_key", "asc"}}};
  return {{"size", 0},
          {"query", all_of(std::move(filters))},
          {"aggs", {{"groups", std::move(groups)}}}};
}

archive::error_page read_errors(const json::value& said, const archive::error_query& q) {
  archive::error_page out;
  const auto* from = find(said, {"aggregations"});
  if (!from) return out;
  std::size_t number = 0;
  for (const auto& bucket : buckets(*from, "groups")) {
    if (number++ < q.skip) continue;
    if (out.items.size() == q.limit) {
      out.more = true;
      break;
    }
    const auto* latest = find(bucket, {"latest"});
    const auto& found = hits(latest ? *latest : bucket);
    auto group = archive::group_of(found.empty() ? json::object{} : source_of(found.front()));
    group.key = text_of(find(bucket, {"key"}));
    group.count = integer_of(find(bucket, {"doc_count"}));
    group.people = integer_of(find(bucket, {"people", "value"}));
    group.first_at = time_in(bucket, "first");
    group.last_at = time_in(bucket, "last");
    out.items.push_back(std::move(group));
  }
  return out;
}

}  // namespace oficio::elasticsearch
