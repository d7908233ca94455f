#include "drivers/mongodb/filter.hpp"

#include <algorithm>
#include <stdexcept>

#include "drivers/mongodb/json_form.hpp"

namespace oficio::mongodb {
namespace {

using boost::json::value;
using documents::op;

// A text that is no UTF-8 is in no document.
bool may_be_kept(const value& v) {
  const auto* text = v.if_string();
  return !text || is_text({text->data(), text->size()});
}

// {path: {operator: value}}
document compared(const std::string& path, std::string_view operation, const value& v) {
  document test;
  put_scalar(test, operation, v);
  document out;
  out.put(path, test);
  return out;
}

document any_of(const std::string& path, const boost::json::array& values) {
  document list;
  for (const auto& v : values) {
    // Null equals nothing in a list, as in SQL.
    if (!v.is_null() && may_be_kept(v)) put_scalar(list, list.next(), v);
  }
  document test;
  test.put_list("$in", list);
  document out;
  out.put(path, test);
  return out;
}

document nothing() {
  return any_of(field::id, {});
}

// {"$and": [...]} or {"$or": [...]}; of one alone, itself.
document joined(std::string_view how, std::vector<document> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  document list;
  for (const auto& p : parts) list.put(list.next(), p);
  document out;
  out.put_list(how, list);
  return out;
}

document meets(const documents::condition& c) {
  auto path = kept_path(c.path);
  // Null is neither more nor less than anything, nor as much.
  bool compares = c.op != op::eq && c.op != op::in;
  if (compares && c.value.is_null()) return nothing();
  if (!may_be_kept(c.value)) return nothing();
  switch (c.op) {
    case op::eq:
      return compared(path, "$eq", c.value);
    case op::lt:
      return compared(path, "$lt", c.value);
    case op::lte:
      return compared(path, "$lte", c.value);
    case op::gt:
      return compared(path, "$gt", c.value);
    case op::gte:
      return compared(path, "$gte", c.value);
    case op::in:
      if (!c.value.is_array()) throw std::invalid_argument("`in` needs a list: " + c.path);
      return any_of(path, c.value.get_array());
  }
  throw std::invalid_argument("no such operator");
}

struct key {
  std::string path;
  bool descending;
};

std::vector<key> keys_of(const documents::query& q) {
  std::vector<key> keys;
  for (const auto& s : q.sort) keys.push_back({kept_path(s.path), s.descending});
  keys.push_back({field::id, !keys.empty() && keys.back().descending});
  return keys;
}

// That `k` comes behind `v`. Nulls come before everything else, descending behind it.
document behind(const key& k, const value& v) {
  if (v.is_null()) return k.descending ? nothing() : compared(k.path, "$ne", nullptr);
  if (!k.descending) return compared(k.path, "$gt", v);
  auto less = compared(k.path, "$lt", v);
  if (k.path == field::id) return less;
  std::vector<document> either;
  either.push_back(std::move(less));
  either.push_back(compared(k.path, "$eq", nullptr));
  return joined("$or", std::move(either));
}

// Behind (v0, v1, …): k0 behind v0, or k0 is v0 and k1 behind v1, or …
document behind_position(const std::vector<key>& keys, const documents::query::position& after) {
  auto at = after.values;
  at.emplace_back(after.id);
  if (at.size() != keys.size()) {
    throw std::invalid_argument("a position needs a value for each sort key");
  }
  std::vector<document> either;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::vector<document> all;
    for (std::size_t same = 0; same < i; ++same) {
      all.push_back(compared(keys[same].path, "$eq", at[same]));
    }
    all.push_back(behind(keys[i], at[i]));
    either.push_back(joined("$and", std::move(all)));
  }
  return joined("$or", std::move(either));
}

std::vector<document> conditions(const std::vector<documents::condition>& where) {
  std::vector<document> all;
  all.push_back(compared(field::gone, "$eq", ""));
  for (const auto& c : where) all.push_back(meets(c));
  return all;
}

}  // namespace

std::string kept_path(std::string_view path) {
  check_path(path);
  return path == "id" ? field::id : std::string(field::body) + "." + std::string(path);
}

document filter_of(const std::vector<documents::condition>& where) {
  return joined("$and", conditions(where));
}

std::vector<document> filters_of(const documents::query& q) {
  std::vector<document> out;
  auto all = conditions(q.where);
  if (q.after) {
    auto keys = keys_of(q);
    auto behind_it = behind_position(keys, *q.after);
    const auto& lead = keys.front();
    const value from = q.sort.empty() ? value(q.after->id) : q.after->values.front();
    if (lead.descending && from.is_null()) {
      all.push_back(compared(lead.path, "$eq", nullptr));
    } else if (!from.is_null()) {
      // Follows from the position, but is what an index can seek.
      all.push_back(compared(lead.path, lead.descending ? "$lte" : "$gte", from));
    }
    all.push_back(std::move(behind_it));
    if (lead.descending && !from.is_null() && lead.path != field::id) {
      auto rest = conditions(q.where);
      rest.push_back(compared(lead.path, "$eq", nullptr));
      out.push_back(joined("$and", std::move(rest)));
    }
  }
  out.insert(out.begin(), joined("$and", std::move(all)));
  return out;
}

document sort_of(const documents::query& q) {
  document out;
  std::vector<std::string> seen;
  for (const auto& k : keys_of(q)) {
    if (std::ranges::find(seen, k.path) != seen.end()) continue;  // {"_id", "_id"}
    seen.push_back(k.path);
    out.put(k.path, std::int64_t{k.descending ? -1 : 1});
  }
  return out;
}

}  // namespace oficio::mongodb
