#include <algorithm>
#include <charconv>

#include "drivers/embedded/archive/queries.hpp"
#include "drivers/embedded/archive/source.hpp"
#include "platform/archive/documents.hpp"

namespace oficio::embedded {
namespace {

// "1769851800000000.17": the time and number of the last line that was given.
struct position {
  std::int64_t time_us = 0;
  std::int64_t seq = 0;
};

result<position> read_position(const std::string& text) {
  position out;
  const char* end = text.data() + text.size();
  auto [dot, failure] = std::from_chars(text.data(), end, out.time_us);
  if (failure == std::errc{} && dot != end && *dot == '.') {
    auto [rest, wrong] = std::from_chars(dot + 1, end, out.seq);
    if (wrong == std::errc{} && rest == end) return out;
  }
  return error{errc::bad_request, "bad_cursor", "This is no position in such a list."};
}

std::string like_pattern(std::string_view word) {
  std::string out = "%";
  for (char c : word) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::size_t most = 10;
  constexpr std::string_view space = " \t\r\n";
  std::vector<std::string> out;
  while (out.size() < most) {
    auto begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    auto end = std::min(text.find_first_of(space), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

// A statement and what is to be bound to it, in order.
struct asked {
  std::string sql;
  std::vector<std::string> texts;

  void where(const std::string& condition, std::string value) {
    sql += " AND " + condition;
    texts.push_back(std::move(value));
  }
};

asked question(const archive::log_query& q) {
  // Which index is the narrowest is known here, and not to SQLite, which has no figures of the
  // file.
  auto index = !q.trace_id.empty()  ? "records_by_trace"
               : !q.service.empty() ? "records_by_kind"
                                    : "records_by_time";
  asked out{"SELECT document, time_us, seq FROM records INDEXED BY " + std::string(index) +
                " WHERE kind = 'log' AND time_us >= ?1 AND time_us < ?2 "
                "AND (time_us, seq) < (?3, ?4)",
            {}};
  if (!q.trace_id.empty()) out.where("trace_id = ?", q.trace_id);
  if (!q.service.empty()) out.where("service = ?", q.service);
  if (!q.levels.empty()) {
    std::string marks;
    for (const auto& level : q.levels) {
      marks += marks.empty() ? "?" : ",?";
      out.texts.push_back(level);
    }
    out.sql += " AND level IN (" + marks + ")";
  }
  for (const auto& word : words_of(q.text)) {
    out.where("json_extract(document, '$.message') LIKE ? ESCAPE '\\'", like_pattern(word));
  }
  out.sql += " ORDER BY time_us DESC, seq DESC LIMIT " + std::to_string(q.limit + 1);
  return out;
}

archive::error_group group_in(connection& from, const statement& row) {
  auto last = from.prepare("SELECT document FROM records WHERE seq = ?");
  last.bind(1, row.integer(5));
  auto group =
      last.step() ? archive::group_of(parse_document(last.text(0))) : archive::error_group{};
  group.key = row.text(0);
  group.count = row.integer(1);
  group.people = row.integer(2);
  group.first_at = time_of(row.integer(3));
  group.last_at = time_of(row.integer(4));
  return group;
}

}  // namespace

result<archive::log_page> read_logs(connection& from, const archive::log_query& q) {
  position after{microseconds(q.when.to), 0};
  if (!q.after.empty()) {
    TRY(after, read_position(q.after));
  }
  auto what = question(q);
  auto s = from.prepare(what.sql);
  s.bind(1, microseconds(q.when.from)).bind(2, microseconds(q.when.to));
  s.bind(3, after.time_us).bind(4, after.seq);
  int next = 5;
  for (const auto& text : what.texts) s.bind(next++, std::string_view(text));
  archive::log_page out;
  position last;
  while (s.step()) {
    if (out.items.size() == q.limit) {
      out.next = std::to_string(last.time_us) + "." + std::to_string(last.seq);
      break;
    }
    out.items.push_back(archive::line_of(parse_document(s.text(0))));
    last = {s.integer(1), s.integer(2)};
  }
  return out;
}

archive::trace read_trace(connection& from, const std::string& trace_id) {
  archive::trace out;
  auto s = from.prepare(
      "SELECT document, time_us FROM records INDEXED BY records_by_trace WHERE trace_id = ? "
      "ORDER BY time_us, seq LIMIT " +
      std::to_string(archive::most_entries + 1));
  s.bind(1, std::string_view(trace_id));
  while (s.step()) {
    if (out.entries.size() == archive::most_entries) {
      out.cut = true;
      break;
    }
    auto one = archive::entry_of(parse_document(s.text(0)));
    one.at_us = s.integer(1);
    out.entries.push_back(std::move(one));
  }
  archive::put_in_order(out.entries);
  return out;
}

archive::error_page read_errors(connection& from, const archive::error_query& q) {
  archive::error_page out;
  if (q.skip >= archive::most_error_groups) return out;
  auto limit = std::min(q.limit, archive::most_error_groups - q.skip);
  std::string sql =
      "SELECT grouping_key, count(*), count(DISTINCT user_id), min(time_us), max(time_us), "
      "max(seq) "
      "FROM records WHERE kind = 'error' AND grouping_key IS NOT NULL "
      "AND time_us >= ?1 AND time_us < ?2";
  if (!q.service.empty()) sql += " AND service = ?3";
  sql += " GROUP BY grouping_key ORDER BY 2 DESC, 5 DESC, 1 LIMIT " + std::to_string(limit + 1) +
         " OFFSET " + std::to_string(q.skip);
  auto s = from.prepare(sql);
  s.bind(1, microseconds(q.when.from)).bind(2, microseconds(q.when.to));
  if (!q.service.empty()) s.bind(3, std::string_view(q.service));
  while (s.step()) {
    if (out.items.size() == limit) {
      out.more = q.skip + limit < archive::most_error_groups;
      break;
    }
    out.items.push_back(group_in(from, s));
  }
  return out;
}

}  // namespace oficio::embedded
