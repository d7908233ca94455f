#include "drivers/embedded/documents/query_text.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <boost/json/serialize.hpp>

namespace oficio::embedded {
namespace {

using boost::json::value;
using documents::op;

struct key {
  std::string expression;
  bool descending;
  bool may_be_null;
};

// The query's sort with the id that breaks ties.
std::vector<key> keys_of(const documents::query& q) {
  std::vector<key> keys;
  for (const auto& s : q.sort) {
    keys.push_back({expression_of(s.path), s.descending, s.path != "id"});
  }
  keys.push_back({"id", !keys.empty() && keys.back().descending, false});
  return keys;
}

void add_condition(bound_text& to, const documents::condition& c) {
  std::string path = expression_of(c.path);
  switch (c.op) {
    case op::eq:
      if (c.value.is_null()) {
        to.text += path + " IS NULL";
        return;
      }
      to.text += path + " = ?";
      break;
    case op::lt:
      to.text += path + " < ?";
      break;
    case op::lte:
      to.text += path + " <= ?";
      break;
    case op::gt:
      to.text += path + " > ?";
      break;
    case op::gte:
      to.text += path + " >= ?";
      break;
    case op::in:
      if (!c.value.is_array()) throw std::invalid_argument("`in` needs a list: " + c.path);
      // One text however long the list is, so that prepared statements stay few.
      to.text += path + " IN (SELECT value FROM json_each(?))";
      to.values.emplace_back(boost::json::serialize(c.value));
      return;
  }
  to.values.push_back(c.value);
}

// That `k` comes behind `v`. SQLite puts nulls before everything else.
void add_behind(bound_text& to, const key& k, const value& v) {
  if (v.is_null()) {
    to.text += k.descending ? "0" : k.expression + " IS NOT NULL";
    return;
  }
  if (!k.descending) {
    to.text += k.expression + " > ?";
  } else if (k.may_be_null) {
    to.text += "(" + k.expression + " < ? OR " + k.expression + " IS NULL)";
  } else {
    to.text += k.expression + " < ?";
  }
  to.values.push_back(v);
}

// Behind (v0, v1, …): k0 behind v0, or k0 is v0 and k1 behind v1, or …
void add_position(bound_text& to, const std::vector<key>& keys, const std::vector<value>& at) {
  to.text += " AND (";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    to.text += i == 0 ? "(" : " OR (";
    for (std::size_t same = 0; same < i; ++same) {
      to.text += keys[same].expression + " IS ? AND ";
      to.values.push_back(at[same]);
    }
    add_behind(to, keys[i], at[i]);
    to.text += ")";
  }
  to.text += ")";
}

void add_order(bound_text& to, const std::vector<key>& keys) {
  to.text += " ORDER BY ";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) to.text += ", ";
    to.text += keys[i].expression + (keys[i].descending ? " DESC" : "");
  }
  to.text += " LIMIT ?";
}

}  // namespace

std::string expression_of(std::string_view path) {
  check_path(path);
  if (path == "id") return "id";
  std::string out = "json_extract(body, '$.\"";
  for (char c : path) {
    if (c == '.') {
      out += "\".\"";
    } else {
      out += c;
    }
  }
  return out + "\"')";
}

bound_text matching(std::string_view columns, std::string_view table,
                    const std::vector<documents::condition>& where) {
  bound_text out;
  out.text =
      "SELECT " + std::string(columns) + " FROM " + std::string(table) + " WHERE removed = 0";
  for (const auto& c : where) {
    out.text += " AND ";
    add_condition(out, c);
  }
  return out;
}

std::vector<bound_text> selects(std::string_view columns, std::string_view table,
                                const documents::query& q) {
  auto first = matching(columns, table, q.where);
  auto keys = keys_of(q);
  if (!q.after) {
    add_order(first, keys);
    return {std::move(first)};
  }
  std::vector<value> at = q.after->values;
  at.emplace_back(q.after->id);
  if (at.size() != keys.size()) {
    throw std::invalid_argument("a position needs a value for each sort key");
  }
  std::vector<bound_text> out;
  const auto& lead = keys.front();
  if (at.front().is_null()) {
    if (lead.descending) first.text += " AND " + lead.expression + " IS NULL";
  } else {
    if (lead.descending && lead.may_be_null) {
      auto second = first;
      second.text += " AND " + lead.expression + " IS NULL";
      add_order(second, {keys.begin() + 1, keys.end()});
      out.push_back(std::move(second));
    }
    // Follows from the position, but is what an index can seek.
    first.text += " AND " + lead.expression + (lead.descending ? " <= ?" : " >= ?");
    first.values.push_back(at.front());
  }
  add_position(first, keys, at);
  add_order(first, keys);
  out.insert(out.begin(), std::move(first));
  return out;
}

void bind(statement& s, int parameter, const value& v) {
  switch (v.kind()) {
    case boost::json::kind::null:
      s.bind(parameter, nullptr);
      return;
    case boost::json::kind::bool_:
      s.bind(parameter, std::int64_t{v.get_bool()});
      return;
    case boost::json::kind::int64:
      s.bind(parameter, v.get_int64());
      return;
    case boost::json::kind::double_:
      s.bind(parameter, v.get_double());
      return;
    case boost::json::kind::uint64:
      if (std::in_range<std::int64_t>(v.get_uint64())) {
        s.bind(parameter, static_cast<std::int64_t>(v.get_uint64()));
      } else {
        s.bind(parameter, static_cast<double>(v.get_uint64()));
      }
      return;
    case boost::json::kind::string:
      s.bind(parameter, std::string_view(v.get_string().data(), v.get_string().size()));
      return;
    default:
      throw std::invalid_argument("a list or an object cannot be compared");
  }
}

void bind_all(statement& s, const bound_text& from) {
  int parameter = 0;
  for (const auto& v : from.values) bind(s, ++parameter, v);
}

}  // namespace oficio::embedded
