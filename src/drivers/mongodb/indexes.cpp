#include "drivers/mongodb/indexes.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/mongodb/filter.hpp"
#include "drivers/mongodb/handles.hpp"

namespace oficio::mongodb {
namespace {

constexpr std::string_view prefix = "oficio_";
// No declared name has a dot.
constexpr const char* outbox_index = "oficio_outbox.due";

struct definition {
  std::vector<std::string> keys;
  bool unique = false;

  bool operator==(const definition&) const = default;
};
using definitions = std::map<std::string, definition>;  // by name

void add_key(definition& to, const std::string& key) {
  if (std::ranges::find(to.keys, key) == to.keys.end()) to.keys.push_back(key);
}

definitions declared(const documents::collection_spec& spec) {
  definitions out;
  out[outbox_index] = {{field::due, field::id}, false};
  for (const auto& i : spec.indexes) {
    definition d{{}, i.unique};
    for (const auto& p : i.paths) add_key(d, kept_path(p));
    add_key(d, i.unique ? field::gone : field::id);
    if (!out.emplace(std::string(prefix) + i.name, std::move(d)).second) {
      throw std::invalid_argument("two indexes are named " + i.name);
    }
  }
  return out;
}

[[noreturn]] void fail(const std::string& what, const documents::collection_spec& spec,
                       const bson_error_t& e) {
  std::string_view why = e.message;
  // The values that are there twice are somebody's.
  why = why.substr(0, why.find(" dup key"));
  throw std::runtime_error(what + " of collection " + spec.name +
                           " in MongoDB: " + std::string(why));
}

std::pair<std::string, definition> read_index(const bson_t* from) {
  std::string name;
  definition d;
  bson_iter_t at;
  bson_iter_t key;
  if (bson_iter_init_find(&at, from, "name") && BSON_ITER_HOLDS_UTF8(&at)) {
    name = bson_iter_utf8(&at, nullptr);
  }
  if (bson_iter_init_find(&at, from, "unique")) d.unique = bson_iter_as_bool(&at);
  if (bson_iter_init_find(&at, from, "key") && bson_iter_recurse(&at, &key)) {
    while (bson_iter_next(&key)) {
      // What is no ascending key is none that we made.
      bool ascending = BSON_ITER_HOLDS_NUMBER(&key) && bson_iter_as_int64(&key) == 1;
      d.keys.push_back((ascending ? "" : "-") + std::string(bson_iter_key(&key)));
    }
  }
  return {std::move(name), std::move(d)};
}

definitions existing(servers::call& c, const documents::collection_spec& spec) {
  definitions out;
  auto in = collection_of(c, spec.name);
  cursor_pointer cursor(mongoc_collection_find_indexes_with_opts(in.get(), nullptr));
  const bson_t* next = nullptr;
  while (mongoc_cursor_next(cursor.get(), &next)) out.insert(read_index(next));
  bson_error_t e;
  if (mongoc_cursor_error(cursor.get(), &e)) fail("the indexes cannot be read", spec, e);
  return out;
}

bool command(servers::call& c, const document& what, bson_error_t& e) {
  document concern;
  concern.put("w", "majority");
  document options;
  options.put("writeConcern", concern);
  reply answer;
  return mongoc_client_write_command_with_opts(c.client(), c.database().c_str(), what.get(),
                                               options.get(), answer.raw(), &e);
}

void drop(servers::call& c, const documents::collection_spec& spec, const std::string& name) {
  constexpr std::uint32_t not_there = 27;  // another instance was faster
  document what;
  what.put("dropIndexes", spec.name).put("index", name);
  bson_error_t e;
  if (!command(c, what, e) && e.code != not_there) {
    fail("index " + declared_name(name) + " cannot be dropped", spec, e);
  }
}

void make(servers::call& c, const documents::collection_spec& spec, const std::string& name,
          const definition& d) {
  document keys;
  for (const auto& k : d.keys) keys.put(k, std::int64_t{1});
  document index;
  index.put("key", keys).put("name", name);
  if (d.unique) index.put("unique", true);
  document list;
  list.put(list.next(), index);
  document what;
  what.put("createIndexes", spec.name).put_list("indexes", list);
  bson_error_t e;
  if (!command(c, what, e)) fail("index " + declared_name(name) + " cannot be made", spec, e);
}

}  // namespace

std::string declared_name(const std::string& name) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

void make_indexes(servers::call& c, const documents::collection_spec& spec) {
  auto wanted = declared(spec);
  for (const auto& [name, there] : existing(c, spec)) {
    if (!name.starts_with(prefix)) continue;
    auto found = wanted.find(name);
    if (found != wanted.end() && found->second == there) {
      wanted.erase(found);
    } else {
      drop(c, spec, name);
    }
  }
  for (const auto& [name, definition] : wanted) make(c, spec, name, definition);
}

}  // namespace oficio::mongodb
