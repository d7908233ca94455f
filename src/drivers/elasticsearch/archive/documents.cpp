#include "platform/archive/documents.hpp"

#include <charconv>

#include "drivers/elasticsearch/archive/asking.hpp"
#include "drivers/elasticsearch/archive/questions.hpp"

namespace oficio::elasticsearch {
namespace {

// Documents of one millisecond have no order that a search could go on from; so a position is that
// millisecond and who of it was given already: "1769851800000|id,id".
struct position {
  std::int64_t ms = 0;
  std::vector<std::string> given;
};

constexpr std::size_t most_given = 100;

result<position> read_position(std::string_view text) {
  position out;
  auto [bar, failure] = std::from_chars(text.data(), text.data() + text.size(), out.ms);
  text.remove_prefix(static_cast<std::size_t>(bar - text.data()));
  if (failure != std::errc{} || !text.starts_with('|')) {
    return error{errc::bad_request, "bad_cursor", "This is no position in such a list."};
  }
  text.remove_prefix(1);
  while (!text.empty() && out.given.size() < most_given) {
    auto comma = std::min(text.find(','), text.size());
    out.given.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

std::string text_of_position(const position& p) {
  // So many in one millisecond: the rest of them is left out, rather than the list never ending.
  if (p.given.size() >= most_given) return std::to_string(p.ms - 1) + "|";
  std::string out = std::to_string(p.ms) + "|";
  for (const auto& id : p.given) out += (out.ends_with('|') ? "" : ",") + id;
  return out;
}

std::int64_t time_of(const json::value& hit) {
  const auto* sort = find(hit, {"sort"});
  bool there = sort && sort->is_array() && !sort->get_array().empty();
  return there ? integer_of(&sort->get_array().front()) : 0;
}

}  // namespace

result<json::object> ask_logs(const archive::log_query& q) {
  auto when = q.when;
  json::array filters;
  json::object left_out{{"ids", {{"values", json::array{}}}}};
  if (!q.after.empty()) {
    TRY(auto after, read_position(q.after));
    when.to = std::min(when.to, time_point(std::chrono::milliseconds(after.ms + 1)));
    json::array ids;
    for (const auto& id : after.given) ids.emplace_back(id);
    left_out["ids"].as_object()["values"] = std::move(ids);
  }
  filters.emplace_back(within(when));
  if (!q.service.empty()) filters.emplace_back(term("service.name", q.service));
  if (!q.levels.empty()) filters.emplace_back(terms("log.level", q.levels));
  if (!q.trace_id.empty()) filters.emplace_back(term("trace.id", q.trace_id));
  if (!q.text.empty()) {
    filters.emplace_back(json::object{
        {"match_bool_prefix", {{"message", {{"query", q.text}, {"operator", "and"}}}}}});
  }
  return json::object{
      {"size", q.limit + 1},
      {"track_total_hits", false},
      {"sort", json::array{{{"@timestamp", {{"order", "desc"}, {"unmapped_type", "date"}}}}}},
      {"query", {{"bool", {{"filter", std::move(filters)}, {"must_not", json::array{left_out}}}}}}};
}

archive::log_page read_logs(const json::value& said, const archive::log_query& q) {
  archive::log_page out;
  position last;
  // Those of the page before may be of the same millisecond.
  if (auto before = read_position(q.after)) last = *std::move(before);
  for (const auto& hit : hits(said)) {
    if (out.items.size() == q.limit) {
      out.next = text_of_position(last);
      break;
    }
    auto ms = time_of(hit);
    if (ms != last.ms) last = {ms, {}};
    last.given.push_back(text_of(find(hit, {"_id"})));
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
  return {{"size", 0},
          {"query", all_of(std::move(filters))},
          {"aggs", {{"groups", count_by("error.grouping_key", q.limit, std::move(each))}}}};
}

std::vector<archive::error_group> read_errors(const json::value& said) {
  std::vector<archive::error_group> out;
  const auto* from = find(said, {"aggregations"});
  if (!from) return out;
  for (const auto& bucket : buckets(*from, "groups")) {
    const auto* latest = find(bucket, {"latest"});
    const auto& found = hits(latest ? *latest : bucket);
    auto group = archive::group_of(found.empty() ? json::object{} : source_of(found.front()));
    group.key = text_of(find(bucket, {"key"}));
    group.count = integer_of(find(bucket, {"doc_count"}));
    group.people = integer_of(find(bucket, {"people", "value"}));
    group.first_at = time_in(bucket, "first");
    group.last_at = time_in(bucket, "last");
    out.push_back(std::move(group));
  }
  return out;
}

}  // namespace oficio::elasticsearch
